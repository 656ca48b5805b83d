"""The problems of the demo town: invented from a seed, stored at once with their first line of history."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import random
import struct
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, islice

import numpy as np
from django.db import connection
from django.utils import timezone

from accounts.models import User
from demo.care import vulnerability
from demo.people import Staff
from demo.spots import Gazetteer, Neighbourhood, name_spots, share_out, spots_in
from demo.words import Where, problem_texts, tell
from issues.index import Levels, index_i3
from issues.models import Category, Origin, Privacy, ReferenceCounter, Track, Visibility
from issues.workflow import START

# Fourteen months.
DAYS = 425
LEAST_EACH = 6
RESIDENT_OFFICE = "Vecina o vecino"
OTHER_OFFICE = "Otro sistema"
# What neighbours report most often.
FREQUENT = {"ALU-01": 5, "PAV-01": 6, "PAV-03": 4, "ASE-01": 5, "ASE-02": 3, "ARV-01": 4, "ARV-02": 4}
FREQUENT |= {"ARV-03": 3, "TRA-03": 4, "TRA-04": 2, "AGU-01": 2, "AGU-04": 3, "SEG-01": 3, "SOC-03": 2}
RARE = 1.0
HOURS = (9, 10, 11, 12, 16, 17, 18, 19)
REPORTED_TWICE = 0.03
SUPPORTED = 0.7
ORIGINS = (Origin.WALK, Origin.GATHERING, Origin.RESIDENT, Origin.OFFICE, Origin.OPEN311)
ORIGIN_SHARES = (55, 20, 15, 7, 3)
ISSUE_COLUMNS = (
    "id", "reference", "title", "description", "category_id", "location", "accuracy_m", "moved_by_hand",
    "address", "territory_id", "reported_territory_id", "origin", "visibility", "hidden_reason", "status",
    "status_since", "closing_kind", "department_id", "severity", "reach", "duration", "vulnerability",
    "levels_evidence", "index", "due_date", "committed_date", "redirects", "appealed", "support_count",
    "reported_at", "created_at", "updated_at", "created_by_id", "levels_by_id",
)  # fmt: skip
# Rows of one statement.
AT_ONCE = 5_000
SUPPORT_COLUMNS = ("issue_id", "supporter", "at")
HISTORY_COLUMNS = (
    "issue_id", "kind", "from_value", "to_value", "actor_id", "office", "at", "reason", "public_text",
    "evidence", "previous_hash", "hash",
)  # fmt: skip


Levels4 = tuple[int | None, int | None, int | None, int | None]


@dataclass(slots=True)
class Line:
    """One line of an issue's history, to be written."""

    before: str
    after: str
    at: dt.datetime
    office: str
    actor_id: int | None = None
    public_text: str = ""
    kind: str = "status"
    evidence: Sequence[str] = ()


@dataclass(slots=True)
class Draft:
    """A problem before it is stored. `x`, `y` are EPSG:4326 degrees."""

    id: uuid.UUID
    reference: str
    title: str
    description: str
    category: Category
    x: float
    y: float
    address: str
    hood: Neighbourhood
    origin: str
    visibility: str
    levels: Levels4
    reported_at: dt.datetime
    created_at: dt.datetime
    creator: User | None
    measured_by: User
    office: str
    status: str = START
    closing_kind: str = ""
    committed_date: dt.date | None = None
    due_date: dt.date | None = None
    supports: list[dt.datetime] = field(default_factory=list)
    # The problem that this one repeats.
    twin: uuid.UUID | None = None
    lines: list[Line] = field(default_factory=list)

    @property
    def index(self) -> int | None:
        """I3, or None until all levels are known."""
        known = [level for level in self.levels if level is not None]
        return index_i3(Levels(*known)) if len(known) == len(self.levels) else None

    @property
    def is_urgent(self) -> bool:
        """Leaves the ranking and is sent at once."""
        return self.levels[0] == 3 or self.category.track == Track.URGENT


class Town:
    """What every problem of the town needs: places, categories and people, loaded once."""

    def __init__(
        self, hoods: list[Neighbourhood], gazetteer: Gazetteer, staff: Staff, now: dt.datetime
    ) -> None:
        self.hoods = hoods
        self.gazetteer = gazetteer
        self.staff = staff
        self.now = now
        self.categories = list(Category.objects.select_related("department").filter(is_open=True))
        self.categories = [one for one in self.categories if one.code in problem_texts()]
        self.weights = list(accumulate(FREQUENT.get(each.code, RARE) for each in self.categories))


def invent(
    town: Town, count: int, dice: np.random.Generator, *, least: int = LEAST_EACH, lively: bool = True
) -> Iterator[Draft]:
    """`count` problems in the order of their dates, spread by population over the last 14 months.

    A lively town also has supports and problems reported twice.
    """
    ages, owners, spots, wheres = _spread(town, count, dice, least)
    fragile = vulnerability(spots)
    luck = random.Random(int(dice.integers(2**62)))  # noqa: S311  # nosec B311 # a demo town, not secrets
    numbers = _References()
    earlier: dict[int, Draft] = {}
    for row in np.argsort(-ages, kind="stable"):
        hood, place = town.hoods[owners[row]], (float(spots[row][0]), float(spots[row][1]))
        draft = _draft(town, hood, place, wheres[row], float(ages[row]), luck, numbers)
        draft.levels = _levels(draft, int(fragile[row]), luck)
        if lively:
            _enliven(draft, earlier.get(hood.code), wheres[row], luck, town.now)
            earlier[hood.code] = draft
        yield draft


def store(drafts: Sequence[Draft]) -> None:
    """Write problems and all their lines of history at once; the database chains the lines."""
    copy("issues_issue", ISSUE_COLUMNS, (_issue_row(draft) for draft in drafts))
    lines = (_line_row(draft, line) for draft in drafts for line in _lines(draft))
    copy("issues_historyentry", HISTORY_COLUMNS, lines)
    copy("issues_support", SUPPORT_COLUMNS, (row for draft in drafts for row in _support_rows(draft)))


def _spread(
    town: Town, count: int, dice: np.random.Generator, least: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray, list[Where]]:
    ages, owners, spots, wheres = [], [], [], []
    for number, (hood, part) in enumerate(zip(town.hoods, share_out(count, town.hoods, least), strict=True)):
        found = spots_in(hood, part, dice)
        spots.append(found)
        owners.append(np.full(part, number))
        # One in each slice of time, so that every neighbourhood has old and new ones.
        ages.append((np.arange(part) + dice.random(part)) / max(part, 1) * DAYS)
        wheres.extend(name_spots(hood, found, town.gazetteer, dice))
    return np.concatenate(ages), np.concatenate(owners), np.concatenate(spots), wheres


def _draft(
    town: Town,
    hood: Neighbourhood,
    place: tuple[float, float],
    where: Where,
    age: float,
    luck: random.Random,
    numbers: _References,
) -> Draft:
    category = luck.choices(town.categories, cum_weights=town.weights)[0]
    reported = _daytime(town.now - dt.timedelta(days=age), luck, town.now)
    received = min(reported + dt.timedelta(minutes=luck.randint(0, 40)), town.now)
    origin = luck.choices(ORIGINS, ORIGIN_SHARES)[0]
    title, description = tell(category.code, where, luck)
    creator, office = _who(town.staff, hood, origin)
    return Draft(
        id=_uuid7(reported, luck),
        reference=numbers.next(received),
        title=title,
        description=description,
        category=category,
        x=place[0],
        y=place[1],
        address=where.esquina if luck.random() < 0.4 else f"{where.calle} {where.numero}",
        hood=hood,
        origin=origin,
        visibility=_visibility(category, origin, age, luck),
        levels=(None, None, None, None),
        reported_at=reported,
        created_at=received,
        creator=creator,
        measured_by=town.staff.facilitator_of(hood.code),
        office=office,
    )


def _enliven(
    draft: Draft, earlier: Draft | None, where: Where, luck: random.Random, now: dt.datetime
) -> None:
    """Let neighbours support a problem, and now and then report the last one of the neighbourhood again."""
    if earlier and not earlier.twin and luck.random() < REPORTED_TWICE:
        draft.twin, draft.category, draft.levels = earlier.id, earlier.category, earlier.levels
        draft.x, draft.y, draft.address = earlier.x, earlier.y, earlier.address
        draft.visibility = earlier.visibility
        draft.title, draft.description = tell(draft.category.code, where, luck)
    if draft.visibility == Visibility.PUBLIC and luck.random() < SUPPORTED:
        days = (now - draft.created_at) / dt.timedelta(days=1)
        many = min(24, int(luck.expovariate(0.22)))
        moments = sorted(luck.random() * min(days, 90) for _ in range(many))
        draft.supports = [draft.created_at + dt.timedelta(days=moment) for moment in moments]


class _References:
    """Gives out references by year and notes the last number of each."""

    def __init__(self) -> None:
        self.last = dict(ReferenceCounter.objects.values_list("year", "last"))

    def next(self, received: dt.datetime) -> str:
        year = timezone.localdate(received).year
        self.last[year] = self.last.get(year, 0) + 1
        return f"M-{year}-{self.last[year]:06d}"


def keep_counters() -> None:
    """Let the next reference of each year follow the last one that was given out."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO issues_referencecounter (year, last) "
            "SELECT substr(reference, 3, 4)::int, max(substr(reference, 8)::int) "
            "FROM issues_issue GROUP BY 1 "
            "ON CONFLICT (year) DO UPDATE SET last = greatest(issues_referencecounter.last, excluded.last)"
        )


def _daytime(moment: dt.datetime, luck: random.Random, now: dt.datetime) -> dt.datetime:
    local = timezone.localtime(moment)
    daytime = local.replace(
        hour=luck.choice((9, 10, 11, 12, 16, 17, 18, 19)), minute=luck.randint(0, 59), second=0
    )
    return min(daytime.replace(microsecond=luck.randint(0, 999) * 1000), now)


def _who(staff: Staff, hood: Neighbourhood, origin: str) -> tuple[User | None, str]:
    if origin in (Origin.WALK, Origin.GATHERING):
        person = staff.facilitator_of(hood.code)
        return person, staff.office_of(person)
    if origin == Origin.OFFICE:
        return staff.cabinet, staff.office_of(staff.cabinet)
    return None, RESIDENT_OFFICE if origin == Origin.RESIDENT else OTHER_OFFICE


def _visibility(category: Category, origin: str, age: float, luck: random.Random) -> str:
    if category.privacy == Privacy.NEVER:
        return Visibility.STAFF
    if origin in (Origin.RESIDENT, Origin.OPEN311) and age < 20 and luck.random() < 0.7:
        return Visibility.REVIEW
    return Visibility.HIDDEN if luck.random() < 0.006 else Visibility.PUBLIC


def _levels(draft: Draft, fragile: int, luck: random.Random) -> Levels4:
    """Severity near what the category suggests, reach and duration by chance, V by what is near."""
    if draft.origin not in (Origin.WALK, Origin.GATHERING) and luck.random() < 0.5:
        return (None, None, None, None)
    severity = draft.category.suggested_severity
    if severity < 3:
        severity = min(2, max(0, severity + luck.choice((-1, 0, 0, 0, 1))))
    reach = luck.choices((0, 1, 2, 3), (12, 46, 32, 10))[0]
    return (severity, reach, luck.choices((0, 1, 2, 3), (15, 40, 30, 15))[0], fragile)


def _uuid7(moment: dt.datetime, luck: random.Random) -> uuid.UUID:
    millis = int(moment.timestamp() * 1000)
    tail = luck.getrandbits(62)
    return uuid.UUID(int=millis << 80 | 7 << 76 | luck.getrandbits(12) << 64 | 2 << 62 | tail)


def _lines(draft: Draft) -> list[Line]:
    actor_id = draft.creator.pk if draft.creator else None
    return [Line("", START, draft.created_at, draft.office, actor_id), *draft.lines]


def _issue_row(draft: Draft) -> tuple[object, ...]:
    last = draft.lines[-1].at if draft.lines else draft.created_at
    walked = draft.origin == Origin.WALK
    hidden = "Contenía datos personales." if draft.visibility == Visibility.HIDDEN else ""
    return (
        draft.id, draft.reference, draft.title, draft.description, draft.category.pk,
        struct.pack("<BIIdd", 1, 0x20000001, 4326, draft.x, draft.y).hex(),
        8.0 if walked else None, not walked,
        draft.address, draft.hood.id, draft.hood.id, draft.origin, draft.visibility, hidden, draft.status,
        last, draft.closing_kind, draft.category.department_id, *draft.levels,
        "", draft.index, draft.due_date, draft.committed_date, 0, False, len(draft.supports),
        draft.reported_at, draft.created_at, last, draft.creator.pk if draft.creator else None,
        None if draft.index is None else draft.measured_by.pk,
    )  # fmt: skip


def _line_row(draft: Draft, line: Line) -> tuple[object, ...]:
    return (
        draft.id, line.kind, line.before, line.after, line.actor_id, line.office, line.at, "",
        line.public_text, list(line.evidence), "", "",
    )  # fmt: skip


def _support_rows(draft: Draft) -> Iterator[tuple[object, ...]]:
    for number, at in enumerate(draft.supports):
        yield draft.id, hashlib.sha256(f"{draft.id} {number}".encode()).hexdigest(), at


def copy(table: str, columns: Sequence[str], rows: Iterable[tuple[object, ...]]) -> None:
    """Write many rows at once; by INSERT, for PostgreSQL copies into no table with row-level security."""
    named = ", ".join(f'"{column}"' for column in columns)
    read = f"json_populate_recordset(NULL::{table}, %s::json)"
    written = f"INSERT INTO {table} ({named}) SELECT {named} FROM {read}"  # noqa: S608  # nosec B608 # our own names
    left = iter(rows)
    with connection.cursor() as cursor:
        while stride := list(islice(left, AT_ONCE)):
            told = [dict(zip(columns, row, strict=True)) for row in stride]
            cursor.execute(written, [json.dumps(told, default=str)])
