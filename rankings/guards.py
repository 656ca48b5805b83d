"""Who may write what of the city list, to the database: docs/decisions/row-security.md."""

from __future__ import annotations

from core.postgis.row_security import Guard, roles

CABINET = roles("cabinet")
OFFICE = roles("cabinet", "administrator")

GUARDS = {
    "rankings_coefficienttable": Guard(insert=OFFICE),
    "rankings_rankedlist": Guard(insert=CABINET),
    "rankings_listplace": Guard(insert=CABINET),
    # Only the owner erases.
    "rankings_listtext": Guard(insert=CABINET),
    "rankings_override": Guard.by(CABINET),
    "rankings_scenario": Guard.by(OFFICE, select=OFFICE),
}
