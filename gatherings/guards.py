"""Who may write what of a room, to the database: docs/decisions/row-security.md."""

from __future__ import annotations

from core.postgis.row_security import Guard, either, roles

FACILITATION = roles("facilitator")
PLANNING = roles("facilitator", "cabinet")
DECIDING = roles("facilitator", "cabinet", "control", "administrator")
# A neighbour with a printed code holds the number of its gathering.
BY_CODE = "gathering_id::text = held_key()"
VOTING = either(FACILITATION, BY_CODE)

GUARDS = {
    "gatherings_gathering": Guard(insert=PLANNING, update=either(PLANNING, "id::text = held_key()")),
    "gatherings_organisation": Guard.by(roles("facilitator", "cabinet", "administrator")),
    "gatherings_castballot": Guard(insert=VOTING, update=FACILITATION, delete=FACILITATION),
    "gatherings_votecode": Guard(insert=FACILITATION, update=VOTING, delete=FACILITATION),
    "gatherings_countercode": Guard(insert=PLANNING, update=FACILITATION),
    # Who may decide is said by its triggers.
    "gatherings_challenge": Guard(insert=DECIDING, update=DECIDING),
    "gatherings_challengeword": Guard(insert=DECIDING),
    "gatherings_countername": Guard(
        insert=FACILITATION, select=roles("facilitator", "cabinet", "administrator")
    ),
} | {
    table: Guard.by(FACILITATION)
    for table in (
        "gatherings_minute",
        "gatherings_acta",
        "gatherings_addendum",
        "gatherings_ballotitem",
        "gatherings_annulledcount",
        "gatherings_counter",
        "gatherings_paperagain",
        "gatherings_gatheringrecord",
        "gatherings_attendance",
        "gatherings_roomaction",
        "gatherings_mappedissue",
        "gatherings_roommerge",
    )
}
