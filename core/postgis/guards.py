"""Whose rows the tables of no app's own are, to the database: docs/decisions/row-security.md."""

from __future__ import annotations

from core.postgis.row_security import ANYBODY, Guard, roles

# A stranger has no number: 0.
OWN_ACT = "person = coalesce((SELECT asking_person()), 0)"
ADMINISTRATION = roles("administrator")

GUARDS = {
    # Pages write letters and cannot read what they say: core/postgis/rights.py.
    "core_letter": Guard(insert=ANYBODY, update=ADMINISTRATION, delete=ADMINISTRATION),
    # That the hour of the server is right, the administration says.
    "core_chore": Guard(update=ADMINISTRATION),
    # Rendered once for the first reader, who may be anybody.
    "core_keptpaper": Guard(insert=ANYBODY, update=ANYBODY),
    "core_doneact": Guard.by(OWN_ACT, select=OWN_ACT),
    # What a page leaves to a worker; what has failed, the administration clears away.
    "procrastinate_jobs": Guard(insert=ANYBODY, update=ADMINISTRATION, delete=ADMINISTRATION),
    "django_admin_log": Guard(insert=ADMINISTRATION, select=ADMINISTRATION),
}
