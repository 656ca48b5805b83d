"""Builds the demo town: the first problems live through everything, the rest are written as an archive."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from itertools import islice

import numpy as np
from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from core.typing import present
from demo import archive, deliveries, meetings
from demo.album import Album
from demo.calendar import Calendar
from demo.care import found_care_places
from demo.indexes import indexes_aside
from demo.meetings import Invitation
from demo.people import OWN_NEIGHBOURHOODS, Staff, hire
from demo.problems import Draft, Town, invent, keep_counters, store
from demo.progress import Progress
from demo.spots import Neighbourhood, load_gazetteer, load_neighbourhoods, spots_in
from demo.words import answers
from gatherings.models import Gathering, Organisation
from handovers.life import delivery, verification
from handovers.life.delivery import DeliveryRefused
from handovers.models import HandoverItem
from issues.models import EntryKind, HistoryEntry, Issue, Track
from issues.workflow import AWAITING_VERDICT
from rankings.asking import AskedBy, WhoAsked
from rankings.first_places import first_places
from rankings.models import RankedList
from rankings.publishing import ListRefused, propose_move, publish
from territories.models import Territory

LIVELY = 600
CHUNK = 20_000
LOAD_IN_BULK = 20_000
OFFICE = "Pueblo de demostración"
PLANNED = 4
# Days before today: the first round of gatherings, the first list, the second round, the second list, and
# the round in which those with most repairs to judge meet again.
FIRST_ROUND = (126, 88)
FIRST_LIST = 80
SECOND_ROUND = (62, 24)
SECOND_LIST = 17
THIRD_ROUND = (14, 3)
MEET_AGAIN = 12
CLOSED_EARLY = 0.05
# The place of the problem that an organisation asks to have first on the second list.
ASKED_FOR = 12
HIGHEST_SEED = 2**32 - 1


def already_here() -> HistoryEntry | None:
    """The line of history saying that a demo town was loaded, or None."""
    return HistoryEntry.objects.filter(issue=None, kind=EntryKind.CONFIG, office=OFFICE).first()


@transaction.atomic
def build(count: int, seed: int, password: str, now: dt.datetime, progress: Progress) -> None:
    """Make the whole town in one transaction: the same count, seed and day give the same town."""
    Builder(count, seed, password, now, progress).build()


def evening_before(moment: dt.datetime) -> dt.datetime:
    """The moment at which the demo town stands still: eight in the evening of the day before."""
    yesterday = timezone.localtime(moment) - dt.timedelta(days=1)
    return yesterday.replace(hour=20, minute=0, second=0, microsecond=0)


def told_by(drafts: Sequence[Draft], moment: dt.datetime) -> tuple[list[Draft], list[Draft]]:
    """Those told until then and those after, in whatever order they come."""
    return (
        [draft for draft in drafts if draft.created_at <= moment],
        [draft for draft in drafts if draft.created_at > moment],
    )


class Builder:
    """The steps of building, in the order of time."""

    def __init__(self, count: int, seed: int, password: str, now: dt.datetime, progress: Progress) -> None:
        self.count, self.seed, self.now, self.progress = count, seed, now, progress
        self.dice = np.random.default_rng(seed)
        self.luck = random.Random(seed)  # noqa: S311  # nosec B311 # a demo town, not secrets
        codes = list(Territory.objects.current().values_list("code", flat=True))
        self.staff: Staff = hire(password, codes)
        hoods = load_neighbourhoods(self.dice)
        found_care_places(hoods, self.dice)
        self.town = Town(hoods, load_gazetteer(), self.staff, now)
        self.calendar = Calendar()
        self.offices = deliveries.Offices(self.staff, Album(self.luck), self.luck)
        self.organisations: dict[int, list[Organisation]] = {}

    def build(self) -> None:
        """Everything, the first problems first."""
        self.progress.step("Vecinas, vecinos y organizaciones")
        self.organisations = meetings.found_organisations(self.town.hoods, self.luck)
        meetings.found_councils()
        self._live(min(self.count, LIVELY))
        keep_counters()
        if self.count > LIVELY:
            self._archive(self.count - LIVELY)
            keep_counters()
        self._sign()

    def _live(self, count: int) -> None:
        drafts = invent(self.town, count, self.dice)
        waiting = list(drafts)
        invitations = self._invitations()
        early = _early(len(invitations))
        rounds = ((FIRST_LIST, invitations[:early]), (SECOND_LIST, invitations[early:]))
        for day, round_ in rounds:
            moment = self._days_ago(day, hour=11)
            reported, waiting = told_by(waiting, moment)
            self.progress.step(f"{len(reported)} problemas, {len(round_)} reuniones barriales y una lista")
            self._tell(reported)
            self._meet(round_)
            self._publish(moment)
        self.progress.step(f"{len(waiting)} problemas nuevos y las respuestas de las direcciones")
        self._tell(waiting)
        self._meet(self._invitations_again())
        self._go_on(self.now)
        self._plan_next()

    def _tell(self, drafts: list[Draft]) -> None:
        store(drafts)
        for draft in drafts:
            self.offices.album.before(draft, self.staff.facilitator_of(draft.hood.code))
            self._begin_life(draft)

    def _begin_life(self, draft: Draft) -> None:
        if draft.is_urgent:
            life = deliveries.urgent_life(self.offices, draft.id, draft.created_at)
        elif draft.twin:
            life = deliveries.merging_life(self.offices, draft.id, draft.twin, draft.created_at)
        elif self.luck.random() < CLOSED_EARLY or draft.category.track == Track.REFERRAL:
            life = deliveries.closing_life(self.offices, draft.id, draft.created_at)
        else:
            return
        self.calendar.begin(life)

    def _meet(self, invitations: list[Invitation]) -> None:
        for done, invitation in enumerate(invitations, 1):
            self._go_on(invitation.starts_at)
            gathering = meetings.plan(invitation, self.luck)
            sent_back = meetings.hold(
                gathering, self.organisations[invitation.hood.code], self.staff, self.luck
            )
            for issue_id, at in sent_back:
                self.calendar.begin(deliveries.again_life(self.offices, issue_id, at))
            self.progress.part(done, len(invitations))

    def _go_on(self, moment: dt.datetime) -> None:
        self.calendar.run(moment)
        verification.expire_verifications(moment)

    def _ask_for_one(self, moment: dt.datetime) -> None:
        """Before the second list an organisation asks that one problem pass; it is public who asked."""
        if RankedList.objects.count() != 1:
            return
        items = first_places(Track.MANAGEMENT, ASKED_FOR, moment).items
        if not items:
            return
        issue = Issue.objects.select_related("territory").get(reference=items[-1]["reference"])
        name = self.organisations[present(issue.territory).code][0].name
        asked = WhoAsked(AskedBy.ORGANISATION.value, name)
        propose_move(issue, 1, answers()["asked"][0], asked=asked, actor=self.staff.cabinet)

    def _publish(self, moment: dt.datetime) -> None:
        handed = moment + dt.timedelta(days=1, hours=4)
        self.calendar.run(handed)
        try:
            self._ask_for_one(moment)
            ranked_list = publish(Track.MANAGEMENT, actor=self.staff.cabinet, at=moment)
            delivery.hand_over(ranked_list, self.staff.cabinet, at=handed)
        except (ListRefused, DeliveryRefused):
            return  # A town so small that nothing waits.
        for number in self._handed(ranked_list):
            life = deliveries.answered_life(self.offices, number, handed, deliveries.LISTED)
            self.calendar.begin(life)

    def _handed(self, ranked_list: RankedList) -> Iterable[int]:
        items = HandoverItem.objects.filter(handover__ranked_list=ranked_list)
        return items.order_by("pk").values_list("pk", flat=True)

    def _invitations(self) -> list[Invitation]:
        """One for every neighbourhood, and a second one for one of the facilitator's own."""
        hoods = list(self.town.hoods)
        self.luck.shuffle(hoods)
        own = next((hood for hood in hoods if hood.code in OWN_NEIGHBOURHOODS), hoods[0])
        hoods.remove(own)
        hoods = [own, *hoods, own]
        early = _early(len(hoods))
        days = [*_evenly(FIRST_ROUND, early), *_evenly(SECOND_ROUND, len(hoods) - early)]
        return [
            self._invitation(number, hood, self._days_ago(day, hour=19))
            for number, (hood, day) in enumerate(zip(hoods, days, strict=True), 1)
        ]

    def _invitations_again(self) -> list[Invitation]:
        """For the neighbourhoods with most repairs to judge."""
        self.calendar.run(self._days_ago(THIRD_ROUND[0], hour=9))
        waiting = Issue.objects.public().filter(status__in=AWAITING_VERDICT).order_by()
        counts = dict(waiting.values_list("territory_id").annotate(Count("pk")))
        hoods = sorted(self.town.hoods, key=lambda hood: (-counts.get(hood.id, 0), hood.code))[:MEET_AGAIN]
        days, last = _evenly(THIRD_ROUND, len(hoods)), Gathering.objects.count()
        return [
            self._invitation(last + number, hood, self._days_ago(day, hour=19))
            for number, (hood, day) in enumerate(zip(hoods, days, strict=True), 1)
        ]

    def _plan_next(self) -> None:
        """The gatherings to come, the first of them tonight in a neighbourhood of the facilitator's."""
        hoods = [hood for hood in self.town.hoods if hood.code in OWN_NEIGHBOURHOODS] or self.town.hoods[:1]
        others = [hood for hood in self.town.hoods if hood not in hoods]
        last = Gathering.objects.count()
        chosen = [hoods[-1], *self.luck.sample(others, min(PLANNED - 1, len(others)))]
        for number, hood in enumerate(chosen):
            starts = self._days_ago(-1 - 5 * number, hour=19)
            meetings.plan(self._invitation(last + 1 + number, hood, starts), self.luck)
        council_meets = self._days_ago(-1 - 5 * len(chosen), hour=18)
        conducts = self.staff.facilitator_of(chosen[0].code)
        meetings.plan_council(last + 1 + len(chosen), council_meets, conducts, self.luck)

    def _invitation(self, number: int, hood: Neighbourhood, starts: dt.datetime) -> Invitation:
        spot = spots_in(hood, 1, self.dice)[0]
        facilitator = self.staff.facilitator_of(hood.code)
        return Invitation(number, hood, starts, (float(spot[0]), float(spot[1])), facilitator)

    def _archive(self, count: int) -> None:
        self.progress.step(f"{count:,} problemas de archivo".replace(",", "."))
        drafts = invent(self.town, count, self.dice, least=0, lively=False)
        ledger = archive.Ledger(self.staff, self.offices.album, self.luck, self.now)
        done = 0
        with indexes_aside("issues_issue") if count >= LOAD_IN_BULK else nullcontext():
            while chunk := list(islice(drafts, CHUNK)):
                ledger.store(chunk)
                done += len(chunk)
                self.progress.part(done, count)

    def _sign(self) -> None:
        HistoryEntry.objects.create(
            kind=EntryKind.CONFIG,
            to_value=f"{self.count} problemas, semilla {self.seed}",
            office=OFFICE,
            at=self.now,
            public_text="Datos inventados para mostrar el sistema: ningún problema ni organización es real.",
        )

    def _days_ago(self, days: int, *, hour: int) -> dt.datetime:
        return (self.now - dt.timedelta(days=days)).replace(hour=hour)


def _evenly(span: tuple[int, int], count: int) -> list[int]:
    first, last = span
    return [round(first + (last - first) * step / max(count - 1, 1)) for step in range(count)]


def _early(gatherings: int) -> int:
    """How many of the gatherings are held before the first list: 16 of 22."""
    return max(1, gatherings * 16 // 22)
