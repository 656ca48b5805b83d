"""Who may change the map beneath the problems, to the database: docs/decisions/row-security.md."""

from __future__ import annotations

from core.postgis.row_security import Guard, roles

ADMINISTRATION = roles("administrator")

GUARDS = {
    table: Guard.by(ADMINISTRATION)
    for table in (
        "territories_boundaryset",
        "territories_territory",
        "territories_territorypart",
        "territories_cellgrid",
        "territories_activation",
        "territories_boundarychange",
    )
}
