"""Who may do what: one table of duties, by the post that an account has.

Whoever orders, publishes or hands over never counts, and whoever counts never publishes. Who answers
hides nothing and verifies nothing. Facilitators act in their neighbourhoods and in the councils they conduct,
departments in what was handed to them: querysets hold that. The database has the same table and asks it of
every act that is written (`accounts/migrations`, `core/postgis/duties.py`); a test compares the two.
"""

from __future__ import annotations

from enum import StrEnum

from django.core.exceptions import PermissionDenied

FACILITATION, FACILITATION_HEAD = "facilitator", "facilitation_head"
DEPARTMENT, DEPARTMENT_HEAD = "manager", "department_head"
CABINET, CONTROL, ADMINISTRATION = "cabinet", "control", "administrator"
POSTS = (
    FACILITATION, FACILITATION_HEAD, DEPARTMENT, DEPARTMENT_HEAD, CABINET, CONTROL, ADMINISTRATION,
)  # fmt: skip


class Act(StrEnum):
    """What only some may do."""

    PLAN = "plan"
    CONDUCT = "conduct"
    COUNT = "count"
    SECOND_COUNT = "count again"
    GIVE_CODE = "give a code to count"
    ANNUL = "annul"
    SET_LEVELS = "set levels"
    CONFIRM_LEVELS = "confirm levels"
    VERIFY = "verify"
    CHALLENGE = "decide a challenge"
    PLAN_COUNCIL = "plan a council"
    PUBLISH = "publish"
    MOVE = "move"
    HAND_OVER = "hand over"
    URGENT = "send urgent"
    DECIDE_OFFICE = "decide who answers"
    ANSWER = "answer"
    REPORT_DONE = "report done"
    BUDGET = "budget"
    HIDE = "hide"
    CONFIRM_HIDING = "confirm a hiding"
    INBOX = "decide what waits in the inbox"
    REGISTER = "register for somebody"
    APPOINT = "appoint"


_TEAM = frozenset({FACILITATION, FACILITATION_HEAD})
_OFFICE = frozenset({DEPARTMENT, DEPARTMENT_HEAD})
_MAYOR = frozenset({CABINET})
DUTIES: dict[Act, frozenset[str]] = {
    Act.PLAN: _TEAM | _MAYOR,
    Act.CONDUCT: _TEAM,
    Act.COUNT: _TEAM,
    Act.SECOND_COUNT: _TEAM,
    Act.GIVE_CODE: _TEAM | _MAYOR,
    Act.ANNUL: _TEAM,
    Act.SET_LEVELS: _TEAM,
    # A small commune has no second facilitator.
    Act.CONFIRM_LEVELS: _TEAM | {CONTROL},
    Act.VERIFY: _TEAM,
    Act.CHALLENGE: _TEAM | {CONTROL},
    Act.PLAN_COUNCIL: _MAYOR,
    Act.PUBLISH: _MAYOR,
    Act.MOVE: _MAYOR,
    Act.HAND_OVER: _MAYOR,
    Act.URGENT: _MAYOR,
    Act.DECIDE_OFFICE: _MAYOR,
    Act.ANSWER: _OFFICE,
    Act.REPORT_DONE: _OFFICE,
    Act.BUDGET: _MAYOR,
    Act.HIDE: _TEAM | _MAYOR,
    Act.CONFIRM_HIDING: _TEAM | {CABINET, CONTROL},
    Act.INBOX: frozenset({FACILITATION_HEAD, CABINET}),
    Act.REGISTER: _TEAM,
    Act.APPOINT: frozenset({ADMINISTRATION}),
}
# Whoever holds one of the first holds none of the second.
COUNTING = frozenset(
    {Act.CONDUCT, Act.COUNT, Act.SECOND_COUNT, Act.ANNUL, Act.SET_LEVELS, Act.CONFIRM_LEVELS, Act.VERIFY}
)
ORDERING = frozenset({Act.PUBLISH, Act.MOVE, Act.HAND_OVER, Act.URGENT})
# Giving one of these posts is told in public.
TOLD_POSTS = frozenset(post for act in COUNTING | ORDERING for post in DUTIES[act])


def permits(post: str, act: Act) -> bool:
    """Whether the table gives an act to a post."""
    return post in DUTIES[act]


def require(post: str, act: Act) -> None:
    """Raise PermissionDenied unless the table gives the act to the post."""
    if not permits(post, act):
        raise PermissionDenied(act)
