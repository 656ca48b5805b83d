"""Undoing a bulk run, once: one that waits is not carried out, one that was done is reverted by its inverse.

Each problem gets a line in its history; where somebody else acted meanwhile it stays, with a sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from accounts.models import Department, User
from core.together.contention import is_contention
from handovers.acts.bulk_runs import STRIDE, BulkRefused, changed_by_others
from handovers.acts.catalogue import BY_NAME
from handovers.life import answers, progress
from handovers.models import BulkEntry, BulkRun, HandoverItem
from issues.models import EntryKind, HistoryEntry
from issues.workflow import TransitionRefused

Inverse = Callable[[BulkRun, Sequence[BulkEntry], User], None]
PutBack = Callable[[HandoverItem, User, Mapping, Mapping], None]


@transaction.atomic
def undo(made: BulkRun, user: User) -> int:
    """Undo a run of one's own; returns how many problems stay or are as before.

    Raises BulkRefused when it was undone already or its result is public.
    """
    locked = BulkRun.objects.select_for_update().get(pk=made.pk)
    _check(locked, user)
    done = _put_all_back(locked, user) if locked.left_at else _keep_from_leaving(locked, user)
    locked.undone_at = timezone.now()
    locked.save(update_fields=["undone_at"])
    return done


def can_undo(made: BulkRun) -> bool:
    """Whether the run can be undone and was not undone yet."""
    return made.undone_at is None and (made.left_at is None or made.action in INVERSES)


def _check(locked: BulkRun, user: User) -> None:
    if locked.actor_id != user.pk:
        raise BulkRefused(_("Solo la deshace quien la hizo."))
    if locked.undone_at:
        raise BulkRefused(_("Ya se deshizo."))
    if not can_undo(locked):
        raise BulkRefused(_("Ya salió y el barrio lo lee: se corrige con otra acción, no se deshace."))
    if locked.left_at and locked.entries.filter(is_done=False, refusal="").exists():
        raise BulkRefused(_("Todavía se está haciendo: espera un momento."))


def _keep_from_leaving(locked: BulkRun, user: User) -> int:
    entries = list(locked.entries.filter(refusal="").select_related("item"))
    answers.lock_all([entry.item for entry in entries])
    text = _("Se deshizo antes de salir: %(action)s.") % {"action": BY_NAME[locked.action].label}
    now = timezone.now()
    HistoryEntry.objects.bulk_create(
        [
            HistoryEntry(
                issue_id=entry.item.issue_id,
                kind=EntryKind.NOTE,
                actor=user,
                office=user.office,
                at=now,
                reason=text,
            )
            for entry in entries
        ]
    )
    return len(entries)


def _put_all_back(locked: BulkRun, user: User) -> int:
    rows = locked.entries.filter(is_done=True).select_related("item__issue__category", "item__department")
    entries = list(rows.order_by("item__issue_id"))
    answers.lock_all([entry.item for entry in entries])
    done = 0
    for first in range(0, len(entries), STRIDE):
        stride = entries[first : first + STRIDE]
        strangers = changed_by_others(user, {entry.item.issue_id: entry.line for entry in stride})
        for entry in stride:
            entry.undo_refusal = strangers.get(entry.item.issue_id, "")
        INVERSES[locked.action](locked, [entry for entry in stride if not entry.undo_refusal], user)
        BulkEntry.objects.bulk_update([entry for entry in stride if entry.undo_refusal], ["undo_refusal"])
        done += sum(not entry.undo_refusal for entry in stride)
    return done


def _unassign(locked: BulkRun, entries: Sequence[BulkEntry], user: User) -> None:
    given = str(locked.input.get("person") or "")
    for entry in entries:
        if str(entry.item.assigned_to_id or "") != given:
            entry.undo_refusal = _("Después quedó a cargo de otra persona.")
    free = [entry for entry in entries if not entry.undo_refusal]
    people = User.objects.in_bulk({entry.before["assigned_to"] for entry in free} - {None})
    to = {entry.item_id: people.get(entry.before["assigned_to"]) for entry in free}
    refused = progress.assign_many([entry.item for entry in free], user, to)
    for entry in free:
        entry.undo_refusal = refused.get(entry.item_id, "")


def _one_by_one(put_back: PutBack) -> Inverse:
    """An inverse that is done row by row, each on its own."""

    def turn(locked: BulkRun, entries: Sequence[BulkEntry], user: User) -> None:
        for entry in entries:
            try:
                with transaction.atomic():
                    put_back(entry.item, user, entry.before, locked.input)
            except TransitionRefused as refusal:
                entry.undo_refusal = str(refusal)[:300]
            except DatabaseError as error:
                if is_contention(error):
                    raise
                entry.undo_refusal = _("No se pudo guardar: míralo de nuevo.")

    return turn


def _take_back(item: HandoverItem, user: User, before: Mapping, data: Mapping) -> None:
    answers.take_back(item, user, department=Department.objects.get(pk=before["department"]))


def _former_date(item: HandoverItem, user: User, before: Mapping, data: Mapping) -> None:
    day = parse_date(before["committed_date"])
    if str(item.committed_date) != data["committed_date"] or day is None:
        raise TransitionRefused(_("Después se cambió otra vez la fecha."))
    answers.put_date_back(item, user, committed_date=day)


# Reverts an act that was done at once; writes into each entry why it could not be.
INVERSES: dict[str, Inverse] = {
    "assign": _unassign,
    "redirect": _one_by_one(_take_back),
    "reschedule": _one_by_one(_former_date),
}
