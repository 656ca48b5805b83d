"""What offices make of the problems of the demo town, through the same functions as real ones.

Each life is a generator for the demo calendar: it yields the moment of its next step.
"""

from __future__ import annotations

import datetime as dt
import random
import uuid
from dataclasses import dataclass
from typing import NamedTuple

from django.utils import timezone

from accounts.models import Department, User
from core.typing import present
from demo.album import Album
from demo.calendar import Life, days_later
from demo.people import Staff
from demo.words import answers as words
from handovers.life import answers, delivery, progress
from handovers.models import CostClass, HandoverItem, HoldKind, RefusalKind
from issues.life.duplicates import merge
from issues.life.lifecycle import Change, move
from issues.models import Issue, Track
from issues.workflow import ClosingKind, Status, TransitionRefused

SILENT = 0.07
REDIRECTED = 0.08
UNANSWERED = 0.09
PAUSED = 0.2
RESUMED = 0.75
REFUSALS = {
    RefusalKind.NO_BUDGET: "no_budget",
    RefusalKind.NEEDS_STUDY: "needs_study",
    RefusalKind.UNFEASIBLE: "unfeasible",
    RefusalKind.PRIVATE: "private_property",
    RefusalKind.NOT_MUNICIPAL: "not_municipal",
    RefusalKind.SOLVED: "already_solved",
}
CLOSINGS = {
    ClosingKind.WITHDRAWN: "closed_withdrawn",
    ClosingKind.NOT_FEASIBLE: "closed_not_feasible",
    ClosingKind.OTHER_BODY: "closed_other_body",
}
# Thousands of pesos that a class of cost means here.
COSTS: dict[str, tuple[int, int]] = {
    CostClass.C1: (40, 500),
    CostClass.C2: (600, 5_000),
    CostClass.C3: (6_000, 28_000),
}


class Pace(NamedTuple):
    """How many days the steps of an office take, at least and at most, and what it refuses."""

    receipt: tuple[int, int]
    answer: tuple[int, int]
    start: tuple[int, int]
    work: tuple[int, int]
    refused: float
    refusals: tuple[RefusalKind, ...]


LISTED = Pace((0, 6), (2, 12), (3, 22), (3, 24), 0.15, tuple(REFUSALS))
URGENT = Pace((0, 2), (0, 3), (0, 2), (1, 5), 0.05, (RefusalKind.SOLVED, RefusalKind.NOT_MUNICIPAL))


@dataclass
class Offices:
    """Who acts, with which luck, and who takes the photos."""

    staff: Staff
    album: Album
    luck: random.Random

    def say(self, moment: str) -> str:
        """One of the sentences for a moment."""
        return self.luck.choice(words()[moment])

    def manager(self, item: HandoverItem) -> User:
        """Who answers for the department that has the problem now."""
        return self.staff.managers[item.department_id]

    def neighbour(self, item: HandoverItem) -> User:
        """Who facilitates in the neighbourhood."""
        return self.staff.facilitator_of(present(item.issue.territory).code)


def item_now(number: int) -> HandoverItem:
    """A handed-over problem as it stands."""
    items = HandoverItem.objects.select_related("issue__category", "issue__territory", "department")
    return items.defer("issue__territory__boundary", "issue__territory__outline").get(pk=number)


def urgent_life(offices: Offices, issue_id: uuid.UUID, reported_at: dt.datetime) -> Life:
    """Risk to life: handed over within the hour, answered in days."""
    luck = offices.luck
    handed = reported_at + dt.timedelta(minutes=luck.randint(12, 55))
    yield handed
    issue = Issue.objects.get(pk=issue_id)
    delivery.hand_over_urgent(issue, offices.staff.cabinet, at=handed)
    number = HandoverItem.objects.get(issue_id=issue_id, is_current=True).pk
    yield from answered_life(offices, number, handed, URGENT)


def answered_life(offices: Offices, number: int, handed: dt.datetime, pace: Pace) -> Life:
    """From the handover to the receipt and the answer; some offices stay silent."""
    luck = offices.luck
    if luck.random() < SILENT:
        return
    moment = days_later(handed, *pace.receipt, luck)
    if luck.random() < REDIRECTED:
        yield moment
        _redirect(offices, number, moment)
        moment = days_later(moment, 1, 4, luck)
    yield moment
    item = item_now(number)
    answers.acknowledge(item, offices.manager(item), at=moment)
    if luck.random() < UNANSWERED:
        return
    moment = days_later(moment, *pace.answer, luck)
    yield moment
    if luck.random() < pace.refused:
        _refuse(offices, number, moment, pace)
        return
    _accept(offices, number, moment)
    yield from work_life(offices, number, moment, pace)


def work_life(offices: Offices, number: int, accepted: dt.datetime, pace: Pace) -> Life:
    """The work: start, perhaps a pause, the report with a photo."""
    luck = offices.luck
    moment = days_later(accepted, *pace.start, luck)
    yield moment
    item = item_now(number)
    progress.start(item, offices.manager(item), public_text=offices.say("in_progress"), at=moment)
    if luck.random() < PAUSED:
        moment = days_later(moment, 1, 6, luck)
        yield moment
        _hold(offices, number, moment)
        if luck.random() >= RESUMED:
            return
        moment = days_later(moment, 12, 30, luck)
        yield moment
        item = item_now(number)
        progress.resume(item, offices.manager(item), public_text=offices.say("in_progress"), at=moment)
    elif luck.random() < 0.3:
        moment = days_later(moment, 1, 4, luck)
        yield moment
        item = item_now(number)
        progress.note(item, offices.manager(item), public_text=offices.say("progress"), at=moment)
    moment = days_later(moment, *pace.work, luck)
    yield moment
    _report_done(offices, number, moment)


def again_life(offices: Offices, issue_id: uuid.UUID, disputed: dt.datetime) -> Life:
    """What a gathering did not accept is worked on and told as done again."""
    moment = days_later(disputed, *LISTED.work, offices.luck)
    yield moment
    number = HandoverItem.objects.get(issue_id=issue_id, is_current=True).pk
    _report_done(offices, number, moment)


def closing_life(offices: Offices, issue_id: uuid.UUID, reported_at: dt.datetime) -> Life:
    """A problem that was taken back, belongs to another body or cannot be solved where it is."""
    moment = days_later(reported_at, 4, 40, offices.luck)
    yield moment
    issue = Issue.objects.select_related("category").get(pk=issue_id)
    if issue.status != Status.REGISTERED:
        return
    kind = offices.luck.choice(list(CLOSINGS))
    if issue.category.track == Track.REFERRAL:
        kind = ClosingKind.OTHER_BODY
    change = Change(to=Status.CLOSED, closing_kind=kind, public_text=offices.say(CLOSINGS[kind]))
    cabinet = offices.staff.cabinet
    move(issue, change, actor=cabinet, office=cabinet.office, at=moment)


def merging_life(offices: Offices, issue_id: uuid.UUID, into_id: uuid.UUID, reported_at: dt.datetime) -> Life:
    """A problem reported twice is merged into the first, where both still wait."""
    moment = days_later(reported_at, 1, 9, offices.luck)
    yield moment
    issue, into = Issue.objects.get(pk=issue_id), Issue.objects.get(pk=into_id)
    person = offices.staff.cabinet
    if issue.status not in (Status.REGISTERED, Status.VALIDATED):
        return
    try:
        merge(issue, into, actor=person, office=person.office, at=moment)
    except TransitionRefused:
        return  # The first one was closed meanwhile.


def _redirect(offices: Offices, number: int, moment: dt.datetime) -> None:
    item = item_now(number)
    others = list(Department.objects.exclude(pk=item.department_id).order_by("pk"))
    answers.redirect(
        item,
        offices.manager(item),
        department=offices.luck.choice(others),
        public_text=offices.say("redirect"),
        at=moment,
    )


def _accept(offices: Offices, number: int, moment: dt.datetime) -> None:
    item = item_now(number)
    answers.accept(
        item,
        offices.manager(item),
        committed_date=timezone.localdate(moment) + dt.timedelta(days=offices.luck.randint(12, 70)),
        public_text=offices.say("scheduled"),
        cost_class=offices.luck.choice(list(COSTS)),
        at=moment,
    )


def _refuse(offices: Offices, number: int, moment: dt.datetime, pace: Pace) -> None:
    item = item_now(number)
    kind = offices.luck.choice(pace.refusals)
    refusal = answers.Refusal(kind, offices.say(REFUSALS[kind]))
    answers.refuse(item, offices.manager(item), refusal, at=moment)


def _hold(offices: Offices, number: int, moment: dt.datetime) -> None:
    item = item_now(number)
    progress.hold(
        item,
        offices.manager(item),
        review_date=timezone.localdate(moment) + dt.timedelta(days=30),
        kind=offices.luck.choice(HoldKind.values),
        public_text=offices.say("on_hold"),
        at=moment,
    )


def _report_done(offices: Offices, number: int, moment: dt.datetime) -> None:
    item = item_now(number)
    manager = offices.manager(item)
    taken = moment - dt.timedelta(minutes=10)
    photo = offices.album.after(
        item.issue_id, item.issue.category.code, manager, offices.neighbour(item), taken
    )
    least, most = COSTS.get(item.cost_class, (0, 40))
    progress.report_done(
        item,
        manager,
        photos=[photo],
        public_text=offices.say("reported_done"),
        cost_spent=offices.luck.randint(least, most) * 1000,
        at=moment,
    )
