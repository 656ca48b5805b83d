"""What the next list of a track depends on beside its problems: what whoever publishes has seen."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.together.seen import Fact, signature
from gatherings.models import Gathering
from issues.models import IndexWeights
from rankings.models import CoefficientTable, Override
from territories.models import BoundarySet


def facts(request: HttpRequest, track: str, **_more: object) -> list[Fact]:
    """Moves, gatherings, weights, coefficients and boundaries, each with who changed it last."""
    return [_moves(track), _gatherings(), _weights(), _coefficients(), _boundaries()]


def _moves(track: str) -> Fact:
    waiting = list(Override.objects.waiting().filter(issue__category__track=track).select_related("issue"))
    now = ", ".join(f"{move.issue.reference} → {move.to_place}" for move in waiting) or _("ninguno")
    who = signature(waiting[-1].office, waiting[-1].at) if waiting else ""
    return Fact(gettext_lazy("cambios de lugar"), [move.pk for move in waiting], now, who)


def _gatherings() -> Fact:
    last = Gathering.objects.closed().with_names().order_by("-closed_at", "-pk").first()
    name = gettext_lazy("última reunión cerrada")
    if last is None:
        return Fact(name, None)
    office = _("Reunión barrial")
    return Fact(name, last.pk, f"N.º {last.number}, {last.host_name}", signature(office, last.closed_at))


def _weights() -> Fact:
    last = IndexWeights.objects.first()
    return Fact(gettext_lazy("pesos del puntaje"), last and last.pk, str(last or ""))


def _coefficients() -> Fact:
    last = CoefficientTable.objects.select_related("author").first()
    who = signature(last.author.office, last.since) if last else ""
    return Fact(gettext_lazy("coeficientes"), last and last.pk, str(last or ""), who)


def _boundaries() -> Fact:
    in_force = BoundarySet.objects.in_force().values_list("pk", "name").first()
    return Fact(gettext_lazy("límites en uso"), in_force and in_force[0], in_force[1] if in_force else "")
