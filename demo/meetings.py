"""The gatherings of the demo town, held through the same functions as real ones."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.gis.geos import Point
from django.utils import timezone

from accounts.models import User
from core.typing import present
from demo.people import Staff
from demo.spots import Neighbourhood
from demo.words import answers as words
from demo.words import names
from gatherings.acta import document as acta
from gatherings.calendar.forms import COUNCIL_KIND
from gatherings.directory import load, read_organisations
from gatherings.models import (
    ActaState,
    BallotItem,
    CountingMode,
    Gathering,
    GatheringState,
    Minute,
    MinuteKind,
    Organisation,
    Side,
)
from gatherings.room import again, attendance, ballot, commitments, counters, counting, minutes
from gatherings.tokens import BALLOT_MAX
from issues.life.levels import confirm_levels
from issues.models import Issue
from issues.workflow import AWAITING_VERDICT

MODES = (CountingMode.TOKENS, CountingMode.TOKENS, CountingMode.TOKENS, CountingMode.HANDS)
LASTS = dt.timedelta(minutes=110)
# The room takes so long for each repair.
LOOK = dt.timedelta(minutes=1)
# Problems reported in the last days before a gathering wait for the next one.
SETTLED = dt.timedelta(days=2)
BODIES_EACH = 4
DISSENT = 0.3
# In every so many rooms the second count has a slip.
SLIP_EACH = 5
# Of so many problems on a ballot one has levels that nobody confirmed.
UNCONFIRMED_EACH = 12
# Of the repairs it looks at, what a gathering verifies and what it sends back; of the rest it says nothing.
VERIFIED = 0.78
DISPUTED = 0.1
COUNCILS = Path(settings.BASE_DIR) / "shapefiles" / "consejos.csv"
COUNCIL_ROOM = "Centro cívico, sala de reuniones"
ACTA_STEPS = {
    ActaState.READ: dt.timedelta(minutes=6),
    ActaState.SIGNED: dt.timedelta(minutes=15),
    ActaState.PUBLISHED: dt.timedelta(days=2),
}


@dataclass(frozen=True)
class Invitation:
    """Where and when a neighbourhood meets. `spot` is (x, y) in EPSG:4326 degrees."""

    number: int
    hood: Neighbourhood
    starts_at: dt.datetime
    spot: tuple[float, float]
    facilitator: User


def found_organisations(hoods: list[Neighbourhood], luck: random.Random) -> dict[int, list[Organisation]]:
    """The invented bodies of every neighbourhood, by its code."""
    made = [one for hood in hoods for one in _bodies(hood, luck)]
    Organisation.objects.bulk_create(made)
    by_code: dict[int, list[Organisation]] = {}
    for organisation in made:
        by_code.setdefault(present(organisation.territory_code), []).append(organisation)
    return by_code


def found_councils() -> None:
    """The councils of the whole commune, which belong to no neighbourhood."""
    load(read_organisations(COUNCILS))


def plan(invitation: Invitation, luck: random.Random) -> Gathering:
    """Put a gathering on the calendar."""
    return Gathering.objects.create(
        id=uuid.UUID(int=luck.getrandbits(128), version=4),
        number=invitation.number,
        territory_id=invitation.hood.id,
        place=_room(invitation.hood, luck),
        location=Point(*invitation.spot, srid=4326),
        starts_at=invitation.starts_at,
        ends_at=invitation.starts_at + LASTS,
        facilitator=invitation.facilitator,
        mode=luck.choice(MODES),
    )


def plan_council(number: int, starts_at: dt.datetime, facilitator: User, luck: random.Random) -> Gathering:
    """Put a gathering of the first council of the whole commune on the calendar."""
    councils = Organisation.objects.filter(kind=COUNCIL_KIND, territory_code__isnull=True)
    return Gathering.objects.create(
        id=uuid.UUID(int=luck.getrandbits(128), version=4),
        number=number,
        council=councils.order_by("name").values_list("name", flat=True)[0],
        place=COUNCIL_ROOM,
        starts_at=starts_at,
        ends_at=starts_at + LASTS,
        facilitator=facilitator,
    )


def hold(
    gathering: Gathering, organisations: list[Organisation], staff: Staff, luck: random.Random
) -> list[tuple[uuid.UUID, dt.datetime]]:
    """Open, judge the repairs, form the ballot, vote, count and close; one without a ballot is called off.

    Returns which repairs it sent back to work, and when.
    """
    items = _ballot(gathering)
    if not items:
        gathering.state = GatheringState.CANCELLED
        gathering.save()
        return []
    counting.open_room(gathering, gathering.starts_at)
    gathering.save()
    _confirm(gathering, items, staff)
    sent_back = _judge(gathering, luck)
    came = _welcome(gathering, organisations, luck)
    for issue in items:
        ballot.add(gathering, issue.pk)
    counting.start_vote(gathering, f"{luck.getrandbits(32):08x}")
    gathering.save()
    counters.count_first(gathering, gathering.facilitator)
    _count(gathering, luck)
    _count_again(gathering, came[0], staff.cabinet)
    counting.name_witnesses(gathering, [str(body) for body in came[:2]], [])
    counting.close(gathering, gathering.facilitator, gathering.starts_at + LASTS)
    gathering.save()
    _write_acta(gathering, luck)
    return sent_back


def _confirm(gathering: Gathering, items: list[Issue], staff: Staff) -> None:
    """A facilitator of another zone confirms the levels before the vote; of some nobody does."""
    for issue in items:
        if issue.index is None or issue.levels_confirmed_by_id or issue.pk.int % UNCONFIRMED_EACH == 0:
            continue
        other = next(person for person in staff.facilitators.values() if person.pk != issue.levels_by_id)
        confirm_levels(
            issue,
            issue.levels,
            actor=other,
            office=staff.office_of(other),
            evidence=words()["evidence"][issue.pk.int % len(words()["evidence"])],
            at=gathering.starts_at,
        )


def _judge(gathering: Gathering, luck: random.Random) -> list[tuple[uuid.UUID, dt.datetime]]:
    here = Issue.objects.public().filter(territory=gathering.territory, status__in=AWAITING_VERDICT)
    told = here.filter(status_since__lt=gathering.starts_at).order_by("status_since", "pk")
    sent_back = []
    for number, issue in enumerate(told, 1):
        verdict, at = luck.random(), gathering.starts_at + number * LOOK
        if verdict < VERIFIED:
            said = luck.choice(words()["verified"])
            commitments.judge(gathering, issue.pk, True, said, gathering.facilitator, at)
        elif verdict < VERIFIED + DISPUTED:
            said = luck.choice(words()["disputed"])
            commitments.judge(gathering, issue.pk, False, said, gathering.facilitator, at)
            sent_back.append((issue.pk, at))
    return sent_back


def _ballot(gathering: Gathering) -> list[Issue]:
    settled = ballot.candidates(gathering).filter(created_at__lt=gathering.starts_at - SETTLED)
    return list(settled[:BALLOT_MAX])


def _welcome(
    gathering: Gathering, organisations: list[Organisation], luck: random.Random
) -> list[Organisation]:
    came = luck.sample(organisations, luck.randint(4, len(organisations)))
    for organisation in came:
        attendance.record(gathering, organisation, luck.randint(1, 7), None)
    attendance.record(gathering, None, luck.randint(6, 34), None)
    return came


def _count(gathering: Gathering, luck: random.Random) -> None:
    items = list(gathering.ballot.select_related("issue"))
    appeal = [0.3 + luck.random() + (item.issue.index or 60) / 150 for item in items]
    tokens: Counter[int] = Counter()
    people: Counter[int] = Counter()
    for _voter in range(gathering.voters):
        for number, given in _one_ballot(gathering, appeal, luck).items():
            tokens[number] += given
            people[number] += 1
    for number, item in enumerate(items):
        item.gathering = gathering
        counting.type_total(item, tokens[number], people[number], (None, None))


def _count_again(gathering: Gathering, body: Organisation, giver: User) -> None:
    """A witness with a code of the office types it all once more, in some rooms with a slip."""
    witness = names()["witness"][gathering.number % len(names()["witness"])]
    counters.count_again(gathering, gathering.facilitator, counters.give_code(body, giver), witness)
    items = list(gathering.ballot.select_related("issue"))
    right = {item.pk: (present(item.tokens), present(item.people)) for item in items}
    slip = next((item for item in items if present(item.tokens) > present(item.people)), None)
    for item in items:
        given, people = right[item.pk]
        item.gathering = gathering
        counting.type_total(item, given - _slips(gathering, item, slip), people, (None, None), Side.SECOND)
    again.compare(gathering, gathering.starts_at + LASTS)
    if slip and _slips(gathering, slip, slip):
        given, people = right[slip.pk]
        slip.tokens_again, slip.people_again = given - 1, people
        counting.type_total(slip, given, people, (given - 1, people), Side.SECOND)


def _slips(gathering: Gathering, item: BallotItem, slip: BallotItem | None) -> bool:
    return item is slip and gathering.number % SLIP_EACH == 0


def _write_acta(gathering: Gathering, luck: random.Random) -> None:
    """Agreements, now and then a dissent, then read aloud, signed and published."""
    for line in luck.sample(names()["agreements"], luck.randint(1, 3)):
        office, text = line.split(" | ")
        due = timezone.localdate(gathering.starts_at) + dt.timedelta(days=luck.randint(14, 60))
        minutes.note(gathering, Minute(kind=MinuteKind.AGREEMENT, text=text, office=office, due=due))
    if luck.random() < DISSENT:
        text = luck.choice(names()["dissent"])
        minutes.note(gathering, Minute(kind=MinuteKind.DISSENT, text=text))
    if luck.random() < DISSENT:
        text, reason = luck.choice(names()["declined"]).split(" | ")
        minutes.note(gathering, Minute(kind=MinuteKind.DECLINED, text=text, reason=reason))
    for state, later in ACTA_STEPS.items():
        acta.go_on(gathering, state, present(gathering.closed_at) + later)


def _one_ballot(gathering: Gathering, appeal: list[float], luck: random.Random) -> Counter[int]:
    """Where one voter puts tokens: never more on one problem than the rules allow."""
    given: Counter[int] = Counter()
    for _token in range(gathering.tokens_each):
        chosen = luck.choices(range(len(appeal)), appeal)[0]
        if given[chosen] < gathering.tokens_per_issue:
            given[chosen] += 1
    return +given


def _bodies(hood: Neighbourhood, luck: random.Random) -> list[Organisation]:
    boards = [
        Organisation(
            name=pattern.format(villa=villa[:1].upper() + villa[1:]),
            kind="junta de vecinos",
            territory_code=hood.code,
        )
        for pattern, villa in zip(names()["boards"], hood.villas, strict=False)
    ]
    drawn = [line.split(" | ") for line in luck.sample(names()["bodies"], BODIES_EACH)]
    return boards + [Organisation(name=name, kind=kind, territory_code=hood.code) for kind, name in drawn]


def _room(hood: Neighbourhood, luck: random.Random) -> str:
    villa = luck.choice(hood.villas)
    board = names()["boards"][0].format(villa=villa)
    return luck.choice(names()["rooms"]).format(villa=villa, board=board)
