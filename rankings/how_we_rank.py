"""«¿Cómo priorizamos?»: the weights and coefficients in force, and the numbers of each neighbourhood."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from issues.index import Levels, Weights, display, index_i3
from issues.life.registration import weights_in_force
from issues.models import IndexWeights
from rankings.models import CoefficientTable, RankedList
from rankings.publishing import document_of
from rankings.rules.rounds import round_of
from territories.models import Territory

EXAMPLE = Levels(severity=2, reach=1, duration=3, vulnerability=2)
ROUNDS_SHOWN = 5


@dataclass(frozen=True)
class AreaOnList:
    """One neighbourhood on the latest list: what it brought and what it got."""

    code: int
    name: str
    population: int | None
    coefficient: int
    accepted: int
    waiting: int
    first_place: int | None
    first_round: int | None
    next_rounds: list[int]


def areas(ranked_list: RankedList | None) -> list[AreaOnList]:
    """Every neighbourhood in force with its numbers on a list."""
    document = document_of(ranked_list) if ranked_list else {"neighbourhoods": [], "items": []}
    inputs = {each["code"]: each for each in document["neighbourhoods"]}
    firsts, counts = _firsts(document["items"])
    rows = Territory.objects.current().values_list("code", "name", "population")
    return [_area(row, inputs.get(row[0], {}), firsts, counts) for row in rows]


def worked_index() -> dict[str, Any]:
    """One example of the index with the weights in force, part by part."""
    weights = weights_in_force()
    products = [level * weight for level, weight in zip(EXAMPLE, weights, strict=True)]
    i3 = index_i3(EXAMPLE, weights)
    return {"parts": list(zip(EXAMPLE, weights, products, strict=True)), "i3": i3, "shown": display(i3)}


def parameters() -> dict[str, Any]:
    """The weights and coefficients in force, and the versions before them."""
    return {
        "weights": weights_in_force(),
        "default_weights": Weights(),
        "weight_versions": IndexWeights.objects.select_related("author")[:10],
        "coefficients": CoefficientTable.objects.first(),
    }


def _firsts(items: list[Mapping[str, Any]]) -> tuple[dict[int, Mapping[str, Any]], dict[int, int]]:
    firsts: dict[int, Mapping[str, Any]] = {}
    counts: dict[int, int] = {}
    for item in items:
        firsts.setdefault(item["neighbourhood"], item)
        counts[item["neighbourhood"]] = counts.get(item["neighbourhood"], 0) + 1
    return firsts, counts


def _area(
    area: tuple[int, str, int | None],
    given: Mapping[str, Any],
    firsts: Mapping[int, Mapping[str, Any]],
    counts: Mapping[int, int],
) -> AreaOnList:
    code, name, population = area
    coefficient, accepted = given.get("coefficient", 100), given.get("accepted", 0)
    first = firsts.get(code, {})
    turns = range(accepted + 1, accepted + 1 + min(ROUNDS_SHOWN, counts.get(code, 0)))
    return AreaOnList(
        code,
        name,
        population,
        coefficient,
        accepted,
        counts.get(code, 0),
        first.get("place"),
        first.get("round"),
        [round_of(turn, coefficient) for turn in turns],
    )
