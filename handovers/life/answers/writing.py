"""Storing an answer: status, item and history together."""

from __future__ import annotations

import datetime as dt

from accounts.models import Department, User
from handovers.models import Answer, HandoverItem
from issues.life.lifecycle import Change, move
from issues.models import EntryKind, HistoryEntry, Issue


def move_item(locked: HandoverItem, change: Change, actor: User, now: dt.datetime) -> None:
    """Move the item's problem, in the name of the actor's office; raises TransitionRefused."""
    locked.issue = move(locked.issue, change, actor=actor, office=actor.office, at=now)


def write_answer(locked: HandoverItem, answer: Answer, public_text: str, now: dt.datetime) -> HandoverItem:
    """Store the answer, its time and its public text."""
    locked.answer, locked.answered_at, locked.public_text = answer, now, public_text.strip()
    locked.save(
        update_fields=[
            "answer", "answered_at", "public_text", "refusal_kind", "committed_date", "cost_class",
            "cost_estimate", "over_budget_reason",
        ]
    )  # fmt: skip
    return locked


def pass_on(locked: HandoverItem, department: Department, receipt: dt.date, answer: dt.date) -> HandoverItem:
    """Store the department that must answer now, with new dates and no person in charge."""
    locked.department, locked.assigned_to = department, None
    locked.receipt_due, locked.answer_due = receipt, answer
    locked.received_at, locked.received_by = None, None
    locked.save(
        update_fields=["department", "assigned_to", "receipt_due", "answer_due", "received_at", "received_by"]
    )
    return locked


def tell_department(
    issue: Issue, before: Department, after: Department, actor: User, text: str, now: dt.datetime
) -> None:
    """Write the change of department into the history."""
    HistoryEntry.objects.create(
        issue=issue,
        kind=EntryKind.DEPARTMENT,
        from_value=before.name,
        to_value=after.name,
        actor=actor,
        office=actor.office,
        at=now,
        public_text=text,
    )


def write_department(issue: Issue, department: Department, due: dt.date | None, now: dt.datetime) -> None:
    """Store department and next deadline with the problem."""
    Issue.objects.filter(pk=issue.pk).update(department=department, due_date=due, updated_at=now)


def write_date(
    locked: HandoverItem, day: dt.date, actor: User, public_text: str, now: dt.datetime
) -> HandoverItem:
    """Store a changed commitment, and write it into the history."""
    HistoryEntry.objects.create(
        issue=locked.issue,
        kind=EntryKind.ANSWER,
        from_value=str(locked.committed_date or ""),
        to_value=str(day),
        actor=actor,
        office=actor.office,
        at=now,
        public_text=public_text,
    )
    Issue.objects.filter(pk=locked.issue_id).update(committed_date=day, due_date=day, updated_at=now)
    locked.committed_date = day
    locked.save(update_fields=["committed_date"])
    return locked
