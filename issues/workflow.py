"""The life of an issue: one table of transitions, free of Django's models.

The database enforces the same table with a trigger (issues/migrations), and a test compares the two.
"""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """How far an issue has come."""

    REGISTERED = "registered"
    VALIDATED = "validated"
    HANDED_OVER = "handed_over"
    ACKNOWLEDGED = "acknowledged"
    SCHEDULED = "scheduled"
    IN_PROGRESS = "in_progress"
    ON_HOLD = "on_hold"
    REPORTED_DONE = "reported_done"
    VERIFIED = "verified"
    DONE_UNVERIFIED = "done_unverified"
    CLOSED = "closed"


class ClosingKind(StrEnum):
    """Why an issue was closed without a repair."""

    DUPLICATE = "duplicate"
    OTHER_BODY = "other_body"
    NOT_FEASIBLE = "not_feasible"
    WITHDRAWN = "withdrawn"
    OUTSIDE = "outside"


S = Status
START = S.REGISTERED
# What was told as done and no gathering has judged; only the first of them still has its clock running.
AWAITING_VERDICT = frozenset({S.REPORTED_DONE, S.DONE_UNVERIFIED})
# Only the neighbourhood's word finishes anything.
FINISHED = frozenset({S.VERIFIED})
TOLD_DONE = AWAITING_VERDICT | FINISHED
OPEN = frozenset(S) - {S.VERIFIED, S.DONE_UNVERIFIED, S.CLOSED}
WITH_DEPARTMENT = frozenset({S.HANDED_OVER, S.ACKNOWLEDGED, S.SCHEDULED, S.IN_PROGRESS, S.ON_HOLD})
MAY_HOLD = frozenset({S.ACKNOWLEDGED, S.SCHEDULED, S.IN_PROGRESS})
MAX_REDIRECTS = 2
UNVERIFIED_AFTER_DAYS = 28
UNVERIFIED_AT_MOST_DAYS = 120
REOPEN_WITHIN_DAYS = 90
HOLD_AT_MOST_DAYS = 90

TRANSITIONS: frozenset[tuple[Status, Status]] = frozenset(
    {
        (S.REGISTERED, S.VALIDATED),
        (S.VALIDATED, S.HANDED_OVER),
        # A redirect to another department, MAX_REDIRECTS times at most.
        (S.HANDED_OVER, S.HANDED_OVER),
        (S.HANDED_OVER, S.ACKNOWLEDGED),
        (S.ACKNOWLEDGED, S.SCHEDULED),
        (S.SCHEDULED, S.IN_PROGRESS),
        (S.IN_PROGRESS, S.REPORTED_DONE),
        (S.REPORTED_DONE, S.VERIFIED),
        (S.REPORTED_DONE, S.IN_PROGRESS),
        (S.REPORTED_DONE, S.DONE_UNVERIFIED),
        (S.DONE_UNVERIFIED, S.VERIFIED),
        (S.DONE_UNVERIFIED, S.IN_PROGRESS),
        (S.VERIFIED, S.IN_PROGRESS),
        # An appeal of a closing, once, by a gathering.
        (S.CLOSED, S.VALIDATED),
    }
    | {(held, S.ON_HOLD) for held in MAY_HOLD}
    | {(S.ON_HOLD, back) for back in MAY_HOLD}
    | {(open_, S.CLOSED) for open_ in OPEN - {S.REPORTED_DONE}}
)


class TransitionRefused(ValueError):
    """A change of status that the table or its conditions do not allow; the text is for the user."""


def is_allowed(from_status: str, to_status: str) -> bool:
    """Whether the table has this change."""
    return (from_status, to_status) in TRANSITIONS


def is_verdict(from_status: str, to_status: str) -> bool:
    """Whether only a gathering of the neighbourhood, in its open room, may make this change."""
    disputed = from_status in TOLD_DONE and to_status == S.IN_PROGRESS
    return disputed or to_status == S.VERIFIED or (from_status, to_status) == (S.CLOSED, S.VALIDATED)


def next_statuses(from_status: str) -> list[Status]:
    """The statuses an issue may take next, in the order of its life."""
    return [status for status in Status if (from_status, status) in TRANSITIONS]
