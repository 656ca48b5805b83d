"""«What if»: how the list would look with other weights and coefficients. Nothing here publishes."""

from __future__ import annotations

from dataclasses import dataclass

from rankings.models import Scenario
from rankings.pending import queues
from rankings.rules.listing import Queue, rule_order


@dataclass(frozen=True)
class Shift:
    """One problem: its place by the rules in force and by those of the scenario."""

    reference: str
    title: str
    neighbourhood: str
    now: int
    then: int

    @property
    def steps(self) -> int:
        """How many places it would go up; negative means down."""
        return self.now - self.then


@dataclass(frozen=True)
class Gain:
    """One neighbourhood: how many of the first places it has now and would have."""

    name: str
    now: int
    then: int


@dataclass(frozen=True)
class Comparison:
    """The order of a scenario compared with the one in force."""

    shifts: list[Shift]
    gains: list[Gain]
    first: int


def compare(scenario: Scenario, first: int = 100) -> Comparison:
    """Compute both orders from how things stand now; `gains` counts the first places."""
    now = queues(scenario.track)
    then = queues(scenario.track, weights=scenario.weights, coefficients=coefficients_of(scenario))
    places = _places(now)
    shifts = [
        Shift(reference, title, name, places[reference], number)
        for number, (reference, title, name) in enumerate(_order(then), 1)
    ]
    return Comparison(shifts, _gains(shifts, now, first), first)


def coefficients_of(scenario: Scenario) -> dict[int, int]:
    """Its coefficients in hundredths, by the neighbourhood's number."""
    return {int(code): value for code, value in scenario.hundredths.items()}


def _order(neighbourhoods: list[Queue]) -> list[tuple[str, str, str]]:
    named = {
        each.reference: (each.reference, each.title, queue.name)
        for queue in neighbourhoods
        for each in queue.candidates
    }
    return [named[place.problem.reference] for place in rule_order(neighbourhoods)]


def _places(neighbourhoods: list[Queue]) -> dict[str, int]:
    order = rule_order(neighbourhoods)
    return {place.problem.reference: place.number for place in order}


def _gains(shifts: list[Shift], neighbourhoods: list[Queue], first: int) -> list[Gain]:
    return [
        Gain(
            queue.name,
            sum(each.now <= first for each in shifts if each.neighbourhood == queue.name),
            sum(each.then <= first for each in shifts if each.neighbourhood == queue.name),
        )
        for queue in neighbourhoods
    ]
