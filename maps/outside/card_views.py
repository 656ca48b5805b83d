"""The pictures of shared links: of a problem, a neighbourhood, a list. Only of what everyone may see."""

from __future__ import annotations

from dataclasses import replace

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.gis.geos import MultiPolygon
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from core.postgis import identity
from issues.life.hiding import PUBLIC_SECONDS
from issues.models import Issue
from issues.statuses import MARK_OF
from maps.outside.cards import Card, Line, as_png
from rankings.models import RankedList
from territories.models import Territory
from territories.paper import Extent
from territories.places.sketch import streets_in

# Half of what the map of a problem shows, degrees: about 450 m to each side.
AROUND = (0.004, 0.0045)
MOST_STREETS = 150


@require_safe
def problem(request: HttpRequest, reference: str) -> HttpResponse:
    """Of a public problem; 404 at once when it is hidden, whoever asks."""
    public = Issue.objects.public().select_related("category", "territory")
    issue = get_object_or_404(
        public.defer("territory__boundary", "territory__outline"), reference=reference.upper()
    )
    lng, lat = issue.location.coords
    extent = (lng - AROUND[0], lat - AROUND[1], lng + AROUND[0], lat + AROUND[1])
    place = issue.territory.name if issue.territory else ""
    below = " · ".join(part for part in (issue.category.name, place, issue.reference) if part)
    status = str(issue.get_status_display()).capitalize()
    mark = MARK_OF[issue.status].name
    return _answer(Card(_site(), issue.title, below, status, mark, extent, _streets(extent), [(lng, lat)]))


@require_safe
def territory(request: HttpRequest, slug: str) -> HttpResponse:
    """Of a neighbourhood in force, with how many of its problems are public."""
    found = get_object_or_404(Territory.objects.current().defer("boundary"), slug=slug)
    count = Issue.objects.public().filter(territory__code=found.code).count()
    told = ngettext("%(count)d problema informado", "%(count)d problemas informados", count)
    extent = found.outline.extent
    card = Card(_site(), found.name, told % {"count": count}, extent=extent)
    return _answer(replace(card, lines=_streets(extent), border=_rings(found.outline)))


@require_safe
@identity.behind("counts")
def ranked_list(request: HttpRequest, number: int) -> HttpResponse:
    """Of a published list: its track, its day, its places."""
    lists = RankedList.objects.visible_to(AnonymousUser()).without_document()
    found = get_object_or_404(lists, number=number)
    title = _("Lista de prioridades %(number)s, %(track)s") % {
        "number": number, "track": found.get_track_display(),
    }  # fmt: skip
    places = found.places.count()
    told = ngettext("%(count)d lugar", "%(count)d lugares", places) % {"count": places}
    day = date_format(localtime(found.published_at), "SHORT_DATE_FORMAT")
    return _answer(Card(_site(), title, f"{told} · {day}"))


def _site() -> str:
    return _("Mapa Barrial de %(commune)s") % {"commune": settings.COMMUNE_NAME}


def _streets(extent: Extent) -> list[Line]:
    return [[(spot[0], spot[1]) for spot in line.coords] for _name, line in streets_in(extent, MOST_STREETS)]


def _rings(outline: MultiPolygon) -> list[Line]:
    return [[(spot[0], spot[1]) for spot in polygon[0].coords] for polygon in outline]


def _answer(card: Card) -> HttpResponse:
    made = HttpResponse(as_png(card), "image/png")
    made["Cache-Control"] = f"public, max-age={PUBLIC_SECONDS}"
    return made
