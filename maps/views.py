"""The public pages: map and list, problems, neighbourhoods."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from issues.filters import BadFilter
from issues.keyset import BadPage
from maps.errors import answer
from maps.listing import choices, listing, page_settings


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Map and list in step; `part=list` answers with the list alone."""
    try:
        found = listing(request.user, request.GET)
        if request.GET.get("part") == "list":
            return render(request, "maps/_results.html", {"listing": found})
        context = {"listing": found, "page_settings": page_settings(request.GET), **choices(request.GET)}
        return render(request, "maps/home.html", context)
    except (BadFilter, BadPage) as refusal:
        return answer(request, 400, _("No entendimos el filtro"), str(refusal))
