"""A list as a document: every input, every parameter, the order and the reason for each place."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from types import MappingProxyType
from typing import Any, NamedTuple

from gatherings.tokens import support
from issues.index import Levels, Weights
from issues.reference import reference_key
from rankings.rules import reasons
from rankings.rules.canonical import sealed
from rankings.rules.deciding import Decision, decisions
from rankings.rules.rounds import Neighbourhood, Pending, Place, city_order
from rankings.rules.texts import SaltOf, any_salt, committed

# How a change of either is made stands in docs/decisions/rule-versions.md.
FORMAT = "mapa-barrial/lista/4"
RULE = 3
WINDOW_MONTHS = 12


class Vote(NamedTuple):
    """What a problem got in the latest gathering that voted on it; index_then breaks ties."""

    gathering: int
    held_on: date
    voters: int
    tokens_each: int
    tokens: int
    people: int
    place: int
    index_then: int

    @property
    def possible(self) -> int:
        """The tokens handed out in that room, d·V."""
        return self.voters * self.tokens_each

    @property
    def support(self) -> Fraction:
        """The exact share of the tokens handed out."""
        return support(self.tokens, self.voters, self.tokens_each)


class Candidate(NamedTuple):
    """A pending problem with all that decides its place; index is I3, 0 without levels."""

    reference: str
    title: str
    category: str
    department: str | None
    levels: Levels | None
    index: int  # type: ignore[assignment]  # hides tuple.index, which nobody calls
    reported_on: date
    vote: Vote | None = None


class Queue(NamedTuple):
    """The pending problems of one neighbourhood, in any order, and its parameters."""

    code: int
    name: str
    candidates: Sequence[Candidate]
    coefficient: int = 100
    accepted: int = 0


class Move(NamedTuple):
    """An override: a problem put on another place, with the public reason, the office and who asked.

    asked_by: nobody, organisation, office or audience; asker: its name or number, empty for nobody.
    """

    reference: str
    to: int
    reason: str
    office: str
    asked_by: str
    asker: str


class Head(NamedTuple):
    """What a list says about itself; published_at is ISO 8601 with its offset.

    gatherings: the digest of each gathering by its number, of those that the list uses at least.
    """

    number: int
    track: str
    published_at: str
    office: str
    previous_digest: str
    boundaries: str
    weights: Weights
    weights_version: int
    coefficients: str = ""
    corrects: int | None = None
    gatherings: Mapping[int, str] = MappingProxyType({})


Known = Mapping[str, tuple[Queue, Candidate]]


class UnknownMove(ValueError):
    """A move of a problem that is not on the list; `reference` names it."""

    def __init__(self, reference: str) -> None:
        self.reference = reference
        super().__init__(f"{reference} is not on the list")


def own_order(candidates: Iterable[Candidate]) -> list[Candidate]:
    """A neighbourhood's own order: latest gathering first as it voted, then by index.

    Problems without a vote stand behind all voted ones: index, then age, then reference.
    """
    return sorted(candidates, key=_own_key)


def compile_list(
    head: Head, queues: Sequence[Queue], moves: Sequence[Move] = (), salt_of: SaltOf = any_salt
) -> dict[str, Any]:
    """The sealed document of a list, texts beside; raises UnknownMove for a move that names no item."""
    ordered = sorted(queues, key=lambda queue: queue.code)
    places = rule_order(ordered)
    order, overrides = moved([place.problem.reference for place in places], moves)
    content = {
        "neighbourhoods": [_neighbourhood(queue) for queue in ordered],
        "items": _items(ordered, places, order),
        "overrides": overrides,
        "gatherings": _gatherings(head, ordered),
    }
    return sealed(committed(_head(head) | content, salt_of))


def first_items(queues: Sequence[Queue], moves: Sequence[Move], first: int) -> list[dict[str, Any]]:
    """The first places as `compile_list` writes them, without the rest; raises UnknownMove."""
    ordered = sorted(queues, key=lambda queue: queue.code)
    places = rule_order(ordered)
    order, _made = moved([place.problem.reference for place in places], moves)
    return _items(ordered, places, order[:first])


def rule_order(queues: Iterable[Queue]) -> list[Place]:
    """The order of the rule alone."""
    return city_order(_by_rounds(queue) for queue in queues)


def moved(order: Sequence[str], moves: Iterable[Move]) -> tuple[list[str], list[dict[str, Any]]]:
    """The order after all moves, one after the other, and what each of them did.

    A place beyond the end means the last one. Raises UnknownMove.
    """
    result, made = list(order), []
    for move in moves:
        if move.reference not in result:
            raise UnknownMove(move.reference)
        start = result.index(move.reference) + 1
        to = max(1, min(move.to, len(result)))
        result.insert(to - 1, result.pop(start - 1))
        made.append(
            {
                "reference": move.reference,
                "from": start,
                "to": to,
                "reason": move.reason,
                "office": move.office,
                "asked_by": move.asked_by,
                "asker": move.asker,
            }
        )
    return result, made


def pending_of(candidate: Candidate) -> Pending:
    """What the rule of rounds needs to know of a problem."""
    vote = candidate.vote
    if vote is None:
        return Pending(candidate.reference, candidate.index)
    return Pending(candidate.reference, candidate.index, vote.support, vote.held_on)


def _own_key(candidate: Candidate) -> tuple[Any, ...]:
    vote = candidate.vote
    if vote is not None:
        return (0, -vote.held_on.toordinal(), -vote.gathering, vote.place, reference_key(candidate.reference))
    return (1, -candidate.index, candidate.reported_on.toordinal(), 0, reference_key(candidate.reference))


def _by_rounds(queue: Queue) -> Neighbourhood:
    pending = [pending_of(candidate) for candidate in own_order(queue.candidates)]
    return Neighbourhood(str(queue.code), pending, queue.coefficient, queue.accepted)


def _head(head: Head) -> dict[str, Any]:
    return head._asdict() | {
        "format": FORMAT,
        "rule": RULE,
        "window_months": WINDOW_MONTHS,
        "weights": head.weights._asdict(),
    }


def _gatherings(head: Head, queues: Sequence[Queue]) -> list[dict[str, Any]]:
    voted = {each.vote.gathering for queue in queues for each in queue.candidates if each.vote}
    return [{"number": number, "digest": head.gatherings.get(number, "")} for number in sorted(voted)]


def _neighbourhood(queue: Queue) -> dict[str, Any]:
    return {
        "code": queue.code,
        "name": queue.name,
        "coefficient": queue.coefficient,
        "accepted": queue.accepted,
    }


def _items(queues: Sequence[Queue], places: Sequence[Place], order: Sequence[str]) -> list[dict[str, Any]]:
    known = {each.reference: (queue, each) for queue in queues for each in queue.candidates}
    decided = {
        place.problem.reference: (place, decision)
        for place, decision in zip(places, decisions(places), strict=True)
    }
    return [
        _item(number, *known[reference]) | _placed(*decided[reference], known)
        for number, reference in enumerate(order, start=1)
    ]


def _placed(place: Place, decision: Decision, known: Known) -> dict[str, Any]:
    queue, candidate = known[place.problem.reference]
    rival = known[decision.rival][1] if decision.rival else None
    return {
        "rule_place": place.number,
        "round": place.round,
        "turn": place.turn,
        "own_place": place.own_place,
        "reasons": [
            _own_reason(place.own_place, queue.name, candidate),
            reasons.city_reason(
                reasons.round_reason(place.round, place.own_place, queue.accepted, queue.coefficient),
                reasons.order_reason(decision, _merit(candidate), rival and _merit(rival)),
                place.number,
            ),
        ],
    }


def _item(number: int, queue: Queue, candidate: Candidate) -> dict[str, Any]:
    return {
        "place": number,
        "neighbourhood": queue.code,
        "reference": candidate.reference,
        "title": candidate.title,
        "category": candidate.category,
        "department": candidate.department,
        "levels": list(candidate.levels) if candidate.levels else None,
        "index": candidate.index,
        "reported_on": candidate.reported_on.isoformat(),
        "vote": _vote(candidate.vote),
    }


def _vote(vote: Vote | None) -> dict[str, Any] | None:
    return vote and vote._asdict() | {"held_on": vote.held_on.isoformat()}


def _merit(candidate: Candidate) -> reasons.Merit:
    vote = candidate.vote
    if vote is None:
        return reasons.Merit(candidate.index)
    return reasons.Merit(candidate.index, vote.tokens, vote.possible, vote.held_on)


def _own_reason(own_place: int, name: str, candidate: Candidate) -> str:
    vote = candidate.vote
    if vote is None:
        return reasons.provisional_reason(own_place, name, candidate.index, candidate.levels)
    return reasons.voted_reason(
        own_place,
        name,
        vote.tokens,
        vote.possible,
        vote.people,
        vote.held_on,
        is_confirmed=candidate.levels is not None,
    )
