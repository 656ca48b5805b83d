"""Who may write what of handovers and answers, to the database: docs/decisions/row-security.md."""

from __future__ import annotations

from core.postgis.row_security import ANYBODY, Guard, either, own, roles

STAFF = roles()
CABINET = roles("cabinet")
ADMINISTRATION = roles("administrator")
OFFICE = roles("cabinet", "administrator")
# Who holds the link, or typed the address.
# What a link to a problem opened.
OF_THE_PROBLEM = (
    "EXISTS (SELECT FROM handovers_handoveritem i WHERE i.id = item_id AND i.issue_id = held_problem())"
)
FOLLOWS = "token_digest = held_key() OR encode(sha256(convert_to(email, 'UTF8')), 'hex') = held_key()"
# Whose address the page may see.
OF_THE_FOLLOWER = "EXISTS (SELECT FROM handovers_follow f WHERE f.id = follow_id)"
ASKED = "token_digest = held_key()"
OF_THE_OWNER = own("owner_id")

GUARDS = {
    "handovers_handover": Guard(insert=CABINET, update=STAFF),
    "handovers_handoveritem": Guard(insert=CABINET, update=STAFF),
    "handovers_budget": Guard.by(OFFICE),
    "handovers_holiday": Guard.by(ADMINISTRATION),
    "handovers_responsetemplate": Guard.by(STAFF),
    "handovers_forward": Guard(insert=STAFF, update=either(STAFF, OF_THE_PROBLEM)),
    "handovers_savedview": Guard.by(STAFF),
    "handovers_bulkrun": Guard(insert=STAFF, update=STAFF),
    "handovers_bulkentry": Guard(insert=STAFF, update=STAFF),
    "handovers_shortlisted": Guard.by(own("user_id"), select=own("user_id")),
    "handovers_deskfile": Guard(insert=STAFF, update=STAFF, select=STAFF),
    "handovers_notice": Guard(insert=STAFF, select=STAFF),
    "handovers_repairquestion": Guard(update=ASKED),
    # Whoever acts tells others, an outside body too; read and marked as read only by whom it is for.
    "handovers_notification": Guard(insert=ANYBODY, update=own("person_id"), select=own("person_id")),
    "handovers_notificationchoice": Guard.by(own("person_id"), select=own("person_id")),
    # Written by workers; it goes with the address of who leaves.
    "handovers_invitation": Guard(delete=OF_THE_FOLLOWER, select=OF_THE_FOLLOWER),
    "handovers_follow": Guard(
        insert=FOLLOWS,
        update=FOLLOWS,
        becomes=FOLLOWS,
        delete=FOLLOWS,
        select=f"{FOLLOWS} OR {ADMINISTRATION}",
    ),
}
