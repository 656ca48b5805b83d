"""One act on many problems: looked at first, done row by row, each refusal explained, one undo."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Department, User
from handovers import answers, progress
from handovers.actions import BY_NAME, Action
from handovers.filters import desk
from handovers.models import BulkEntry, BulkRun, HandoverItem
from issues.models import STATUS_LABELS
from issues.workflow import TransitionRefused

MAX_ROWS = 1000
# The acts that make sense on many at once, in the order they are offered.
OFFERED = ("acknowledge", "assign", "accept", "start", "note", "redirect", "refuse")


class BulkRefused(ValueError):
    """A bulk run that cannot be; the text is one sentence for the person."""


@dataclass(frozen=True)
class Refused:
    """A problem of a selection that the act does not fit, and why."""

    item: HandoverItem
    sentence: str


@dataclass(frozen=True)
class Preview:
    """What an act would do to a selection."""

    action: Action
    fitting: list[HandoverItem]
    refused: list[Refused]


def offered() -> list[Action]:
    """The acts a selection can be put through."""
    return [BY_NAME[name] for name in OFFERED]


def action_named(name: str) -> Action:
    """An offered act; raises BulkRefused for another name."""
    if name not in OFFERED:
        raise BulkRefused(_("Elige qué hacer con los problemas marcados."))
    return BY_NAME[name]


def chosen(user: User, references: Iterable[str], query: str = "") -> list[HandoverItem]:
    """The running items behind some references, or behind everything an address of the desk finds.

    Raises BulkRefused when there are none or more than MAX_ROWS, BadFilter for a bad address.
    """
    items = _items_of(user, references, query)
    found = list(items[: MAX_ROWS + 1])
    if not found:
        raise BulkRefused(_("Marca al menos un problema que esté entregado."))
    if len(found) > MAX_ROWS:
        raise BulkRefused(_("Son más de 1.000 problemas: filtra un poco más."))
    return found


def preview(action: Action, items: Iterable[HandoverItem], user: User) -> Preview:
    """Sort a selection into what the act fits and what it does not, each with its sentence."""
    fitting, refused = [], []
    for item in items:
        if action.is_open(item, user):
            fitting.append(item)
        else:
            refused.append(Refused(item, _why_not(action, item)))
    return Preview(action, fitting, refused)


def run(action: Action, items: Iterable[HandoverItem], user: User, told: dict) -> BulkRun:
    """Do it to each problem; one that refuses keeps the others from nothing. Returns the report."""
    made = BulkRun.objects.create(actor=user, action=action.name, told=_plain(told))
    entries = [_one(made, action, item, user, dict(told)) for item in items]
    BulkEntry.objects.bulk_create(entries)
    return made


@transaction.atomic
def undo(made: BulkRun, user: User) -> int:
    """Take a run back, once, by the one who did it; returns how many problems were put back.

    Raises BulkRefused where the act cannot be taken back: what was told to a neighbourhood stays told.
    """
    locked = BulkRun.objects.select_for_update().get(pk=made.pk)
    if locked.actor_id != user.pk or locked.action not in UNDO:
        raise BulkRefused(_("Esto ya se le dijo al barrio: se corrige con otra acción, no se deshace."))
    if locked.undone_at:
        raise BulkRefused(_("Ya se deshizo."))
    done = 0
    for entry in locked.entries.filter(refusal="").select_related("item__issue"):
        done += _put_back(locked, entry, user)
    locked.undone_at = timezone.now()
    locked.save(update_fields=["undone_at"])
    return done


def can_undo(made: BulkRun) -> bool:
    """Whether the run is of a kind that can be taken back and was not yet."""
    return made.action in UNDO and made.undone_at is None


def _items_of(user: User, references: Iterable[str], query: str) -> QuerySet:
    items = HandoverItem.objects.editable_by(user)
    if query:
        items = items.filter(issue__in=desk(user, QueryDict(query.lstrip("?"))).values("pk"))
    else:
        items = items.filter(issue__reference__in=list(references)[: MAX_ROWS + 1])
    return (
        items.select_related("issue__territory", "issue__category", "department", "assigned_to")
        .defer("issue__territory__boundary", "issue__territory__outline", "issue__shape")
        .order_by("place", "issue_id")
    )


def _why_not(action: Action, item: HandoverItem) -> str:
    words = {"status": STATUS_LABELS[item.issue.status], "action": str(action.label).lower()}
    return _("Está «%(status)s»: no se puede %(action)s.") % words


def _one(made: BulkRun, action: Action, item: HandoverItem, user: User, told: dict) -> BulkEntry:
    before = {"department": item.department_id, "assigned_to": item.assigned_to_id}
    entry = BulkEntry(run=made, item=item, before=before)
    if not action.is_open(item, user):
        entry.refusal = _why_not(action, item)
        return entry
    try:
        with transaction.atomic():
            action.perform(item, user, told)
    except TransitionRefused as refusal:
        entry.refusal = str(refusal)[:300]
    return entry


def _put_back(made: BulkRun, entry: BulkEntry, user: User) -> bool:
    try:
        with transaction.atomic():
            UNDO[made.action](entry.item, user, entry.before)
    except TransitionRefused as refusal:
        entry.refusal = str(refusal)[:300]
        entry.save(update_fields=["refusal"])
        return False
    return True


def _unassign(item: HandoverItem, user: User, before: dict) -> None:
    person = User.objects.filter(pk=before["assigned_to"]).first()
    progress.assign(item, user, person=person)


def _take_back(item: HandoverItem, user: User, before: dict) -> None:
    answers.take_back(item, user, department=Department.objects.get(pk=before["department"]))


UNDO: dict[str, Callable[[HandoverItem, User, dict], None]] = {
    "assign": _unassign,
    "redirect": _take_back,
}


def _plain(told: dict) -> dict[str, str]:
    return {name: str(value) for name, value in told.items() if value not in (None, "")}
