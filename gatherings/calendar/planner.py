"""The calendar: what the rotation proposes, how long each neighbourhood waits, moving and calling off."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import holidays
from django.conf import settings
from django.db import transaction
from django.db.models import Max, Min
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Role, User
from core.outbox import post
from core.together.once import last_at
from core.together.seen import Fact
from gatherings import rotation
from gatherings.calendar import agenda
from gatherings.models import COMFORTS, Gathering, GatheringState
from gatherings.refusals import RoomRefused, not_now
from gatherings.room.counting import become
from territories.models import Territory

WEEKS = 12
STARTS, LASTS = dt.time(19), dt.timedelta(hours=2)
# Everybody is at home; no calendar of holidays has them.
EVES = {(12, 24), (12, 31)}
REMIND_BEFORE = dt.timedelta(days=2)


@dataclass(frozen=True)
class Proposal:
    """A turn with everything needed to put it on the calendar."""

    territory: Territory
    starts_at: dt.datetime
    place: str
    facilitator: User | None


def proposals(user: User, today: dt.date | None = None) -> list[Proposal]:
    """What the rotation proposes for the next twelve weeks, in the neighbourhoods this person may act in."""
    today = today or timezone.localdate()
    territories = {each.code: each for each in Territory.objects.current().without_boundary()}
    days = rotation.meeting_days(today + dt.timedelta(days=1), WEEKS)
    turns = rotation.propose(_latest(territories), _busy(days), days)
    places, facilitators = _usual_places(), _facilitators()
    return [
        Proposal(
            territories[turn.territory],
            _evening(turn.day),
            places.get(turn.territory, ""),
            facilitators.get(turn.territory),
        )
        for turn in turns
        if user.works_in(turn.territory)
    ]


def waits(today: dt.date | None = None) -> list[tuple[Territory, rotation.Wait]]:
    """How long every neighbourhood waits, the longest first."""
    territories = {each.code: each for each in Territory.objects.current().without_boundary()}
    held = dict.fromkeys(territories) | _days(Gathering.objects.closed(), Max, territories)
    planned = _days(Gathering.objects.upcoming().order_by(), Min, territories)
    found = rotation.waits(held, planned, today or timezone.localdate())
    return [(territories[wait.territory], wait) for wait in found]


def facts(request: HttpRequest, gathering_id: uuid.UUID) -> list[Fact]:
    """What moving a gathering or calling it off depends on: where, when, with whom, and its state."""
    gathering = Gathering.objects.with_names().filter(pk=gathering_id).first()
    if gathering is None:
        return []
    who = last_at(request.path)
    starts, ends = (timezone.localtime(each) for each in (gathering.starts_at, gathering.ends_at))
    shown = {
        "state": gathering.get_state_display(),
        "place": gathering.place,
        "starts_at": f"{starts:%d-%m-%Y %H:%M}",
        "ends_at": f"{ends:%d-%m-%Y %H:%M}",
        "location": str((gathering.location and gathering.location.coords) or "—"),
        "walk_at": f"{timezone.localtime(gathering.walk_at):%d-%m-%Y %H:%M}" if gathering.walk_at else "—",
        "walk_from": gathering.walk_from or "—",
        "facilitator": gathering.facilitator.get_full_name() or gathering.facilitator.username,
        "mode": gathering.get_mode_display(),
        **{name: _("sí") if getattr(gathering, name) else _("no") for name in COMFORTS},
    }
    names = {field.name: field.verbose_name for field in Gathering._meta.fields}
    return [Fact(names[name], value, value, who) for name, value in shown.items()]


def agenda_facts(request: HttpRequest) -> list[Fact]:
    """What accepting a proposal depends on: what is already on the calendar."""
    planned = Gathering.objects.upcoming().with_names().order_by("starts_at", "pk")
    newest = max(planned, key=lambda each: each.number, default=None)
    now = f"{newest.host_name}, {timezone.localtime(newest.starts_at):%d-%m-%Y}" if newest else ""
    value = [(each.number, each.starts_at) for each in planned]
    return [Fact(gettext_lazy("reuniones programadas"), value, now, last_at(request.path))]


@transaction.atomic
def move(gathering: Gathering, facts: Mapping[str, Any]) -> Gathering:
    """Change place, time, walk or mode of a planned gathering; raises RoomRefused once it has begun."""
    locked = Gathering.objects.select_for_update(of=("self",)).get(pk=gathering.pk)
    if locked.state != GatheringState.PLANNED:
        raise not_now(_("Solo se puede mover una reunión que todavía no empieza."))
    for field, value in facts.items():
        setattr(locked, field, value)
    locked.reminded_at = None
    locked.revision += 1
    locked.save()
    return locked


@transaction.atomic
def cancel(gathering: Gathering, reason: str) -> Gathering:
    """Call a gathering off with a public reason; raises RoomRefused without one, or once the vote began."""
    locked = Gathering.objects.select_for_update(of=("self",)).get(pk=gathering.pk)
    if not reason.strip():
        raise RoomRefused("text", _("Escribe por qué se suspende: la gente lo leerá."))
    become(locked, GatheringState.CANCELLED)
    locked.cancelled_reason = reason.strip()[:300]
    locked.revision += 1
    locked.save()
    return locked


def remind(now: dt.datetime | None = None) -> int:
    """One e-mail to the facilitator of each gathering of the next two days; returns how many went out."""
    now = now or timezone.now()
    due = Gathering.objects.filter(
        state=GatheringState.PLANNED, reminded_at__isnull=True, starts_at__range=(now, now + REMIND_BEFORE)
    )
    return sum(_remind(gathering, now) for gathering in due.with_names().exclude(facilitator__email=""))


@transaction.atomic
def _remind(gathering: Gathering, now: dt.datetime) -> int:
    # Claimed with the letter: two runs at once never write two.
    claimed = Gathering.objects.filter(pk=gathering.pk, reminded_at__isnull=True).update(reminded_at=now)
    if not claimed:
        return 0
    subject = _("Recordatorio: reunión en %(host)s") % {"host": gathering.host_name}
    body = render_to_string(
        "gatherings/mail/reminder.txt", {"gathering": gathering, "site_url": settings.SITE_URL}
    )
    post(gathering.facilitator.email, subject, body)
    return 1


def _latest(territories: Mapping[int, Territory]) -> dict[int, dt.date | None]:
    # One that was never opened did not take place: its neighbourhood keeps its turn.
    missed = Gathering.objects.never_opened().order_by().values("pk")
    counted = Gathering.objects.exclude(state=GatheringState.CANCELLED).exclude(pk__in=missed)
    return dict.fromkeys(territories) | _days(counted, Max, territories)


def _days(gatherings: Any, pick: type, territories: Mapping[int, Territory]) -> dict[int, dt.date | None]:
    rows = gatherings.filter(territory__code__in=territories).values_list("territory__code")
    return {code: timezone.localdate(at) for code, at in rows.annotate(at=pick("starts_at")).order_by()}


def _busy(days: list[dt.date]) -> set[dt.date]:
    feasts = holidays.country_holidays(settings.HOLIDAYS_COUNTRY, years={day.year for day in days})
    planned = Gathering.objects.exclude(state=GatheringState.CANCELLED).filter(starts_at__gte=timezone.now())
    taken = {timezone.localdate(at) for at in planned.values_list("starts_at", flat=True)}
    return taken | {day for day in days if day in feasts or (day.month, day.day) in EVES}


def _usual_places() -> dict[int, str]:
    rows = Gathering.objects.filter(territory__isnull=False).order_by("starts_at")
    return dict(rows.values_list("territory__code", "place"))


def _facilitators() -> dict[int, User]:
    people = User.objects.filter(role=Role.FACILITATOR, is_active=True).order_by("-pk")
    return {code: person for person in people for code in person.territory_codes}


def _evening(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, STARTS))


def accept(proposal_day: dt.date, territory: Territory, user: User) -> Gathering:
    """Put a proposal on the calendar with the usual place and facilitator; it can be moved afterwards."""
    starts = _evening(proposal_day)
    facts = {
        "territory": territory,
        "place": _usual_places().get(territory.code) or _("Lugar por confirmar"),
        "starts_at": starts,
        "ends_at": starts + LASTS,
        "facilitator": _facilitators().get(territory.code, user),
    }
    return agenda.plan(facts, user)
