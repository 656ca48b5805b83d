"""Change the boundaries in force: at once where little follows, else by a worker, to be watched.

docs/decisions/boundary-changes.md
"""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.jobs import Queue, defer, job
from core.postgis.locks import hold, is_held, let_go
from territories.boundaries import activation
from territories.boundaries.activation import ActivationRefused
from territories.boundaries.dependents import Progress, count_dependents
from territories.models import BoundaryAct, BoundaryChange, BoundarySet

log = logging.getLogger(__name__)
LOCK = "territories_boundarychange"
JOB = "territories.change_boundaries"
# Seconds between two signs of life.
BEAT = 1.0
DONE = {
    BoundaryAct.ACTIVATE: gettext_lazy("Estos límites están en uso desde hoy."),
    BoundaryAct.UNDO: gettext_lazy("Volvieron los límites anteriores."),
}


@dataclass(frozen=True)
class State:
    """How far a change is, as a page and its script are told; `text` is one sentence."""

    followed: int
    total: int
    is_over: bool
    is_done: bool
    text: str


def takes_a_while() -> bool:
    """Whether so much follows the boundaries that nobody should wait for the answer of a page."""
    return count_dependents() > settings.BOUNDARIES_AT_ONCE


def act_now(boundary_set: BoundarySet, act: str, *, actor: str) -> str:
    """Put a set in force or take it back, and return what was done in a sentence.

    Raises ActivationRefused, and then nothing has changed.
    """
    if under_way():
        raise ActivationRefused(_("Los límites se están cambiando en este momento: espera a que termine."))
    with transaction.atomic():
        _act(boundary_set, act, actor, None)
    return str(DONE[BoundaryAct(act)])


@transaction.atomic
def ask(boundary_set: BoundarySet, act: str, *, actor: str) -> BoundaryChange:
    """Write a wish down, which a worker takes up once that is stored.

    Raises ActivationRefused while another change is under way.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"{LOCK}.ask"])
    if under_way():
        raise ActivationRefused(_("Los límites se están cambiando en este momento: espera a que termine."))
    made = BoundaryChange.objects.create(
        boundary_set=boundary_set, act=act, actor=actor[:150], total=count_dependents()
    )
    defer(JOB, number=made.pk)
    return made


@job(JOB, Queue.LONG)
def carry_out_number(number: int) -> bool:
    """Do the change with this number, as a worker."""
    change = BoundaryChange.objects.select_related("boundary_set").filter(pk=number).first()
    return change is not None and carry_out(change)


def carry_out(change: BoundaryChange) -> bool:
    """Do what was asked for, all of it or nothing; False when it was not done.

    A change is taken up once: what was cut short is asked for anew by a person.
    """
    if not _claim(change):
        return False
    try:
        with transaction.atomic():
            _act(change.boundary_set, change.act, change.actor, _Beat(change))
            _row(change).update(done_at=timezone.now(), followed=change.total)
    except (ActivationRefused, DatabaseError, InterfaceError) as error:
        _tell_why_not(change, error)
        return False
    finally:
        # Where the database is gone it has freed the lock itself.
        with suppress(DatabaseError, InterfaceError):
            let_go(LOCK, change.pk)
    return True


def under_way() -> BoundaryChange | None:
    """The change that a worker is at, or is about to take up."""
    waiting = BoundaryChange.objects.waiting(timezone.now()).first()
    begun = (one for one in BoundaryChange.objects.begun()[:20] if is_held(LOCK, one.pk))
    return waiting or next(begun, None)


def state(change: BoundaryChange) -> State:
    """How far it is; what nobody is at any more has changed nothing, and is told so."""
    alive = _is_alive(change)
    # Only now: who was done between the two questions left that behind.
    change.refresh_from_db()
    is_over = bool(change.done_at or change.trouble or not alive)
    return State(
        followed=change.followed,
        total=change.total,
        is_over=is_over,
        is_done=change.done_at is not None,
        text=_sentence(change, is_over=is_over),
    )


def _act(boundary_set: BoundarySet, act: str, actor: str, progress: Progress | None) -> None:
    if act == BoundaryAct.UNDO:
        activation.undo(boundary_set, actor=actor, progress=progress)
    elif activation.activate(boundary_set, actor=actor, progress=progress) is None:
        raise ActivationRefused(_("Estos límites ya estaban en uso."))


class _Beat:
    """Tells the database now and then how far the change is; called by a thread with its own connection."""

    def __init__(self, change: BoundaryChange) -> None:
        self.change, self.next = change, 0.0

    def __call__(self, followed: int, total: int) -> None:
        # The end is told by the transaction itself.
        if followed < total and monotonic() >= self.next:
            self.next = monotonic() + BEAT
            _row(self.change).update(followed=followed, total=total)


def _claim(change: BoundaryChange) -> bool:
    """Whether this worker is the one that does it: the first to come, and not too late."""
    if not hold(LOCK, change.pk):
        return False
    now = timezone.now()
    if not BoundaryChange.objects.waiting(now).filter(pk=change.pk).update(begun_at=now):
        let_go(LOCK, change.pk)
        return False
    return True


def _tell_why_not(change: BoundaryChange, error: Exception) -> None:
    if not isinstance(error, ActivationRefused):
        log.error("change of boundaries %s", change.pk, exc_info=error)
    reason = str(error) if isinstance(error, ActivationRefused) else _failed()
    # Without a database nothing can be told: the free lock tells it.
    with suppress(DatabaseError, InterfaceError):
        _row(change).update(trouble=reason[:200])


def _is_alive(change: BoundaryChange) -> bool:
    if change.begun_at is None:
        return BoundaryChange.objects.waiting(timezone.now()).filter(pk=change.pk).exists() or _has_begun(
            change
        )
    return is_held(LOCK, change.pk)


def _has_begun(change: BoundaryChange) -> bool:
    return BoundaryChange.objects.begun().filter(pk=change.pk).exists() and is_held(LOCK, change.pk)


def _sentence(change: BoundaryChange, *, is_over: bool) -> str:
    if change.done_at:
        return str(DONE[BoundaryAct(change.act)])
    if is_over:
        return change.trouble or _failed()
    if not change.begun_at:
        return _("Empezando…")
    if change.followed >= change.total:
        return _("Todos los problemas tienen su barrio. Falta guardar.")
    words = {"followed": _grouped(change.followed), "total": _grouped(change.total)}
    return _("%(followed)s de %(total)s problemas.") % words


def _failed() -> str:
    return _("Se interrumpió y no cambió nada: los límites son los de antes. Puedes intentarlo de nuevo.")


def _grouped(number: int) -> str:
    return number_format(number, 0, force_grouping=True)


def _row(change: BoundaryChange) -> QuerySet:
    return BoundaryChange.objects.filter(pk=change.pk)
