"""The acta on the screen and as a tagged PDF."""

from __future__ import annotations

import base64
import uuid

import segno
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from weasyprint.document import Document

from accounts.requests import signed_in
from core.postgis import identity
from core.together.once import last_at
from core.together.seen import Fact, watched
from gatherings.acta import challenges
from gatherings.acta import document as actas
from gatherings.acta.document import ActaDocument, AnnulledCount, CommitmentLine, MinuteLine, PlaceLine
from gatherings.drawing import neighbourhood_map
from gatherings.models import Acta, ActaState, CountingMode, Gathering
from gatherings.refusals import RoomRefused
from gatherings.room.result import has_tie
from gatherings.scales import groups_in_words
from issues.index import display
from issues.models import Issue
from issues.statuses import STATUS_LABELS
from territories import kept_papers, pdf

# The largest letters with which the acta stays on one page are taken, in points.
LETTERS = (9.5, 8.8, 8.2, 7.6)


def _stands(request: HttpRequest, gathering_id: uuid.UUID) -> list[Fact]:
    """What going on with an acta or correcting it depends on."""
    found = Acta.objects.filter(gathering=gathering_id).first()
    state = found.get_state_display() if found else str(ActaState.DRAFT.label)
    addenda = found.addenda.count() if found else 0
    who = last_at(request.path)
    return [Fact(_("acta"), state, state, who), Fact(_("correcciones"), addenda, str(addenda), who)]


@watched(_stands)
@require_http_methods(["GET", "HEAD", "POST"])
@identity.behind("counts")
def acta(request: HttpRequest, gathering_id: uuid.UUID) -> HttpResponse:
    """The acta: public once published, before that for those who conduct it; others who post get a 404."""
    found, conducts = _acta(request, gathering_id)
    refusal = ""
    if request.method == "POST":
        if not conducts:
            raise Http404
        try:
            _act(request, found.gathering)
            return redirect("gathering-acta", gathering_id)
        except RoomRefused as refused:
            refusal = str(refused)
    context = context_of(found) | {
        "conducts": conducts,
        "refusal": refusal,
        "next": actas.NEXT.get(found.state),
    }
    return render(request, "gatherings/acta/acta.html", context, status=400 if refusal else 200)


@require_safe
@identity.behind("counts")
def acta_pdf(request: HttpRequest, gathering_id: uuid.UUID) -> HttpResponse:
    """The same as PDF/UA."""
    found, _conducts = _acta(request, gathering_id)
    answer = HttpResponse(pdf_of(found), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="acta-{found.gathering.number}.pdf"'
    return answer


def pdf_of(found: Acta) -> bytes:
    """A tagged PDF (PDF/UA-1) that loads nothing from outside: one page where possible, else several.

    A draft changes with the room; what was read aloud is rendered once, and again only when it says more or,
    since a text was hidden, less.
    """
    if found.state == ActaState.DRAFT:
        return _rendered(found)
    return kept_papers.kept(f"acta/{found.gathering_id}", _says(found), lambda: _rendered(found))


def _says(found: Acta) -> list[object]:
    """All that the paper of an acta depends on; its own digest stays what it was."""
    texts: list[dict[str, str]] = []
    said = challenges.documents_of(challenges.of(found.gathering), texts)
    added = list(found.addenda.values_list("number", "text"))
    stands = [(each.challenge.pk, each.state) for each in challenges.told(challenges.of(found.gathering))]
    return [found.digest, found.state, added, said, texts, stands, actas.titles_of(actas.content_of(found))]


def _rendered(found: Acta) -> bytes:
    page = render_to_string(
        "gatherings/acta/acta_pdf.html", context_of(found) | {"drawings": _drawings(found)}
    )
    return pdf.pdf_of(_fitting(page))


def _fitting(page: str) -> Document:
    largest = _lay_out(page, LETTERS[0])
    # The smallest letters take two thirds of the room of the largest: three pages never become one.
    sizes = LETTERS[1:] if len(largest.pages) == 2 else ()
    smaller = (_lay_out(page, letters) for letters in sizes)
    return next((each for each in smaller if len(each.pages) == 1), largest)


def _lay_out(page: str, letters: float) -> Document:
    return pdf.laid_out(page, "css/room/acta.css", f"html {{ font-size: {letters}pt }}")


def context_of(found: Acta) -> dict[str, object]:
    """What page and PDF show: the document with titles, labels and dates in place of codes."""
    document = actas.content_of(found)
    titles = actas.titles_of(document)
    return {
        "acta": found,
        "gathering": found.gathering,
        "document": document,
        "planned": parse_datetime(document["planned"]),
        "opened": parse_datetime(document["opened"] or ""),
        "closed": parse_datetime(document["closed"] or ""),
        "has_tie": has_tie((line["tokens"], line["people"]) for line in document["places"]),
        "places": [_place(line, titles, document) for line in document["places"]],
        "commitments": [_commitment(line, titles) for line in document["commitments"]],
        "mapped": [titles[reference] for reference in document["mapped"] if reference in titles],
        "annulled": [_annulled(count) for count in document.get("annulled", [])],
        "groups": groups_in_words(document.get("groups", {})),
        "merges": [pair for pair in document["merges"] if set(pair) <= set(titles)],
        "minutes": {kind: [_minute(each) for each in said] for kind, said in document["minutes"].items()},
        "next_when": parse_datetime(document["next"]["when"]) if document["next"] else None,
        "addenda": list(found.addenda.all()),
        "challenges": challenges.told(challenges.of(found.gathering)),
        "address": _address(found),
        "mode": CountingMode(document["vote"]["mode"]).label,
        "states": ActaState.choices,
    }


def _act(request: HttpRequest, gathering: Gathering) -> None:
    if "addendum" in request.POST:
        actas.correct(gathering, request.POST["addendum"], signed_in(request))
    else:
        actas.go_on(gathering, request.POST.get("to", ""))


def _acta(request: HttpRequest, gathering_id: uuid.UUID) -> tuple[Acta, bool]:
    visible = Gathering.objects.visible_to(request.user).select_related("territory", "facilitator")
    gathering = get_object_or_404(visible, pk=gathering_id)
    conducts = Gathering.objects.run_by(request.user).filter(pk=gathering.pk).exists()
    published = Acta.objects.filter(gathering=gathering, state=ActaState.PUBLISHED).exists()
    if not gathering.is_closed or not (conducts or published):
        raise Http404
    found = actas.acta_of(gathering)
    found.gathering = gathering
    return found, conducts


def _place(line: PlaceLine, titles: dict[str, str], document: ActaDocument) -> dict[str, object]:
    handed_out = document["vote"]["handed_out"]
    return {
        **line,
        "title": titles.get(line["reference"]),
        "support": 100 * line["tokens"] / handed_out if handed_out else 0,
        "shown_index": None if line["index"] is None else display(line["index"]),
    }


def _commitment(line: CommitmentLine, titles: dict[str, str]) -> dict[str, object]:
    return {
        **line,
        "title": titles.get(line["reference"]),
        "status_label": STATUS_LABELS[line["status"]],
        "committed": parse_date(line["committed"] or ""),
    }


def _annulled(count: AnnulledCount) -> dict[str, object]:
    return {**count, "at": parse_datetime(count["at"])}


def _minute(line: MinuteLine) -> dict[str, object]:
    return {**line, "due": parse_date(line["due"] or "")}


def _address(found: Acta) -> str:
    return settings.SITE_URL + reverse("gathering", args=[found.gathering_id])


def _drawings(found: Acta) -> dict[str, str]:
    return {
        "map": _as_data(_map(found)),
        "qr": _as_data(segno.make(_address(found), error="m").svg_inline(scale=4)),
    }


def _map(found: Acta) -> str:
    document = actas.content_of(found)
    places = {line["reference"]: line["place"] for line in document["places"]}
    located = Issue.objects.public().filter(reference__in=places).values_list("reference", "location")
    marks = sorted((places[reference], point) for reference, point in located)
    return neighbourhood_map(found.gathering.territory, [(str(place), point) for place, point in marks])


def _as_data(drawing: str) -> str:
    encoded = base64.b64encode(drawing.encode()).decode()
    return f"data:image/svg+xml;base64,{encoded}" if drawing else ""
