"""Handing over: a published list goes to the departments, an urgent problem goes at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Department, User
from core.duties import Act, require
from core.together.contention import patiently
from core.typing import present
from handovers.life import inbox
from handovers.life.deadlines import DueDates
from handovers.life.service_levels import dates_from, listed, urgent
from handovers.models import Handover, HandoverItem, NotificationKind
from issues.index import LIFE_AT_RISK
from issues.life.lifecycle import Change, check, move
from issues.life.routing import answering
from issues.models import Category, Issue, IssueQuerySet, Track
from issues.workflow import Status, TransitionRefused
from rankings.asking import NOBODY, WhoAsked
from rankings.models import ListPlace, RankedList

SYSTEM_OFFICE = "Mapa Barrial"
WAITING = (Status.REGISTERED, Status.VALIDATED)
MAX_PROVISIONAL = 100


class DeliveryRefused(ValueError):
    """A list or problem that cannot be handed over; the text is one sentence for the person."""


@dataclass(frozen=True)
class Staying:
    """A place of a list that cannot be handed over now, and why, in one sentence."""

    place: ListPlace
    sentence: str


@dataclass(frozen=True)
class Plan:
    """What handing a list over would do: the places that go, by department, and those that stay."""

    going: list[ListPlace]
    staying: list[Staying]

    @property
    def by_department(self) -> dict[Department, list[ListPlace]]:
        """The places that go, grouped by department, in the order of the list."""
        parts: dict[Department, list[ListPlace]] = {}
        for place in self.going:
            parts.setdefault(present(place.issue.department), []).append(place)
        return parts


def plan(ranked_list: RankedList, at: dt.datetime | None = None) -> Plan:
    """Sort the places of a list that were not handed over yet into those that can go and those that stay.

    Of those that stay because no neighbourhood voted on them only the first MAX_PROVISIONAL are given: in a
    large town they are tens of thousands, all with the same sentence.
    """
    now = at or timezone.now()
    going, staying = [], []
    for place in _open_places(ranked_list):
        place.issue.department = answering(place.issue)
        sentence = _why_it_stays(place.issue, now)
        if sentence:
            staying.append(Staying(place, sentence))
        else:
            going.append(place)
    return Plan(going, staying)


@transaction.atomic
def hand_over(ranked_list: RankedList, actor: User, at: dt.datetime | None = None) -> list[Handover]:
    """Hand every place that can go to its department: one numbered handover for each department.

    Issues move from validated to handed_over and get their deadlines. May be repeated for places that
    could not go the first time. Raises PermissionDenied for those whose duty it is not, and
    DeliveryRefused when nothing can go; then nothing is stored.
    """
    require(actor.post, Act.HAND_OVER)
    now = at or timezone.now()
    _one_at_a_time()
    Issue.objects.lock_in_order(_to_go(ranked_list))
    going = plan(ranked_list, now).by_department
    if not going:
        raise DeliveryRefused(_("No queda nada que entregar de esta lista."))
    dates = dates_from(now, listed())
    return [
        _hand_part(ranked_list, department, places, dates, actor, now)
        for department, places in sorted(going.items(), key=lambda part: part[0].code)
    ]


@transaction.atomic
def hand_over_urgent(
    issue: Issue, actor: User | None, at: dt.datetime | None = None, asked: WhoAsked = NOBODY
) -> Handover:
    """Validate an urgent problem and hand it over at once, outside any list; it says who asked for it.

    Without an actor the installation itself does it. Raises PermissionDenied, DeliveryRefused or
    TransitionRefused.
    """
    if actor:
        require(actor.post, Act.URGENT)
    now = at or timezone.now()
    _one_at_a_time()
    locked = Issue.objects.locked(issue.pk)
    _require_urgent(locked)
    if locked.status == Status.REGISTERED:
        text = _("Riesgo para la vida: va por la vía urgente, sin esperar la votación.")
        change = Change(to=Status.VALIDATED, public_text=text)
        locked = move(locked, change, actor=actor, office=_office(actor), at=now)
    handover = _new_handover(None, present(answering(locked)), actor, now, asked)
    item = _hand_item(handover, locked, None, dates_from(now, urgent()), actor, now)
    inbox.tell(NotificationKind.URGENT, inbox.people_of(handover.department), but=actor, item=item)
    return handover


def urgent_waiting() -> IssueQuerySet:
    """Urgent problems that no department has been sent yet, the oldest first."""
    # By number: then either condition has its index.
    urgent_ones = list(Category.objects.filter(track=Track.URGENT).order_by().values_list("pk", flat=True))
    return (
        Issue.objects.filter(Q(severity=LIFE_AT_RISK) | Q(category_id__in=urgent_ones))
        .filter(status__in=WAITING, department__isnull=False)
        .select_related("category")
        .order_by("reported_at", "pk")
    )


def hand_over_all_urgent(actor: User | None = None, asked: WhoAsked = NOBODY) -> int:
    """Hand over every waiting urgent problem; returns how many."""
    sent = 0
    for issue in urgent_waiting():
        try:
            patiently(partial(hand_over_urgent, issue, actor, asked=asked))
        except (DeliveryRefused, TransitionRefused):
            continue  # Somebody else moved it since it was listed.
        sent += 1
    return sent


def _to_go(ranked_list: RankedList) -> Iterable[UUID]:
    waiting = ranked_list.places.filter(handover_items__isnull=True)
    return waiting.exclude(issue__status=Status.REGISTERED).order_by().values_list("issue", flat=True)


def _open_places(ranked_list: RankedList) -> list[ListPlace]:
    places = (
        ranked_list.places.filter(handover_items__isnull=True)
        .select_related("issue__department", "issue__category", "territory")
        .defer("territory__boundary", "territory__outline", "issue__shape", "issue__search_text")
        .order_by("place")
    )
    provisional = places.filter(issue__status=Status.REGISTERED)[:MAX_PROVISIONAL]
    others = places.exclude(issue__status=Status.REGISTERED)
    return sorted([*others, *provisional], key=lambda place: place.place)


def _why_it_stays(issue: Issue, now: dt.datetime) -> str:
    if issue.status == Status.REGISTERED:
        return _("Es provisorio: falta que una reunión barrial lo ratifique.")
    if issue.status == Status.HANDED_OVER:
        return _("Ya fue entregado.")
    try:
        check(issue, Change(to=Status.HANDED_OVER, department=issue.department), now)
    except TransitionRefused as refusal:
        return str(refusal)
    return ""


def _hand_part(
    ranked_list: RankedList,
    department: Department,
    places: list[ListPlace],
    dates: DueDates,
    actor: User,
    now: dt.datetime,
) -> Handover:
    handover = Handover.objects.filter(ranked_list=ranked_list, department=department).first()
    handover = handover or _new_handover(ranked_list, department, actor, now)
    for place in places:
        _hand_item(handover, place.issue, place, dates, actor, now)
    people = inbox.people_of(department)
    inbox.tell(NotificationKind.DELIVERY, people, but=actor, handover=handover)
    return handover


def _new_handover(
    ranked_list: RankedList | None,
    department: Department,
    actor: User | None,
    now: dt.datetime,
    asked: WhoAsked | None = None,
) -> Handover:
    last = Handover.objects.aggregate(last=Max("number"))["last"] or 0
    return Handover.objects.create(
        number=last + 1,
        ranked_list=ranked_list,
        department=department,
        handed_at=now,
        handed_by=actor,
        **(asked._asdict() if asked else {}),
    )


def _hand_item(
    handover: Handover,
    issue: Issue,
    place: ListPlace | None,
    dates: DueDates,
    actor: User | None,
    now: dt.datetime,
) -> HandoverItem:
    change = Change(
        to=Status.HANDED_OVER,
        department=handover.department,
        public_text=_history_text(handover, place),
        due_date=dates.receipt,
    )
    move(issue, change, actor=actor, office=_office(actor), at=now)
    HandoverItem.objects.filter(issue=issue, is_current=True).update(is_current=False)
    return HandoverItem.objects.create(
        handover=handover,
        issue=issue,
        list_place=place,
        department=handover.department,
        receipt_due=dates.receipt,
        answer_due=dates.answer,
        written_answer_due=dates.written,
    )


def _history_text(handover: Handover, place: ListPlace | None) -> str:
    words = {"number": handover.number, "department": handover.department.name}
    if place is None:
        return _("Entrega urgente N.º %(number)s a %(department)s.") % words
    words |= {"list": place.ranked_list.number, "place": place.place, "round": place.round}
    return (
        _("Entrega N.º %(number)s a %(department)s: lista %(list)s, lugar %(place)s, ronda %(round)s.")
        % words
    )


def _require_urgent(issue: Issue) -> None:
    if not issue.is_urgent:
        raise DeliveryRefused(_("Solo lo urgente se entrega sin pasar por una lista."))
    if issue.department is None:
        raise DeliveryRefused(_("Falta la dirección municipal que responde."))
    if issue.status not in WAITING:
        raise DeliveryRefused(_("Ese problema ya fue entregado o cerrado."))


def _office(actor: User | None) -> str:
    return actor.office if actor else SYSTEM_OFFICE


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('handovers_handover'))")
