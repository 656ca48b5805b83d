"""Which problems pages see and change, to the database: docs/decisions/row-security.md."""

from __future__ import annotations

from core.postgis.row_security import ANYBODY, Guard, behind, either, own, roles

ADMINISTRATION = roles("administrator")
OFFICES = roles("facilitator", "cabinet", "administrator")
ACTS_ON = "acts_on(issue_id)"

# As Issue.objects.visible_to says it; each question about the person is asked once in a statement.
SEEN_ISSUES = """
(visibility = 'public' AND category_id <> ALL ((SELECT reserved_categories())::bigint[]))
OR (SELECT asks_for_all())
OR department_id = (SELECT asking_department())
OR territory_id = ANY ((SELECT asking_territories())::bigint[])
OR created_by_id = (SELECT asking_facilitator())
OR id = (SELECT held_problem())
"""
# As Photo.objects.visible_to: what somebody looked at of a public problem, and all of one's own problems.
SEEN_PHOTOS = """
(SELECT asks_for_all())
OR issue_id = (SELECT held_problem())
OR EXISTS (
    SELECT FROM public.issues_issue i WHERE i.id = issue_id AND (
        (review = 'approved' AND i.visibility = 'public'
            AND i.category_id <> ALL ((SELECT reserved_categories())::bigint[]))
        OR i.department_id = (SELECT asking_department())
        OR i.territory_id = ANY ((SELECT asking_territories())::bigint[])
        OR i.created_by_id = (SELECT asking_facilitator())
    )
)
"""
SEEN = {"issues_issue": SEEN_ISSUES, "issues_photo": SEEN_PHOTOS}

# Of what one sees: levels are confirmed in every neighbourhood, and a list is published of all.
OWN_ISSUE = either(
    # Joined to what another office has: it hears of it.
    behind("joining"),
    roles("facilitator", "cabinet", "control", "administrator"),
    "department_id = (SELECT asking_department())",
    "id = (SELECT held_problem())",
)
# The report that is being made is held by its problem's number.
BEING_MADE = "issue_id::text = held_key()"
# Nobody writes history in another's name, and nobody without one but for the report that is being made.
IN_THE_OWN_NAME = either(
    own("actor_id"),
    f"(actor_id IS NULL AND {BEING_MADE})",
    # New boundaries, which the administration puts in force, move problems by themselves.
    f"(actor_id IS NULL AND kind = 'territory' AND {ADMINISTRATION})",
    # What the office lets in of a tablet stays its author's.
    f"({behind('inbox')} AND ({roles('cabinet', 'administrator')} OR (SELECT asking_head())))",
)

GUARDS = {
    "issues_categorygroup": Guard.by(ADMINISTRATION),
    "issues_category": Guard.by(ADMINISTRATION),
    "issues_routingrule": Guard.by(ADMINISTRATION),
    "issues_indexweights": Guard(insert=ADMINISTRATION),
    # There is one door to register by, and it holds the number.
    "issues_issue": Guard(insert="id = (SELECT held_problem())", update=OWN_ISSUE),
    "issues_referencecounter": Guard(insert=ANYBODY, update=ANYBODY),
    "issues_photo": Guard(insert=ACTS_ON, update=ACTS_ON, delete=ACTS_ON),
    # Sought before somebody looks, by a worker or by the page that opens first.
    "issues_faceproposal": Guard.by(OFFICES, select=OFFICES),
    "issues_hiding": Guard(insert=OFFICES, update=either(OFFICES, roles("control"))),
    "issues_historyentry": Guard(insert=IN_THE_OWN_NAME),
    "issues_support": Guard(insert=ACTS_ON),
    "issues_levelsproposal": Guard.by(roles("facilitator", "control")),
    "issues_reporter": Guard(
        insert=BEING_MADE,
        update=ADMINISTRATION,
        delete=either(ADMINISTRATION, BEING_MADE),
        select=either(BEING_MADE, ADMINISTRATION, "answers_for(issue_id)"),
    ),
}
