"""Which parameters each address for programs knows. One that it does not know is refused, not ignored:
a filter with a typing mistake would otherwise answer with more than was asked for, and nobody would see it.

Pages name what they do not know and go on; Open311 ignores it, as its standard wants.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from difflib import get_close_matches

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from core.typing import present
from issues.query.filters import FILTERS
from issues.query.formats import FORMATS
from maps.error_views import answer

# An address of the list leads to its map, files and feed as it is; the order means nothing there.
FILTERED = frozenset(FILTERS) | {"ordering"}
LISTED = FILTERED | {"cursor"}
NONE: frozenset[str] = frozenset()
KNOWN: dict[str, frozenset[str]] = {
    "api:root": NONE,
    "api:schema": frozenset({"format", "lang"}),
    "api:docs": NONE,
    "api:territories": frozenset({"full", "on"}),
    "api:territories-at": frozenset({"lat", "lng", "on"}),
    "api:indicators": NONE,
    "api:map": FILTERED | {"zoom"},
    "api:map-orientation": NONE,
    "api:search": frozenset({"q"}),
    "api:category-list": NONE,
    "api:category-detail": NONE,
    "api:issue-list": LISTED | {"page_size"},
    "api:issue-detail": NONE,
    "api:issue-history": NONE,
    "api:gathering-list": frozenset({"cursor", "page_size", "state", "territory"}),
    "api:gathering-detail": NONE,
    "api:list-list": frozenset({"before", "page_size", "track"}),
    "api:list-detail": NONE,
    "api:handover-list": frozenset({"before", "department", "lane", "page_size"}),
    "api:handover-detail": NONE,
    **{f"data-{kind}": LISTED | {"dialect"} for kind in FORMATS},
    "data-territories": NONE,
    "data-seals": NONE,
    "boundaries-download": NONE,
    "feed": LISTED,
    "tile": FILTERED,
}
# Pages name on themselves what they do not know, and leave it out of every link they make.
PAGES = {"home": LISTED | {"part"}, "data": LISTED}
# What other sites hang on a link to count their visitors says nothing about what is asked for.
COUNTING = ("utm_", "fbclid", "gclid")


class KnownParameters:
    """Middleware: 400 for what an address for programs does not know; a page is told it as `strange`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable, args: tuple, kwargs: Mapping[str, object]
    ) -> HttpResponse | None:
        """Look before anything is asked of the database."""
        name = present(request.resolver_match).view_name
        if name in PAGES:
            request.strange = _taken_out(request, PAGES[name])  # type: ignore[attr-defined]  # for the page
        strange = sorted(set(request.GET) - KNOWN.get(name, set(request.GET)))
        return _refusal(request, strange[0], KNOWN[name]) if strange else None


def _taken_out(request: HttpRequest, known: frozenset[str]) -> list[str]:
    kept = request.GET.copy()
    strange = [name for name in sorted(set(kept) - known) if kept.pop(name)]
    request.GET = kept  # type: ignore[assignment]  # the stubs know only sealed ones
    return [name[:60] for name in strange if not name.startswith(COUNTING)]


def _refusal(request: HttpRequest, name: str, known: frozenset[str]) -> HttpResponse:
    sentence = _("No conocemos el parámetro «%(name)s».") % {"name": name[:60]}
    near = get_close_matches(name, known, 1)
    if near:
        sentence += " " + _("¿Quisiste decir «%(near)s»?") % {"near": near[0]}
    elif known:
        sentence += " " + _("Los que hay: %(names)s.") % {"names": ", ".join(sorted(known))}
    return answer(request, 400, _("No entendimos la solicitud"), sentence)
