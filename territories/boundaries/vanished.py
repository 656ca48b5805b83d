"""Neighbourhoods that are no more: no number is given again, and what hangs on one waits for a person."""

from __future__ import annotations

from dataclasses import dataclass

from django.apps import apps
from django.conf import settings
from django.db.models import Q, QuerySet

from territories.models import Activation, BoundarySet, Territory


@dataclass(frozen=True)
class Hanging:
    """What of one kind still names a neighbourhood that is no more, each with its own name."""

    kind: str
    count: int
    examples: list[str]


EXAMPLES = 20


def given_codes() -> set[int]:
    """Every number that a neighbourhood ever in force had."""
    before = Activation.objects.filter(previous__isnull=False).order_by().values("previous")
    ever = Q(is_active=True) | Q(activations__isnull=False) | Q(pk__in=before)
    sets = BoundarySet.objects.filter(ever).order_by()
    return set(Territory.objects.filter(boundary_set__in=sets.values("pk")).values_list("code", flat=True))


def vanished_codes() -> set[int]:
    """The numbers of neighbourhoods that were in force once and are not now."""
    return given_codes() - set(Territory.objects.current().values_list("code", flat=True))


def hanging() -> list[Hanging]:
    """What names a vanished neighbourhood; the kinds are those of `TERRITORY_HOLDERS`."""
    codes = vanished_codes()
    found = [_hanging(label, field, codes) for label, field in settings.TERRITORY_HOLDERS.items()]
    return [one for one in found if one.count]


def _hanging(label: str, field: str, codes: set[int]) -> Hanging:
    model = apps.get_model(label)
    rows = _rows(model._default_manager.all(), field, codes)

    return Hanging(
        kind=str(model._meta.verbose_name_plural),
        count=rows.count(),
        examples=[str(row) for row in rows[:EXAMPLES]],
    )


def _rows(rows: QuerySet, field: str, codes: set[int]) -> QuerySet:
    """A manager that knows better which of its rows wait says so with `left_in(codes)`."""
    if hasattr(rows, "left_in"):
        return rows.left_in(codes)
    return rows.filter(**{f"{field}__{'overlap' if field.endswith('s') else 'in'}": list(codes)})
