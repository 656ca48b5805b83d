"""Pages and files of published lists."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from hashlib import sha256
from pathlib import Path

from django.core.exceptions import BadRequest
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.postgis import identity
from issues.life.hiding import PUBLIC_SECONDS
from issues.models import Track
from rankings import how_we_rank, list_page, spreadsheets, verify
from rankings.models import RankedList
from rankings.pending import RANKED_TRACKS
from rankings.printing import MAX_PLACES
from rankings.printing import as_pdf as printed
from rankings.publishing import document_of, file_of
from rankings.rules.texts import opened
from rankings.verifier_words import SENTENCES
from territories import kept_papers
from territories.media_types import MEDIA_TYPES

LISTS_PAGE = 30
# A published list never changes, but a problem on it can be hidden.
KEPT = f"public, max-age={PUBLIC_SECONDS}"


class Unreadable(BadRequest, ValueError):
    """A 400 whose text is shown to the person."""


@require_safe
@identity.behind("counts")
def index(request: HttpRequest) -> HttpResponse:
    """The latest list of each track, and all lists before."""
    lists = RankedList.objects.visible_to(request.user).without_document()
    before = _number(request.GET.get("antes_de", ""))
    archive = lists.filter(number__lt=before) if before else lists
    rows = list(archive.annotate(places_count=Count("places")).order_by("-number")[: LISTS_PAGE + 1])
    context = {
        "latest": [] if before else [found for track in RANKED_TRACKS for found in lists.latest_of(track)],
        "lists": rows[:LISTS_PAGE],
        "councils": list_page.council_gatherings(),
        "older": rows[LISTS_PAGE - 1].number if len(rows) > LISTS_PAGE else 0,
    }
    return render(request, "rankings/index.html", context)


@require_safe
@identity.behind("counts")
def detail(request: HttpRequest, number: int) -> HttpResponse:
    """One list: places, rounds, reasons, and what changed since the list before."""
    ranked_list = _list(request, number)
    before = RankedList.objects.before(ranked_list).without_document().first()
    part = _filter(request)
    page = list_page.page_of(ranked_list, before, part)
    context = {
        "list": ranked_list,
        "before": before,
        "after": _after(ranked_list),
        "part": part,
        "page": page,
        "points": [row.point for row in page.places if row.point],
        "changes": list_page.changes(ranked_list, before),
        "gone": list_page.gone_since(ranked_list, before)[:LISTS_PAGE] if not part.is_filtered else [],
        "moves": ranked_list.overrides.select_related("issue__category").defer("issue__shape"),
        "total": ranked_list.places.count(),
        "opening": list_page.opening_in(ranked_list),
        "most_on_paper": MAX_PLACES,
        **list_page.filters_of(ranked_list),
    }
    return render(request, "rankings/detail.html", context)


def kept(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A file of a list: answered once, then 304 by its digest."""

    @wraps(view)
    @identity.behind("counts")
    def answer(request: HttpRequest, number: int) -> HttpResponse:
        ranked_list = _list(request, number)
        tag = f'"{ranked_list.digest[:32]}-{_fingerprint(list_page.hidden_references(ranked_list))[:16]}"'
        if tag in request.headers.get("If-None-Match", ""):
            return _kept(HttpResponse(status=304), tag)
        return _kept(view(request, ranked_list), tag)

    return require_safe(answer)


@kept
def as_json(request: HttpRequest, ranked_list: RankedList) -> HttpResponse:
    """The canonical file: what the digest is taken over, and beside it the texts that are public."""
    return _file(file_of(ranked_list).encode(), ranked_list, "json", inline=True)


@kept
def as_csv(request: HttpRequest, ranked_list: RankedList) -> HttpResponse:
    """The list as a table; ?dialect=rfc4180 for programs, Unreadable (400) for another."""
    dialect = request.GET.get("dialect", "")
    if dialect not in ("", "rfc4180"):
        raise Unreadable(_("El único dialecto que se puede pedir es «rfc4180»."))
    hidden = list_page.hidden_references(ranked_list)
    text = spreadsheets.as_csv(document_of(ranked_list), hidden, for_programs=bool(dialect))
    return _file(text.encode(), ranked_list, "csv")


@kept
def as_xlsx(request: HttpRequest, ranked_list: RankedList) -> HttpResponse:
    """The list as a workbook."""
    table = spreadsheets.as_xlsx(document_of(ranked_list), list_page.hidden_references(ranked_list))
    return _file(table, ranked_list, "xlsx")


@kept
def as_pdf(request: HttpRequest, ranked_list: RankedList) -> HttpResponse:
    """The list on paper; Unreadable (400) for more than 300 places."""
    if ranked_list.places.count() > MAX_PLACES:
        raise Unreadable(_("Esta lista tiene más de 300 lugares: descárgala como XLSX."))
    hidden = list_page.hidden_references(ranked_list)
    # Laying out 300 rows takes seconds and always gives the same.
    says = [ranked_list.digest, sorted(hidden)]
    content = kept_papers.kept(
        f"list/{ranked_list.number}", says, lambda: printed(opened(document_of(ranked_list)), hidden)
    )
    return _file(content, ranked_list, "pdf", inline=True)


def _fingerprint(references: Iterable[str]) -> str:
    # By reference, not by number: hiding another one and showing one again changes the paper.
    return sha256("\n".join(sorted(references)).encode()).hexdigest()


@require_safe
def verify_page(request: HttpRequest, number: int) -> HttpResponse:
    """The verifier in the browser, which works on files of the person's own device."""
    ranked_list = _list(request, number)
    settings = {
        "published": reverse("list-json", args=[number]),
        "number": ranked_list.number,
        "digest": ranked_list.digest,
        "sentences": SENTENCES,
    }
    return render(request, "rankings/verify.html", {"list": ranked_list, "settings": settings})


@require_safe
def verifier(request: HttpRequest) -> HttpResponse:
    """The stand-alone verifier itself, to run at home."""
    response = HttpResponse(Path(verify.__file__).read_bytes(), content_type="text/x-python; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="verify.py"'
    return response


@require_safe
@identity.behind("counts")
def how(request: HttpRequest) -> HttpResponse:
    """How problems are put in order, in six sentences and with this commune's own numbers."""
    latest = RankedList.objects.visible_to(request.user).latest_of(Track.MANAGEMENT).first()
    context = {
        "list": latest,
        "areas": how_we_rank.areas(latest),
        "example": how_we_rank.worked_index(),
        **how_we_rank.parameters(),
    }
    return render(request, "rankings/how.html", context)


def _list(request: HttpRequest, number: int) -> RankedList:
    if number > list_page.MAX_NUMBER:
        number = 0
    lists = RankedList.objects.visible_to(request.user).without_document().with_clock()
    return get_object_or_404(lists, number=number)


def _after(ranked_list: RankedList) -> RankedList | None:
    later = RankedList.objects.filter(track=ranked_list.track, number__gt=ranked_list.number)
    return later.without_document().order_by("number").first()


def _filter(request: HttpRequest) -> list_page.ListFilter:
    try:
        return list_page.parse_filter(request.GET)
    except list_page.BadFilter as error:
        raise Unreadable(str(error)) from error


def _number(text: str) -> int:
    try:
        return list_page.parse_filter({"desde": text}).start if text else 0
    except list_page.BadFilter as error:
        raise Unreadable(str(error)) from error


def _file(content: bytes, ranked_list: RankedList, ending: str, *, inline: bool = False) -> HttpResponse:
    response = HttpResponse(content, content_type=MEDIA_TYPES[ending])
    way = "inline" if inline else "attachment"
    response["Content-Disposition"] = f'{way}; filename="lista-{ranked_list.number}.{ending}"'
    return response


def _kept(response: HttpResponse, tag: str) -> HttpResponse:
    response["ETag"] = tag
    response["Cache-Control"] = KEPT
    return response
