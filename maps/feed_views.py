"""Atom with GeoRSS: news of any filter, newest first. Public problems only."""

from __future__ import annotations

import datetime as dt
import re

from django.conf import settings
from django.contrib.gis.feeds import Feed, GeoAtom1Feed
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import Department
from issues.models import CategoryGroup, Issue
from issues.query.filters import BadFilter, filtered
from maps.error_views import answer
from territories.models import Territory

ENTRIES = 50
# Letters that XML 1.0 cannot hold.
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


class IssueFeed(Feed):
    """The problems that changed last, each with its place and status."""

    feed_type = GeoAtom1Feed

    def get_object(self, request: HttpRequest) -> HttpRequest:
        """The request itself: its parameters are the filter."""
        return request

    def title(self, request: HttpRequest) -> str:
        return _("Mapa Barrial de %(commune)s: novedades") % {"commune": settings.COMMUNE_NAME}

    def link(self, request: HttpRequest) -> str:
        return f"/?{request.GET.urlencode()}" if request.GET else "/"

    def feed_url(self, request: HttpRequest) -> str:
        return request.get_full_path()

    def subtitle(self, request: HttpRequest) -> str:
        return _("Problemas informados por los barrios y qué ha pasado con ellos.")

    def items(self, request: HttpRequest) -> list[Issue]:
        found = (
            filtered(Issue.objects.public(), request.GET)
            .select_related("category", "territory")
            .defer("territory__boundary", "territory__outline")
        )
        return list(found.order_by("-updated_at", "-id")[:ENTRIES])

    def author_name(self, request: HttpRequest) -> str:
        return _("Mapa Barrial de %(commune)s") % {"commune": settings.COMMUNE_NAME}

    def item_title(self, issue: Issue) -> str:
        return _clean(f"{issue.title} ({issue.get_status_display()})")

    def item_description(self, issue: Issue) -> str:
        # The summary of an entry is HTML: a < of the text stays a <.
        place = [issue.category.name, issue.territory.name if issue.territory else "", issue.address]
        return escape(_clean(" · ".join(part for part in [*place, issue.description] if part)))

    def item_link(self, issue: Issue) -> str:
        return f"/problemas/{issue.reference}/"

    def item_guid(self, issue: Issue) -> str:
        return f"urn:uuid:{issue.pk}"

    def item_pubdate(self, issue: Issue) -> dt.datetime:
        return issue.reported_at

    def item_updateddate(self, issue: Issue) -> dt.datetime:
        return issue.updated_at

    def item_categories(self, issue: Issue) -> list[str]:
        return [issue.category.code, issue.status]

    def item_geometry(self, issue: Issue) -> tuple[float, float]:
        """(lng, lat); the feed writes «lat lng», as GeoRSS asks."""
        return (issue.location.x, issue.location.y)


@require_safe
def issue_feed(request: HttpRequest) -> HttpResponse:
    """The feed of a filter, or a sentence about what is wrong with it."""
    try:
        return IssueFeed()(request)
    except BadFilter as refusal:
        return answer(request, 400, _("No entendimos el filtro"), str(refusal))


@require_safe
def feeds(request: HttpRequest) -> HttpResponse:
    """Which feeds there are."""
    context = {
        "territories": Territory.objects.current().only("name", "slug", "code"),
        "departments": Department.objects.filter(is_open=True),
        "groups": CategoryGroup.objects.all(),
        "agenda_url": reverse("gatherings-ics"),
    }
    return render(request, "maps/data/feeds.html", context)


def _clean(text: str) -> str:
    return NOT_XML.sub("", text)
