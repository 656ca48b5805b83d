"""One act on many problems: previewed, done row by row, each refusal explained.

An act that can be turned back by its inverse is done at once (handovers.acts.undoing has the inverses).
One that cannot, because the transition table has no way back, waits some minutes before it leaves, and is
taken back by not leaving: docs/decisions/bulk-undo.md.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from time import monotonic
from typing import TYPE_CHECKING, TypeAlias, TypedDict

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core.gate import read_query
from core.together.contention import is_contention, patiently
from handovers.acts import stored_input
from handovers.acts.catalogue import BY_NAME, Action
from handovers.life import answers
from handovers.life.delivery import SYSTEM_OFFICE
from handovers.models import BulkEntry, BulkRun, HandoverItem
from handovers.query.filters import desk
from issues.models import EntryKind, HistoryEntry, Issue
from issues.statuses import STATUS_LABELS
from issues.workflow import TransitionRefused

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

log = logging.getLogger(__name__)
MAX_ROWS = 1000
# Rows in one transaction: short locks, and a run that was cut short goes on where it stopped.
STRIDE = 50
# How long a page may work on it, in seconds; the rest is done in the background.
SECONDS = 10.0
# The acts that make sense on many at once, in the order they are offered.
OFFERED = (
    "acknowledge", "assign", "accept", "start", "reschedule", "note", "redirect", "merge", "refuse",
)  # fmt: skip
# Done at once: each has an inverse. The others wait.
AT_ONCE = frozenset({"assign", "reschedule", "redirect"})
# They write to the handover too.
RECEIVING = frozenset({"acknowledge", "accept"})


class BulkRefused(ValueError):
    """A bulk run that cannot be; the text is one sentence for the person."""


class Seen(TypedDict):
    """The newest line of a problem's history, and whether a run waits for it."""

    last_line: int
    waits: bool


ChosenItem: TypeAlias = "WithAnnotations[HandoverItem, Seen]"


@dataclass(frozen=True)
class Refused:
    """A problem of a selection that the act does not fit, and why."""

    item: ChosenItem
    sentence: str


@dataclass(frozen=True)
class Preview:
    """What an act would do to a selection."""

    action: Action
    fitting: list[ChosenItem]
    refused: list[Refused]


def offered() -> list[Action]:
    """The acts a selection can be put through."""
    return [BY_NAME[name] for name in OFFERED]


def action_named(name: str) -> Action:
    """An offered act; raises BulkRefused for another name."""
    if name not in OFFERED:
        raise BulkRefused(_("Elige qué hacer con los problemas marcados."))
    return BY_NAME[name]


def chosen(user: User, references: Iterable[str], query: str = "") -> list[ChosenItem]:
    """The running items behind some references, or behind everything an address of the desk finds.

    Each has `.last_line`, the newest line of its history, and `.waits`, whether a run waits for it.
    Raises BulkRefused when there are none or more than MAX_ROWS, BadFilter for a bad address.
    """
    found = list(_items_of(user, references, query)[: MAX_ROWS + 1])
    if not found:
        raise BulkRefused(_("Marca al menos un problema que esté entregado."))
    if len(found) > MAX_ROWS:
        raise BulkRefused(_("Son más de 1.000 problemas: filtra un poco más."))
    return found


def preview(action: Action, items: Iterable[ChosenItem], user: User) -> Preview:
    """Sort a selection into what the act fits and what it does not, each with its sentence."""
    fitting, refused = [], []
    for item in items:
        sentence = _why_not(action, item, user)
        if sentence:
            refused.append(Refused(item, sentence))
        else:
            fitting.append(item)
    return Preview(action, fitting, refused)


def order(
    action: Action,
    items: Sequence[ChosenItem],
    user: User,
    data: Mapping[str, object],
    seen: Mapping[str, int] | None = None,
) -> BulkRun:
    """Store a run and, if it has an inverse or needs no waiting time, do it. Returns the run.

    `seen` gives, by reference, the last line of each problem's history when the person looked; what
    others changed since is left out with a sentence.
    """
    wait = 0 if action.name in AT_ONCE else settings.BULK_WAIT_MINUTES
    now = timezone.now()
    with transaction.atomic():
        made = BulkRun.objects.create(
            actor=user,
            action=action.name,
            input=stored_input.stored(data),
            at=now,
            leaves_at=now + dt.timedelta(minutes=wait),
        )
        entries = [_entry(made, action, item, user, seen or {}) for item in items]
        BulkEntry.objects.bulk_create(entries)
    if not wait:
        carry_out(made, SECONDS)
    return made


def carry_out(made: BulkRun, seconds: float = inf) -> int:
    """Do what a run still has to do, row by row; returns how many problems it changed.

    Stops after so many seconds. May be called again for a run that was cut short: what is done or refused
    stays, and the clock finishes what nobody else does.
    """
    action, user, changed, until = BY_NAME[made.action], made.actor, 0, monotonic() + seconds
    while monotonic() < until and _begin(made):
        stride = patiently(lambda: _step(made, action, user))
        changed += sum(entry.is_done for entry in stride)
        if len(stride) < STRIDE:
            break
    return changed


def carry_out_due(at: dt.datetime | None = None) -> int:
    """Do every run whose time has come; returns how many problems were changed.

    One that the database does not take now stays for the next time and does not hold up the others.
    """
    changed = 0
    for made in BulkRun.objects.to_do(at or timezone.now()).select_related("actor"):
        try:
            changed += carry_out(made)
        except DatabaseError:
            log.exception("bulk run %s", made.pk)
    return changed


def changed_by_others(user: User, seen: Mapping[object, int]) -> dict[object, str]:
    """By problem: a sentence on the first thing somebody else wrote into its history after a line."""
    lines = (
        HistoryEntry.objects.filter(issue__in=list(seen), pk__gt=min(seen.values(), default=0))
        .exclude(kind=EntryKind.PHOTO)
        .exclude(office=SYSTEM_OFFICE)
        .exclude(actor=user)
        .order_by("-pk")
    )
    return {line.issue_id: _what_changed(line) for line in lines if line.pk > seen[line.issue_id]}


def _items_of(user: User, references: Iterable[str], query: str) -> QuerySet[ChosenItem]:
    items = HandoverItem.objects.editable_by(user)
    if query:
        items = items.filter(issue__in=desk(user, read_query(query)).values("pk"))
    else:
        items = items.filter(issue__reference__in=list(references)[: MAX_ROWS + 1])
    return (
        items.select_related("issue__territory", "issue__category", "department", "assigned_to")
        .defer("issue__territory__boundary", "issue__territory__outline", "issue__shape")
        .annotate(last_line=Subquery(_last_line()), waits=Exists(_waiting_entries()))
        .order_by("place", "issue_id")
    )


def _last_line() -> QuerySet:
    return HistoryEntry.objects.filter(issue=OuterRef("issue")).order_by("-pk").values("pk")[:1]


def _waiting_entries() -> QuerySet:
    waiting = BulkRun.objects.waiting().values("pk")
    return BulkEntry.objects.filter(item=OuterRef("pk"), run__in=waiting, is_done=False, refusal="")


def _why_not(action: Action, item: ChosenItem, user: User) -> str:
    if not action.is_open(item, user):
        words = {"status": STATUS_LABELS[item.issue.status], "action": str(action.label).lower()}
        return _("Está «%(status)s»: no se puede %(action)s.") % words
    if item.waits and action.name not in AT_ONCE:
        return _("Otra acción en lote espera para salir: deshazla o espera a que salga.")
    return ""


def _entry(made: BulkRun, action: Action, item: ChosenItem, user: User, seen: Mapping[str, int]) -> BulkEntry:
    known = seen.get(item.issue.reference, item.last_line)
    strangers = changed_by_others(user, {item.issue_id: known}) if known < item.last_line else {}
    return BulkEntry(
        run=made,
        item=item,
        seen=known,
        before={
            "department": item.department_id,
            "assigned_to": item.assigned_to_id,
            "committed_date": str(item.committed_date or ""),
        },
        refusal=strangers.get(item.issue_id, "") or _why_not(action, item, user),
    )


def _begin(made: BulkRun) -> bool:
    """Mark that a run begins, once; False where it was taken back."""
    with transaction.atomic():
        locked = BulkRun.objects.select_for_update().get(pk=made.pk)
        if locked.undone_at:
            return False
        if locked.left_at is None:
            locked.left_at = timezone.now()
            locked.save(update_fields=["left_at"])
    made.left_at = locked.left_at
    return True


def _stride(made: BulkRun) -> list[BulkEntry]:
    """The next rows, locked; another process at the same run takes others."""
    rows = made.entries.select_for_update(of=("self",), skip_locked=True)
    rows = rows.filter(is_done=False, refusal="").select_related(
        "item__issue__territory", "item__issue__category", "item__department", "item__assigned_to"
    )
    rows = rows.defer("item__issue__territory__boundary", "item__issue__territory__outline")
    return list(rows.order_by("item__issue_id")[:STRIDE])


def _step(made: BulkRun, action: Action, user: User) -> list[BulkEntry]:
    """The next rows, judged and done in one transaction; all they write is locked before the first line."""
    data = stored_input.restored(made.input)
    stride = _stride(made)
    others = [value.pk for value in data.values() if isinstance(value, Issue)]
    answers.lock_all(
        [entry.item for entry in stride],
        {*others, *_joined_to(stride)} if others else (),
        handovers=action.name in RECEIVING,
    )
    strangers = changed_by_others(user, {entry.item.issue_id: entry.seen for entry in stride})
    for entry in stride:
        entry.refusal = strangers.get(entry.item.issue_id, "") or _closed_to(action, entry.item, user)
    _settle([entry for entry in stride if not entry.refusal], action, user, data)
    _keep(stride)
    return stride


def _joined_to(stride: Sequence[BulkEntry]) -> QuerySet:
    of_stride = [entry.item.issue_id for entry in stride]
    return Issue.objects.filter(duplicate_of__in=of_stride).values_list("pk", flat=True)


def _settle(entries: Sequence[BulkEntry], action: Action, user: User, data: dict) -> None:
    if action.perform_many:
        refused = action.perform_many([entry.item for entry in entries], user, data)
        for entry in entries:
            entry.refusal = refused.get(entry.item_id, "")
            entry.is_done = not entry.refusal
    else:
        for entry in entries:
            _settle_one(entry, action, user, data)


def _settle_one(entry: BulkEntry, action: Action, user: User, data: dict) -> None:
    try:
        with transaction.atomic():
            action.perform(entry.item, user, stored_input.worded_for(entry.item, data))
        entry.is_done = True
    except TransitionRefused as refusal:
        entry.refusal = str(refusal)[:300]
    except DatabaseError as error:
        if is_contention(error):
            raise
        entry.refusal = _("No se pudo guardar: prueba de nuevo con este problema.")


def _closed_to(action: Action, item: HandoverItem, user: User) -> str:
    if item.is_current and action.is_open(item, user):
        return ""
    if not user.may(action.duty):
        return _("Eso lo hace la dirección que responde.")
    if not item.is_current or user.department_id != item.department_id:
        return _("Ya está en otra dirección.")
    words = {"status": STATUS_LABELS[item.issue.status], "action": str(action.label).lower()}
    return _("Está «%(status)s»: no se puede %(action)s.") % words


def _keep(stride: Iterable[BulkEntry]) -> None:
    """Write down what became of each row, and the line its history ends with now."""
    newest = HistoryEntry.objects.filter(issue__handover_items=OuterRef("item")).order_by("-pk")
    done = BulkEntry.objects.filter(pk__in=[entry.pk for entry in stride if entry.is_done])
    done.update(is_done=True, line=Subquery(newest.values("pk")[:1]))
    BulkEntry.objects.bulk_update([entry for entry in stride if entry.refusal], ["refusal"])


def _what_changed(line: HistoryEntry) -> str:
    what = STATUS_LABELS[line.to_value] if line.kind == EntryKind.STATUS else line.get_kind_display()
    words = {"office": line.office, "what": what, "when": timezone.localtime(line.at).strftime("%d-%m %H:%M")}
    return (_("%(office)s lo cambió mientras tanto (%(what)s, %(when)s): míralo de nuevo.") % words)[:300]
