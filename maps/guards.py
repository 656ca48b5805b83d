"""Whose rows the register of requests and the keys of other systems are: docs/decisions/row-security.md."""

from __future__ import annotations

from core.postgis.row_security import ANYBODY, Guard, either, own, roles

ADMINISTRATION = roles("administrator")
BEING_MADE = "issue_id::text = held_key()"

GUARDS = {
    # Another system is known by its key's digest, which is looked up here.
    "maps_clientkey": Guard.by(ADMINISTRATION),
    "maps_sentreport": Guard(insert=ANYBODY, update=ANYBODY, delete=ANYBODY),
    "maps_personrequest": Guard.by(ADMINISTRATION, select=ADMINISTRATION),
    # The office that answers reads who informed, and that is written down.
    "maps_personact": Guard(
        insert=roles("manager", "administrator"), select=either(ADMINISTRATION, own("actor_id"))
    ),
    "maps_breach": Guard.by(ADMINISTRATION, select=ADMINISTRATION),
}
