"""The city list: computed whole and after one closing gathering, against a bare SQL sort of the same rows."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from fractions import Fraction

from django.db import connection

from rankings.rules.rounds import Neighbourhood, Pending, city_order, replaced, sorted_rows
from tests.bench.harness import timed

# Pending problems → neighbourhoods.
SIZES = {1_000: 21, 100_000: 500, 1_000_000: 5_000}
SEED = 20261122
SORT = """
    SELECT count(*) FROM (
        SELECT reference FROM bench_city_list
        ORDER BY round, index DESC, support DESC, voted_on, reference OFFSET 0
    ) AS sorted
"""


@dataclass(frozen=True)
class Measured:
    """Processor seconds of one piece of work at one size; `floor` is the bare SQL sort of the same rows."""

    work: str
    size: int
    seconds: float
    floor: float

    @property
    def ratio(self) -> float:
        """How many times the floor."""
        return self.seconds / self.floor


def run(sizes: Sequence[int] = tuple(SIZES), repeats: int = 3) -> list[dict[str, object]]:
    """Medians of `repeats` for every size: {work, size, seconds, floor, ratio}."""
    found = [measured for size in sizes for measured in measure(size, repeats)]
    return [asdict(each) | {"ratio": round(each.ratio, 2)} for each in found]


def measure(size: int, repeats: int) -> list[Measured]:
    """The list of one size: whole, and after one closing gathering."""
    city = made_up_city(size, SIZES.get(size, max(1, size // 200)))
    rows = sorted_rows(city)
    floor = sql_sort(rows, repeats)
    closing = city[len(city) // 2]
    closing = closing._replace(pending=list(reversed(closing.pending)))
    check(city, closing, rows)
    return [
        Measured("city list, whole", size, timed(lambda: city_order(city), repeats), floor),
        Measured(
            "city list, after one gathering", size, timed(lambda: replaced(rows, closing), repeats), floor
        ),
    ]


def check(city: list[Neighbourhood], closing: Neighbourhood, rows: list) -> None:
    """Both ways give the same list, or the figures mean nothing."""
    after = [closing if each.code == closing.code else each for each in city]
    if replaced(rows, closing) != sorted_rows(after):
        raise AssertionError("the list after one gathering is not the list computed whole")


def made_up_city(size: int, neighbourhoods: int) -> list[Neighbourhood]:
    """`size` pending problems spread evenly, half of them voted; the same for the same arguments."""
    chance = random.Random(SEED)
    return [
        Neighbourhood(
            str(code),
            [_problem(chance, number) for number in range(code, size, neighbourhoods)],
            chance.randrange(14, 29) * 5,
            chance.randrange(12),
        )
        for code in range(neighbourhoods)
    ]


def sql_sort(rows: list, repeats: int) -> float:
    """Seconds PostgreSQL needs to sort the same rows by the same keys, already computed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE bench_city_list (round int, index int, support numeric, voted_on date,"
            ' reference text COLLATE "C")'
        )
        with cursor.copy("COPY bench_city_list FROM STDIN") as copy:
            for *_, round_, _code, problem in rows:
                day = problem.voted_on or date.max
                share = float(problem.support)
                copy.write_row((round_, problem.index, share, day, problem.reference))
        cursor.execute("ANALYZE bench_city_list")
        seconds = timed(lambda: cursor.execute(SORT), repeats)
        cursor.execute("DROP TABLE bench_city_list")
    return seconds


def _problem(chance: random.Random, number: int) -> Pending:
    reference, index = f"M-2026-{number:06d}", chance.randrange(31) * 10
    if chance.random() < 0.5:
        return Pending(reference, index)
    possible = 5 * chance.randrange(5, 81)
    day = date(2026, 1, 1) + timedelta(chance.randrange(300))
    return Pending(reference, index, Fraction(chance.randrange(possible), possible), day)
