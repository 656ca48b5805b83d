"""The work itself: start, pause, notes, and the report that it is done, with evidence and cost.

As in handovers.life.answers: each takes the item its user may edit, raises TransitionRefused with a sentence,
and then stores nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core.duties import Act, require
from handovers.life import inbox
from handovers.life.answers import MAX_COST, AnswerRefused, checked_cost_class, lock, lock_all, lock_many
from handovers.models import HandoverItem, HoldKind, NotificationKind
from issues.life.lifecycle import Change, move
from issues.models import EntryKind, HistoryEntry, Photo, PhotoKind
from issues.workflow import MAY_HOLD, WITH_DEPARTMENT, Status


@transaction.atomic
def start(
    item: HandoverItem, actor: User, *, public_text: str = "", at: dt.datetime | None = None
) -> HandoverItem:
    """Start the work."""
    return _step(item, actor, Change(to=Status.IN_PROGRESS, public_text=public_text.strip()), at)


@transaction.atomic
def hold(
    item: HandoverItem,
    actor: User,
    *,
    review_date: dt.date,
    kind: str,
    public_text: str = "",
    at: dt.datetime | None = None,
) -> HandoverItem:
    """Pause until a review date, with a public reason of the list and more words, if any.

    Raises AnswerRefused for a date beyond 90 days or a reason that is not in the list.
    """
    if kind not in HoldKind.values:
        raise AnswerRefused(_("Elige el motivo de la pausa."))
    reason = str(HoldKind(kind).label).capitalize()
    said = ". ".join(filter(None, [reason, public_text.strip()]))
    change = Change(to=Status.ON_HOLD, review_date=review_date, public_text=said)
    return _step(item, actor, change, at)


@transaction.atomic
def resume(
    item: HandoverItem, actor: User, *, public_text: str = "", at: dt.datetime | None = None
) -> HandoverItem:
    """Resume at the status before the pause."""
    locked = lock(item, actor)
    before = status_before_hold(locked)
    due = locked.answer_due if before == Status.ACKNOWLEDGED else None
    change = Change(to=before, public_text=public_text.strip(), due_date=due)
    return _step(locked, actor, change, at)


@transaction.atomic
def note(
    item: HandoverItem,
    actor: User,
    *,
    public_text: str = "",
    internal_text: str = "",
    at: dt.datetime | None = None,
) -> HistoryEntry:
    """Add a progress note: public (`public_text`), for staff only (`internal_text`), or both.

    Who is named in the latter with «@» is told.
    Raises AnswerRefused without any text, and when no department has the problem.
    """
    locked = lock(item, actor)
    public, kept = public_text.strip(), internal_text.strip()
    if not public and not kept:
        raise AnswerRefused(_("Escribe el avance."))
    if locked.issue.status not in (*WITH_DEPARTMENT, Status.REPORTED_DONE):
        raise AnswerRefused(_("Este problema ya no está en manos de una dirección."))
    inbox.tell(NotificationKind.MENTION, inbox.mentioned(kept, locked), but=actor, item=locked)
    return HistoryEntry.objects.create(
        issue=locked.issue,
        kind=EntryKind.NOTE,
        actor=actor,
        office=actor.office,
        at=at or timezone.now(),
        public_text=public,
        reason=kept,
    )


@transaction.atomic
def report_done(
    item: HandoverItem,
    actor: User,
    *,
    photos: Sequence[Photo],
    public_text: str = "",
    cost_spent: int | None = None,
    cost_class: str = "",
    at: dt.datetime | None = None,
) -> HandoverItem:
    """Say that it is repaired, with at least one photo taken afterwards as evidence. Cost in pesos."""
    now = at or timezone.now()
    locked = lock(item, actor, Act.REPORT_DONE)
    evidence = [_checked_evidence(photo, locked) for photo in photos]
    change = Change(to=Status.REPORTED_DONE, evidence=evidence, public_text=public_text.strip())
    locked.issue = move(locked.issue, change, actor=actor, office=actor.office, at=now)
    locked.finished_at, locked.cost_spent = now, checked_cost(cost_spent, locked.cost_spent)
    locked.cost_class = checked_cost_class(cost_class) or locked.cost_class
    locked.save(update_fields=["finished_at", "cost_spent", "cost_class"])
    return locked


def assign(
    item: HandoverItem, actor: User, *, person: User | None, at: dt.datetime | None = None
) -> HandoverItem:
    """Put a person of the department in charge, or none; the public history does not give the name.

    Raises AnswerRefused for a person of another department.
    """
    refused = assign_many([item], actor, {item.pk: person}, at=at)
    if refused:
        raise AnswerRefused(refused[item.pk])
    item.assigned_to = person
    return item


@transaction.atomic
def assign_many(
    items: Sequence[HandoverItem],
    actor: User,
    to: Mapping[int, User | None],
    at: dt.datetime | None = None,
) -> dict[int, str]:
    """The same for many items in a few statements, each to its own person (by the item's key).

    Returns why not, by the key of the items that were left as they are; raises nothing.
    """
    require(actor.post, Act.ANSWER)
    now = at or timezone.now()
    locked = lock_many(items)
    refused = {item.pk: _why_not_assigned(item, locked.get(item.pk), to[item.pk]) for item in items}
    changed = [locked[key] for key, sentence in refused.items() if not sentence]
    before = User.objects.in_bulk({item.assigned_to_id for item in changed if item.assigned_to_id})
    lines = [
        _assignment_entry(item, before.get(item.assigned_to_id), to[item.pk], actor, now) for item in changed
    ]
    for person in {to[item.pk] for item in changed}:
        theirs = [item.pk for item in changed if to[item.pk] == person]
        HandoverItem.objects.filter(pk__in=theirs).update(assigned_to=person)
    HistoryEntry.objects.bulk_create(lines)
    charged = [(person, item) for item in changed if (person := to[item.pk])]
    inbox.tell_each(NotificationKind.CHARGE, charged, but=actor)
    return {key: sentence for key, sentence in refused.items() if sentence}


@transaction.atomic
def join(
    item: HandoverItem, actor: User, *, whole: HandoverItem | None, at: dt.datetime | None = None
) -> HandoverItem:
    """Make a problem part of a larger one, or (None) independent again.

    Raises AnswerRefused for parts of parts: there is one level only.
    """
    lock_all([item, whole] if whole else [item])
    locked = lock(item, actor)
    if whole:
        whole.refresh_from_db(fields=["parent"])
    if whole and (whole.pk == locked.pk or whole.parent_id or locked.parts.exists()):
        raise AnswerRefused(
            _("Un problema que es parte de otro no puede tener partes, ni ser parte de sí mismo.")
        )
    before, locked.parent = locked.parent, whole
    locked.save(update_fields=["parent"])
    HistoryEntry.objects.create(
        issue=locked.issue,
        kind=EntryKind.EDIT,
        from_value=before.issue.reference if before else "",
        to_value=whole.issue.reference if whole else "",
        actor=actor,
        office=actor.office,
        at=at or timezone.now(),
        public_text=_("Es parte de %(reference)s.") % {"reference": whole.issue.reference}
        if whole
        else _("Ya no es parte de otro problema."),
    )
    return locked


def checked_cost(spent: int | None, known: int | None) -> int | None:
    """The cost in whole pesos, `known` when none is given; raises AnswerRefused for an impossible one."""
    if spent is not None and not 0 <= spent <= MAX_COST:
        raise AnswerRefused(_("El gasto va en pesos, sin decimales y sin signo."))
    return known if spent is None else spent


def status_before_hold(item: HandoverItem) -> Status:
    """Where the running pause began; raises AnswerRefused when the problem is not paused."""
    if item.issue.status != Status.ON_HOLD:
        raise AnswerRefused(_("Este problema no está en pausa."))
    line = item.issue.history.filter(kind=EntryKind.STATUS, to_value=Status.ON_HOLD).latest("id")
    return Status(line.from_value) if line.from_value in MAY_HOLD else Status.ACKNOWLEDGED


def _why_not_assigned(given: HandoverItem, locked: HandoverItem | None, person: User | None) -> str:
    if locked is None or locked.department_id != given.department_id or not locked.is_current:
        return _("Mientras lo mirabas, este problema pasó a otra dirección.")
    if locked.issue.status not in WITH_DEPARTMENT:
        return _("Este problema ya no está en manos de una dirección.")
    if person and (person.department_id != locked.department_id or not person.is_active):
        return _("Esa persona no trabaja en la dirección.")
    return ""


def _assignment_entry(
    item: HandoverItem, before: User | None, person: User | None, actor: User, now: dt.datetime
) -> HistoryEntry:
    return HistoryEntry(
        issue=item.issue,
        kind=EntryKind.EDIT,
        from_value="",
        to_value="assigned" if person else "unassigned",
        actor=actor,
        office=actor.office,
        at=now,
        reason=f"{before or '—'} → {person or '—'}",
    )


def _step(item: HandoverItem, actor: User, change: Change, at: dt.datetime | None) -> HandoverItem:
    locked = lock(item, actor)
    locked.issue = move(locked.issue, change, actor=actor, office=actor.office, at=at or timezone.now())
    return locked


def _checked_evidence(photo: Photo, item: HandoverItem) -> str:
    if photo.issue_id != item.issue_id or photo.kind != PhotoKind.AFTER:
        raise AnswerRefused(_("La evidencia debe ser una foto de después, de este mismo problema."))
    return str(photo.pk)
