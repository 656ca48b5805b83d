"""Counting in the room: capped cumulative voting, order and support.

Every voter gets the same number of tokens and may put only a few on one problem.
Pure: imports no Django, so that a count can be checked anywhere.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from hashlib import sha256
from typing import NamedTuple

from issues.reference import ReferenceKey, reference_key

BALLOT_MAX = 12
SMALL_BALLOT = 6
VOTERS_PER_ORGANISATION = 2
FIRST_PLACES = 5
COUNT_MAX = 1_000_000


class Mode(StrEnum):
    """How a room votes."""

    TOKENS = "tokens"
    BALLOTS = "ballots"
    HANDS = "hands"
    PHONES = "phones"


SECRET_BALLOT_MODES = frozenset({Mode.BALLOTS, Mode.PHONES})


class Rules(NamedTuple):
    """Tokens each voter gets and how many of them may lie on one problem."""

    tokens_each: int
    cap: int


LARGE = Rules(tokens_each=5, cap=2)
SMALL = Rules(tokens_each=3, cap=1)


def rules_for(mode: Mode | str, ballot_size: int) -> Rules:
    """The rules of a vote in `mode` over `ballot_size` problems, 1 to 12.

    Hands and ballots of six problems or fewer use three tokens, one on a problem.
    Raises ImpossibleCount when the ballot is empty or longer than twelve.
    """
    if not 1 <= ballot_size <= BALLOT_MAX:
        raise ImpossibleCount("size", size=ballot_size, most=BALLOT_MAX)
    few = Mode(mode) is Mode.HANDS or ballot_size <= SMALL_BALLOT
    return SMALL if few else LARGE


@dataclass(frozen=True, slots=True)
class Count:
    """What one problem of the ballot got, and the facts that break ties.

    tokens: on it in total; people: who gave it any; index: I3, 0 to 300.
    """

    reference: str
    tokens: int
    people: int
    index: int = 0
    reported_on: date = date.max


class ImpossibleCount(ValueError):
    """A count that cannot have happened: `kind` names the rule, `facts` the numbers.

    Kinds: size, not_whole, negative, total, cap, people_over_tokens, people_over_voters,
    twice, unknown. The screen turns them into a sentence.
    """

    def __init__(self, kind: str, **facts: object) -> None:
        self.kind = kind
        self.facts = facts
        super().__init__(f"{kind}: {facts}")


def check_count(counts: Sequence[Count], voters: int, rules: Rules) -> None:
    """Raise the first ImpossibleCount of `counts` by `voters` people under `rules`."""
    _check_number("voters", voters)
    _check_once(counts)
    for count in counts:
        _check_problem(count, voters, rules)
    _check_total(counts, voters, rules)


def ranked(counts: Iterable[Count]) -> list[Count]:
    """`counts` from first to last: tokens, people, index, age, reference; never a draw."""
    return sorted(counts, key=_place_key)


def support(tokens: int, voters: int, tokens_each: int) -> Fraction:
    """The exact share of all tokens handed out that lie on a problem; 0 in an empty room."""
    handed_out = voters * tokens_each
    return Fraction(tokens, handed_out) if handed_out else Fraction(0)


def counted(ballots: Iterable[Mapping[str, int]], rules: Rules) -> dict[str, tuple[int, int]]:
    """Tokens and people of each problem, by reference, from ballots of reference → tokens.

    Raises ImpossibleCount for the first ballot that breaks `rules`.
    """
    totals: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for ballot in ballots:
        check_ballot(ballot, rules)
        for reference, tokens in ballot.items():
            given, people = totals[reference]
            totals[reference] = (given + tokens, people + (tokens > 0))
    return dict(totals)


def check_ballot(ballot: Mapping[str, object], rules: Rules, allowed: Iterable[str] | None = None) -> None:
    """Raise ImpossibleCount when one voter's ballot breaks `rules` or names another problem."""
    known = None if allowed is None else set(allowed)
    given = 0
    for reference, written in ballot.items():
        tokens = _check_number("tokens", written, reference=reference)
        given += tokens
        if known is not None and reference not in known:
            raise ImpossibleCount("unknown", reference=reference)
        if tokens > rules.cap:
            raise ImpossibleCount("cap", reference=reference, tokens=tokens, most=rules.cap)
    if given > rules.tokens_each:
        raise ImpossibleCount("total", tokens=given, most=rules.tokens_each)


def minority_share(ballots: Sequence[Mapping[str, int]], order: Sequence[str]) -> Fraction:
    """The share of ballots with none of the first five problems of `order` on them.

    It is shown next to the result and never changes it. Without ballots it is 0.
    """
    first = set(order[:FIRST_PLACES])
    left_out = sum(not any(ballot.get(reference) for reference in first) for ballot in ballots)
    return Fraction(left_out, len(ballots)) if ballots else Fraction(0)


def votes_allowed(by_organisation: Mapping[str, int], without_organisation: int = 0) -> int:
    """How many may vote: at most two of each organisation, everyone who came without one."""
    seats = (min(people, VOTERS_PER_ORGANISATION) for people in by_organisation.values())
    return sum(seats) + without_organisation


def screen_order(references: Iterable[str], seed: str) -> list[str]:
    """The random order of the ballot on the screen, the same for everyone with `seed`.

    Sorted by SHA-256 of "seed:reference", so that any resident can draw it again.
    """
    return sorted(references, key=lambda each: sha256(f"{seed}:{each}".encode()).digest())


def _place_key(count: Count) -> tuple[int, int, int, date, ReferenceKey]:
    age = (count.reported_on, reference_key(count.reference))
    return (-count.tokens, -count.people, -count.index, *age)


def _check_number(name: str, number: object, **facts: object) -> int:
    if type(number) is not int or number > COUNT_MAX:
        raise ImpossibleCount("not_whole", name=name, number=number, **facts)
    if number < 0:
        raise ImpossibleCount("negative", name=name, number=number, **facts)
    return number


def _check_once(counts: Sequence[Count]) -> None:
    seen: set[str] = set()
    for count in counts:
        if count.reference in seen:
            raise ImpossibleCount("twice", reference=count.reference)
        seen.add(count.reference)


def _check_problem(count: Count, voters: int, rules: Rules) -> None:
    facts = {"reference": count.reference, "tokens": count.tokens, "people": count.people}
    _check_number("tokens", count.tokens, reference=count.reference)
    _check_number("people", count.people, reference=count.reference)
    if count.people > voters:
        raise ImpossibleCount("people_over_voters", **facts, most=voters)
    if count.people > count.tokens:
        raise ImpossibleCount("people_over_tokens", **facts, most=count.tokens)
    if count.tokens > rules.cap * count.people:
        raise ImpossibleCount("cap", **facts, most=rules.cap * count.people)


def _check_total(counts: Sequence[Count], voters: int, rules: Rules) -> None:
    given = sum(count.tokens for count in counts)
    most = voters * rules.tokens_each
    if given > most:
        raise ImpossibleCount("total", tokens=given, most=most)
