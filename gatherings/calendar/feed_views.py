"""The agenda as iCalendar, for the calendar programs of neighbours."""

from __future__ import annotations

import datetime as dt
import re
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from icalendar import Calendar, Event

from gatherings.models import Gathering, GatheringState

BACK = dt.timedelta(days=90)
MOST = 1_000
WALK_LASTS = dt.timedelta(hours=2)
# RFC 5545 allows no control sign in a text but the tab and the end of a line.
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]+")
STATUS: dict[str, str] = {GatheringState.CANCELLED: "CANCELLED"}


@require_safe
def agenda_ics(request: HttpRequest) -> HttpResponse:
    """Every gathering from three months ago on; a cancelled one stays, marked as such."""
    since = timezone.now() - BACK
    gatherings = Gathering.objects.visible_to(request.user).filter(starts_at__gte=since).with_names()
    calendar = calendar_of(list(gatherings.order_by("starts_at")[:MOST]))
    answer = HttpResponse(calendar.to_ical(), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'inline; filename="reuniones.ics"'
    return answer


def calendar_of(gatherings: list[Gathering]) -> Calendar:
    """An RFC 5545 calendar with one event for each gathering, times in UTC."""
    calendar = Calendar()
    calendar.add("prodid", "-//Mapa Barrial//Reuniones//ES")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _("Reuniones barriales de %(commune)s") % {"commune": settings.COMMUNE_NAME})
    calendar.add("x-wr-timezone", settings.TIME_ZONE)
    for gathering in gatherings:
        calendar.add_component(event_of(gathering))
        if gathering.walk_at:
            calendar.add_component(walk_of(gathering, gathering.walk_at))
    return calendar


def event_of(gathering: Gathering) -> Event:
    """One gathering as an event; its SEQUENCE grows with every change, so that programs update it."""
    address = settings.SITE_URL + reverse("gathering", args=[gathering.pk])
    event = Event()
    event.add("uid", f"{gathering.pk}@{urlsplit(settings.SITE_URL).hostname}")
    event.add("dtstamp", _stamp())
    event.add("dtstart", gathering.starts_at.astimezone(dt.UTC))
    event.add("dtend", gathering.ends_at.astimezone(dt.UTC))
    event.add("sequence", gathering.revision)
    event.add("summary", _plain(_("Reunión barrial: %(host)s") % {"host": gathering.host_name}))
    event.add("location", _plain(gathering.place))
    event.add("status", STATUS.get(gathering.state, "CONFIRMED"))
    event.add("url", address)
    event.add("description", _description(gathering, address))
    if gathering.location:
        event.add("geo", (gathering.location.y, gathering.location.x))
    return event


def _description(gathering: Gathering, address: str) -> str:
    offered = "; ".join(str(each) for each in gathering.comforts)
    said = _("En el lugar: %(comforts)s. ") % {"comforts": offered} if offered else ""
    return said + _("El resultado y la agenda: %(address)s") % {"address": address}


def walk_of(gathering: Gathering, starts: dt.datetime) -> Event:
    """The walk before a gathering, as a separate event: two hours, or until people sit down."""
    ends = starts + WALK_LASTS
    # An event ends after it starts, even when the walk begins as the gathering does.
    if starts < gathering.starts_at:
        ends = min(ends, gathering.starts_at)
    event = Event()
    event.add("uid", f"{gathering.pk}-walk@{urlsplit(settings.SITE_URL).hostname}")
    event.add("dtstamp", _stamp())
    event.add("dtstart", starts.astimezone(dt.UTC))
    event.add("dtend", ends.astimezone(dt.UTC))
    event.add("sequence", gathering.revision)
    event.add("summary", _plain(_("Caminata: %(host)s") % {"host": gathering.host_name}))
    event.add("location", _plain(gathering.walk_from or gathering.place))
    event.add("status", STATUS.get(gathering.state, "CONFIRMED"))
    return event


def _stamp() -> dt.datetime:
    """When this calendar was made, to the hour: asked again meanwhile, it is the same to the byte."""
    return timezone.now().astimezone(dt.UTC).replace(minute=0, second=0, microsecond=0)


def _plain(text: str) -> str:
    return CONTROL.sub(" ", text.replace("\r\n", "\n"))
