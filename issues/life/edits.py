"""Corrections: every change of an issue outside its status, each with its line of history.

The old text is not copied into the history: what was removed for good reason must not stay
readable. The line names the fields, the office and the reason.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib.gis.geos import Point
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from issues.index import SCALES
from issues.life.registration import IssueRefused, NewIssue, as_kept, territory_of
from issues.life.routing import department_for
from issues.models import Category, EntryKind, HistoryEntry, Issue, Visibility

CORRECTABLE = ("title", "description", "address", "category")


@transaction.atomic
def correct(
    issue: Issue, changes: Mapping[str, object], *, actor: User, office: str, reason: str = ""
) -> Issue:
    """Change title, description, address or category; raises IssueRefused and then nothing is stored.

    A new category sends a problem that no department has taken to the department of its rules.
    """
    locked = Issue.objects.locked(issue.pk)
    changed = [
        name for name in ("title", "description", "address", "category") if _differs(locked, changes, name)
    ]
    for name in changed:
        setattr(locked, name, changes[name])
    kept = as_kept(_as_new(locked))
    locked.title, locked.description, locked.address = kept.title, kept.description, kept.address
    if "category" in changed and locked.status in ("registered", "validated"):
        locked.department = department_for(
            locked.category, locked.territory.code if locked.territory else None
        )
    return _stored(locked, changed, EntryKind.EDIT, actor, office, reason)


@transaction.atomic
def relocate(issue: Issue, location: Point, *, actor: User, office: str, reason: str = "") -> Issue:
    """Move an issue to another point (EPSG:4326); its neighbourhood follows. Raises IssueRefused outside."""
    locked = Issue.objects.locked(issue.pk)
    before = locked.territory
    locked.location, locked.moved_by_hand, locked.accuracy_m = location, True, None
    locked.territory = territory_of(location)
    stored = _stored(locked, ["location"], EntryKind.EDIT, actor, office, reason)
    if before != locked.territory:
        _line(stored, EntryKind.TERRITORY, str(before or ""), str(locked.territory), actor, office, reason)
    return stored


@transaction.atomic
def set_visibility(
    issue: Issue, visibility: Visibility, *, actor: User, office: str, reason: str = ""
) -> Issue:
    """Show or hide an issue; raises IssueRefused for hiding without a reason, which is public."""
    if visibility == Visibility.HIDDEN and not reason.strip():
        raise IssueRefused("reason", _("Escribe el motivo de ocultar: será público."))
    locked = Issue.objects.locked(issue.pk)
    before, locked.visibility = locked.visibility, visibility
    locked.hidden_reason = reason.strip() if visibility == Visibility.HIDDEN else ""
    locked.save(update_fields=["visibility", "hidden_reason", "updated_at"])
    _line(locked, EntryKind.VISIBILITY, before, visibility, actor, office, public_text=locked.hidden_reason)
    return locked


def add_note(
    issue: Issue, text: str, *, actor: User, office: str, evidence: list[str] | None = None
) -> HistoryEntry:
    """Append a public progress note; raises IssueRefused when it is empty or too long."""
    written = text.strip()
    if not written or len(written) > 2000:
        raise IssueRefused("text", _("Escribe el avance en un máximo de 2.000 letras."))
    return _line(issue, EntryKind.NOTE, "", "", actor, office, public_text=written, evidence=evidence)


def _differs(issue: Issue, changes: Mapping[str, object], name: str) -> bool:
    return name in changes and changes[name] != getattr(issue, name)


def _as_new(issue: Issue) -> NewIssue:
    # An issue may stay in a category that was closed after it was registered.
    category = issue.category if issue.category.is_open else Category(is_open=True)
    levels = {name: getattr(issue, name) for name in SCALES}
    return NewIssue(
        issue.title, category, issue.location, description=issue.description, address=issue.address, **levels
    )


def _stored(
    issue: Issue, changed: list[str], kind: EntryKind, actor: User, office: str, reason: str
) -> Issue:
    if changed:
        issue.save()
        _line(issue, kind, "", ", ".join(changed), actor, office, reason)
    return issue


def _line(
    issue: Issue,
    kind: EntryKind,
    before: str,
    after: str,
    actor: User,
    office: str,
    reason: str = "",
    public_text: str = "",
    evidence: list[str] | None = None,
) -> HistoryEntry:
    return HistoryEntry.objects.create(
        issue=issue,
        kind=kind,
        from_value=before[:200],
        to_value=after[:200],
        actor=actor,
        office=office,
        at=timezone.now(),
        reason=reason,
        public_text=public_text,
        evidence=evidence or [],
    )
