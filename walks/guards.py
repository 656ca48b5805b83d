"""What of tablets and walks pages see and write, to the database: docs/decisions/row-security.md."""

from __future__ import annotations

from core.postgis.row_security import Guard, behind, either, own, roles

OFFICE = either(roles("cabinet", "administrator"), "(SELECT asking_head())")
# A tablet sends; what it may, its cookie said.
INBOX = behind("inbox")
TAKEN_IN = either(INBOX, OFFICE)
WALKS = either(INBOX, roles("facilitator", "cabinet", "administrator"))
OWN_RECORD = (
    "EXISTS (SELECT FROM walks_syncrecord r WHERE r.id = record_id AND r.author_id = asking_facilitator())"
)

GUARDS = {
    "walks_device": Guard(insert=WALKS, update=WALKS),
    "walks_devicesignin": Guard.by(WALKS),
    "walks_devicesession": Guard.by(WALKS),
    "walks_syncrecord": Guard(
        insert=WALKS, select=either(TAKEN_IN, "author_id = (SELECT asking_facilitator())")
    ),
    "walks_conflictingbody": Guard(insert=TAKEN_IN, select=either(TAKEN_IN, OWN_RECORD)),
    "walks_syncphoto": Guard(insert=WALKS, select=either(TAKEN_IN, OWN_RECORD)),
    "walks_photopart": Guard.by(TAKEN_IN, select=TAKEN_IN),
    "walks_held": Guard(insert=WALKS, select=either(TAKEN_IN, OWN_RECORD)),
    "walks_decision": Guard(insert=TAKEN_IN, select=WALKS),
    "walks_walk": Guard(insert=TAKEN_IN, update=TAKEN_IN, select=either(TAKEN_IN, own("author_id"))),
    "walks_presence": Guard(insert=TAKEN_IN, update=TAKEN_IN),
    # No page shows the way that a person walked: it goes in, and none of it comes out.
    "walks_tracksegment": Guard(insert=TAKEN_IN, select=None),
}
