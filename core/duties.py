"""Who may do what: one table of duties, by the role that an account has.

Whoever orders, publishes or hands over never counts, and whoever counts never publishes. Who answers
hides nothing. Facilitators act in their neighbourhoods and in the councils they conduct: querysets hold that.
"""

from __future__ import annotations

from enum import StrEnum

from django.core.exceptions import PermissionDenied

FACILITATION, DEPARTMENT, CABINET, ADMINISTRATION = "facilitator", "manager", "cabinet", "administrator"
ROLES = (FACILITATION, DEPARTMENT, CABINET, ADMINISTRATION)


class Act(StrEnum):
    """What only some may do."""

    PLAN = "plan"
    CONDUCT = "conduct"
    COUNT = "count"
    GIVE_CODE = "give a code to count"
    ANNUL = "annul"
    SET_LEVELS = "set levels"
    VERIFY = "verify"
    CHALLENGE = "decide a challenge"
    PLAN_COUNCIL = "plan a council"
    PUBLISH = "publish"
    MOVE = "move"
    HAND_OVER = "hand over"
    URGENT = "send urgent"
    HIDE = "hide"


DUTIES: dict[Act, frozenset[str]] = {
    Act.PLAN: frozenset({FACILITATION, CABINET}),
    Act.CONDUCT: frozenset({FACILITATION}),
    Act.COUNT: frozenset({FACILITATION}),
    Act.GIVE_CODE: frozenset({FACILITATION, CABINET}),
    Act.ANNUL: frozenset({FACILITATION}),
    Act.SET_LEVELS: frozenset({FACILITATION}),
    Act.VERIFY: frozenset({FACILITATION}),
    Act.CHALLENGE: frozenset({FACILITATION}),
    Act.PLAN_COUNCIL: frozenset({CABINET}),
    Act.PUBLISH: frozenset({CABINET}),
    Act.MOVE: frozenset({CABINET}),
    Act.HAND_OVER: frozenset({CABINET}),
    Act.URGENT: frozenset({CABINET}),
    Act.HIDE: frozenset({FACILITATION, CABINET}),
}


def permits(role: str, act: Act) -> bool:
    """Whether the table gives an act to a role."""
    return role in DUTIES[act]


def require(role: str, act: Act) -> None:
    """Raise PermissionDenied unless the table gives the act to the role."""
    if not permits(role, act):
        raise PermissionDenied(act)
