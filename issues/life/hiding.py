"""Taking something out of the public: one hides, a second person confirms within 72 hours or it shows again.

The department that answers never hides. What shows persons or minors stays hidden and is told aloud until
somebody decides.
"""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import ledger
from accounts.models import User
from core.duties import Act, require
from core.typing import present
from issues.models import (
    DELICATE,
    EntryKind,
    Hiding,
    HidingReason,
    HistoryEntry,
    Issue,
    Photo,
    PhotoReview,
    Visibility,
    line_as_shown,
)

# What the line about a hidden text says: from, to.
_TEXTS = ("text", "hidden text")
# So long a cache between us and a reader may go on showing what was hidden.
PUBLIC_SECONDS = 10


class HidingRefused(ValueError):
    """A refused hiding or decision; the text is one sentence for the person."""


@transaction.atomic
def hide(
    issue: Issue, reason: str, *, actor: User, photo: Photo | None = None, line: HistoryEntry | None = None
) -> Hiding:
    """Take a public problem, one photo of it or the text of one line out of the public at once.

    Raises PermissionDenied for those whose duty it is not and for the department that answers, HidingRefused
    for a reason that is not on the list and for what is not public.
    """
    locked = Issue.objects.locked(issue.pk)
    _require(locked, actor, Act.HIDE)
    if reason not in HidingReason:
        raise HidingRefused(_("Elige el motivo de la lista: será público."))
    if not _is_shown(locked, photo, line):
        raise HidingRefused(_("Eso no es público: no hay nada que ocultar."))
    made = Hiding.objects.create(issue=locked, photo=photo, line=line, reason=reason, hidden_by=actor)
    _note(made, "hidden")
    _set(made, actor, actor.office, is_hidden=True)
    return made


@transaction.atomic
def decide(hiding: Hiding, *, actor: User, shows_again: bool) -> Hiding:
    """Confirm what another person hid, or show it again.

    Raises PermissionDenied for those whose duty it is not, HidingRefused for the same person and for what was
    decided before.
    """
    locked = Hiding.objects.select_for_update(of=("self",)).select_related("issue").get(pk=hiding.pk)
    _require(locked.issue, actor, Act.CONFIRM_HIDING)
    if locked.decided_at:
        raise HidingRefused(_("Otra persona ya lo decidió."))
    if locked.hidden_by_id == actor.pk:
        raise HidingRefused(_("Lo decide una segunda persona, no quien lo ocultó."))
    return _decided(locked, actor, actor.office, shows_again)


@transaction.atomic
def show_again_late(at: dt.datetime | None = None) -> int:
    """Show what nobody confirmed within 72 hours, but for persons and minors; returns how many."""
    late = Hiding.objects.late(at or timezone.now()).select_for_update(of=("self",)).select_related("issue")
    waiting = [each for each in late if each.shows_again_at]
    for each in waiting:
        _decided(each, None, _("Plazo de 72 horas"), True)
    return len(waiting)


def hide_again(key: str) -> int:
    """Hide what showed persons and came back with a backup, «issue …» or «photo …»; returns how many."""
    kind, pk = key.split(" ", 1)
    if kind == "line":
        return _hide_text_again(pk)
    photo = Photo.objects.filter(pk=pk).first() if kind == "photo" else None
    issue = photo.issue if photo else Issue.objects.filter(pk=pk).first()
    if issue is None:
        return 0
    found = Hiding(issue=issue, photo=photo, reason=HidingReason.PERSONAL)
    return _set(found, None, _("Copia restaurada"), is_hidden=True)


def _hide_text_again(digest: str) -> int:
    """The digest of a line is never that of another, whatever was restored."""
    line = HistoryEntry.objects.filter(hash=digest, issue__isnull=False).select_related("issue").first()
    if line is None or line.hidings.in_force().exists():
        return 0
    reason = HidingReason.PERSONAL
    found = Hiding.objects.create(issue=present(line.issue), line=line, reason=reason, hidden_by=None)
    return _set(found, None, _("Copia restaurada"), is_hidden=True)


def texts_of(issue: Issue) -> QuerySet[HistoryEntry]:
    """The lines whose text everybody can read now, newest first."""
    told = issue.history.annotate(shown_text=line_as_shown()).exclude(shown_text="")
    return told.exclude(kind=EntryKind.VISIBILITY).order_by("-pk")


def by_month() -> list[dict[str, object]]:
    """In public: how often was hidden, confirmed and shown again, for each month and reason, newest first."""
    shown, confirmed = Q(is_shown_again=True), Q(is_shown_again=False, decided_at__isnull=False)
    counted = Hiding.objects.annotate(month=TruncMonth("hidden_at")).values("month", "reason").order_by()
    rows = counted.annotate(
        hidden=Count("pk"),
        photos=Count("photo"),
        texts=Count("line"),
        confirmed=Count("pk", filter=confirmed),
        shown=Count("pk", filter=shown),
    ).order_by("-month", "reason")
    return [row | {"label": HidingReason(row["reason"]).label} for row in rows]


def may_hide(issue: Issue, user: User) -> bool:
    """Whether this person may hide it."""
    try:
        _require(issue, user, Act.HIDE)
    except PermissionDenied:
        return False
    return True


def _require(issue: Issue, actor: User, act: Act) -> None:
    require(actor.post, act)
    answers = actor.department_id is not None and actor.department_id == issue.department_id
    if answers or not Issue.objects.hidden_or_shown_by(actor).filter(pk=issue.pk).exists():
        raise PermissionDenied(act)


def _is_shown(issue: Issue, photo: Photo | None, line: HistoryEntry | None) -> bool:
    if line is not None:
        return issue.visibility == Visibility.PUBLIC and texts_of(issue).filter(pk=line.pk).exists()
    if photo is None:
        return issue.visibility == Visibility.PUBLIC
    return Photo.objects.filter(pk=photo.pk, issue=issue, review=PhotoReview.APPROVED).exists()


def _decided(hiding: Hiding, actor: User | None, office: str, shows_again: bool) -> Hiding:
    hiding.decided_by, hiding.decided_at, hiding.is_shown_again = actor, timezone.now(), shows_again
    hiding.save(update_fields=["decided_by", "decided_at", "is_shown_again"])
    if shows_again:
        _note(hiding, "shown")
        _set(hiding, actor, office, is_hidden=False)
    return hiding


def _note(hiding: Hiding, what: str) -> None:
    """What shows persons stays hidden after a backup is restored, too."""
    if hiding.reason in DELICATE:
        ledger.note(what, _key(hiding))


def _key(hiding: Hiding) -> str:
    if hiding.line_id:
        # Written by the database: the row in hand may not have it yet.
        return f"line {HistoryEntry.objects.values_list('hash', flat=True).get(pk=hiding.line_id)}"
    return f"photo {hiding.photo_id}" if hiding.photo_id else f"issue {hiding.issue_id}"


def _set(hiding: Hiding, actor: User | None, office: str, *, is_hidden: bool) -> int:
    before: str
    after: str
    if hiding.line_id:
        before, after = _TEXTS if is_hidden else _TEXTS[::-1]
        # The row itself hides; caches are told by the date of the problem.
        changed = Issue.objects.filter(pk=hiding.issue_id).update(updated_at=timezone.now())
    elif hiding.photo_id:
        verdicts = (PhotoReview.APPROVED, PhotoReview.REFUSED)
        before, after = verdicts if is_hidden else verdicts[::-1]
        # Somebody may have decided otherwise about it since.
        changed = Photo.objects.filter(pk=hiding.photo_id, review=before).update(review=after)
    else:
        states = (Visibility.PUBLIC, Visibility.HIDDEN)
        before, after = states if is_hidden else states[::-1]
        told = hiding.get_reason_display() if is_hidden else ""
        rows = Issue.objects.filter(pk=hiding.issue_id, visibility=before)
        changed = rows.update(visibility=after, hidden_reason=told, updated_at=timezone.now())
    if changed:
        _line(hiding, actor, office, before, after)
    return changed


def _line(hiding: Hiding, actor: User | None, office: str, before: str, after: str) -> None:
    HistoryEntry.objects.create(
        issue_id=hiding.issue_id,
        kind=EntryKind.PHOTO if hiding.photo_id else EntryKind.VISIBILITY,
        from_value=before,
        to_value=after,
        actor=actor,
        office=office,
        at=timezone.now(),
        public_text=hiding.get_reason_display(),
        evidence=[str(hiding.photo_id)] if hiding.photo_id else [],
    )
