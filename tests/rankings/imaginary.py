"""Lists of an imaginary commune for tests: as hypothesis strategies and as one fixed list."""

from datetime import date, timedelta

from hypothesis import strategies as st

from issues.index import Levels, Weights, index_i3
from rankings.rules.listing import Candidate, Head, Move, Queue, Vote

DAY = date(2026, 9, 1)
HEAD = Head(
    number=1,
    track="gestion",
    published_at="2026-11-22T18:00:00-03:00",
    office="Alcaldía",
    previous_digest="",
    boundaries="Límites aproximados",
    weights=Weights(),
    weights_version=1,
    gatherings={number: f"{number:064x}" for number in range(1, 1000)},
)
MILD = Levels(1, 2, 1, 0)
LEVELS = st.builds(Levels, st.integers(0, 2), st.integers(0, 3), st.integers(0, 3), st.integers(0, 3))


def candidate(number, levels=MILD, vote=None, day=DAY, title="Luminaria apagada"):
    return Candidate(
        f"M-2026-{number:06d}",
        title,
        "Luminaria apagada o intermitente",
        "Operaciones",
        levels,
        index_i3(levels) if levels else 0,
        day,
        vote,
    )


def fixed_queues():
    """Example C: three neighbourhoods of 80, 25 and 12 voters."""
    rooms = [
        (1, "Alto", 80, [120, 100, 80, 60, 40], [(1, 2, 1, 0), (2, 1, 3, 2), (1, 2, 0, 0), (1, 1, 1, 1)]),
        (2, "Bajo", 25, [50, 45, 30], [(2, 2, 3, 2), (2, 1, 2, 0), (1, 3, 0, 0)]),
        (3, "Cerro", 12, [24, 20], [(2, 1, 3, 2), (1, 2, 1, 0)]),
    ]
    return [fixed_queue(*room) for room in rooms]


def fixed_queue(code, name, voters, tokens, levels):
    candidates = [
        candidate(
            code * 100 + place, Levels(*each), Vote(code, DAY, voters, 5, got, min(got, voters), place, 0)
        )
        for place, (got, each) in enumerate(zip(tokens, levels, strict=False), 1)
    ]
    return Queue(code, name, candidates)


def vote_of(room, voters, tokens, place):
    return Vote(room, DAY, voters, 5, tokens, min(tokens, voters), place, 0)


@st.composite
def queues(draw):
    """One to six neighbourhoods with voted, provisional and unmeasured problems."""
    numbers = iter(draw(st.permutations(range(1, 100))))
    rooms = iter(range(1, 100))
    return [draw(queue(code, numbers, rooms)) for code in range(1, draw(st.integers(1, 6)) + 1)]


@st.composite
def queue(draw, code, numbers, rooms):
    candidates = [draw(waiting(next(numbers))) for _ in range(draw(st.integers(0, 4)))]
    for _ in range(draw(st.integers(0, 2))):
        candidates += draw(voted(next(rooms), numbers))
    mixed = draw(st.permutations(candidates))
    return Queue(code, f"Barrio {code}", mixed, draw(st.integers(14, 28)) * 5, draw(st.integers(0, 5)))


@st.composite
def waiting(draw, number):
    levels = draw(st.none() | LEVELS)
    return candidate(number, levels, day=DAY + timedelta(draw(st.integers(0, 3))), title=draw(TITLES))


@st.composite
def voted(draw, room, numbers):
    """The problems of one room, in the order of their counts."""
    voters, held_on = draw(st.integers(1, 60)), DAY + timedelta(draw(st.integers(10, 14)))
    counts = sorted((draw(st.integers(0, voters)) for _ in range(draw(st.integers(0, 4)))), reverse=True)
    references = sorted(next(numbers) for _ in counts)
    return [
        candidate(number, draw(LEVELS), Vote(room, held_on, voters, 5, got, got, place, 0))
        for place, (got, number) in enumerate(zip(counts, references, strict=True), 1)
    ]


@st.composite
def lists(draw):
    """A head, neighbourhoods and up to two moves of their problems."""
    city = draw(queues())
    references = [each.reference for queue in city for each in queue.candidates]
    moves = draw(st.lists(st.sampled_from(references), max_size=2)) if references else []
    return city, [
        Move(each, draw(st.integers(1, 30)), "Riesgo de caída", "Alcaldía", *draw(ASKERS)) for each in moves
    ]


ASKERS = st.sampled_from(
    [("nobody", ""), ("organisation", "Junta Alto"), ("office", "Obras"), ("audience", "MU163AW0000001")]
)
TITLES = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)
