"""Put boundaries in force, or undo that: one transaction, periods never overlap, dependents included."""

from __future__ import annotations

import datetime as dt

from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.translation import gettext as _

from territories.boundaries.dependents import Progress, catch_up, follow
from territories.models import Activation, BoundarySet


class ActivationRefused(ValueError):
    """A set that cannot be put in force or taken back now; the text is one sentence."""


@transaction.atomic
def activate(
    boundary_set: BoundarySet, *, actor: str = "", progress: Progress | None = None
) -> Activation | None:
    """Put a set in force from today on and re-assign what follows; None when it already is in force.

    The set before ends today. A set that came into force today is replaced as if it never had.
    Raises ActivationRefused, also while somebody else changes the boundaries.
    """
    _one_at_a_time()
    now = timezone.now()
    today = timezone.localdate(now)
    if BoundarySet.objects.in_force().filter(pk=boundary_set.pk).exists():
        return None
    previous = BoundarySet.objects.in_force().first()
    _refuse_later_sets(today)
    activation = Activation.objects.create(
        boundary_set=boundary_set,
        previous=previous,
        previous_valid=previous.valid if previous else None,
        at=now,
        actor=actor,
    )
    if previous:
        _end(previous, today)
    _set_period(boundary_set, DateRange(today, None))
    _follow(activation, progress)
    return activation


@transaction.atomic
def undo(
    boundary_set: BoundarySet | None = None, *, actor: str = "", progress: Progress | None = None
) -> Activation:
    """Take back the last activation: the set before is in force again as if nothing had happened.

    Raises ActivationRefused when there is nothing to go back to, when it was not the last activation that
    put `boundary_set` in force, and while somebody else changes the boundaries.
    """
    _one_at_a_time()
    last = last_activation()
    if boundary_set and (last is None or last.boundary_set_id != boundary_set.pk):
        raise ActivationRefused(_("Estos límites no son los últimos que se pusieron en uso."))
    if last is None or last.previous is None:
        raise ActivationRefused(_("No hay límites anteriores a los que volver."))
    _set_period(last.boundary_set, None)
    _set_period(last.previous, last.previous_valid)
    last.undone_at, last.undone_by = timezone.now(), actor
    last.save(update_fields=["undone_at", "undone_by"])
    _follow(last, progress)
    return last


def last_activation() -> Activation | None:
    """The activation that put the set in force, if it was recorded."""
    return Activation.objects.filter(
        undone_at__isnull=True, boundary_set__in=BoundarySet.objects.in_force()
    ).first()


def _follow(activation: Activation, progress: Progress | None) -> None:
    follow(activation, progress)
    transaction.on_commit(catch_up, robust=True)


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        # A server whose client was killed stops within a second, instead of working on to the end.
        cursor.execute("SELECT set_config('client_connection_check_interval', '1s', true)")
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('territories.boundaries.activation'))")
        (is_mine,) = cursor.fetchone()
    if not is_mine:
        raise ActivationRefused(_("Los límites se están cambiando en este momento: espera a que termine."))


def _refuse_later_sets(today: dt.date) -> None:
    if BoundarySet.objects.active().filter(valid__startswith__gt=today).exists():
        raise ActivationRefused(_("Hay límites con vigencia en el futuro: revísalos antes."))


def _end(boundary_set: BoundarySet, today: dt.date) -> None:
    if boundary_set.valid.lower == today:
        _set_period(boundary_set, None)
    else:
        _set_period(boundary_set, DateRange(boundary_set.valid.lower, today))


def _set_period(boundary_set: BoundarySet, period: DateRange | None) -> None:
    boundary_set.valid = period
    boundary_set.is_active = period is not None
    boundary_set.save(update_fields=["valid", "is_active"])
