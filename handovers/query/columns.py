"""Exactly what the desk shows, as files: the public columns and those of the handover, in the same order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

from django.http import HttpResponse, StreamingHttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from handovers.models import Answer, CostClass, RefusalKind
from handovers.query.filters import NO_PLACE
from issues.models import IssueQuerySet
from issues.query.files import COLUMNS, Column, TooMany, day, label
from issues.query.formats import WRITTEN, Format
from territories import pdf
from territories.media_types import MEDIA_TYPES

MAX_PDF = 300
PESOS = '"$"#,##0'


def _or_empty(labels: Mapping[str | None, object]) -> Callable[[object], str]:
    return label({None: "", "": "", **labels})


DESK_COLUMNS = (
    Column(
        "lugar_en_la_lista", "place", lambda place: None if place in (None, NO_PLACE) else place, kind=int
    ),
    Column("ronda", "current__round", kind=int),
    Column("lista", "current__list_place__ranked_list__number", kind=int),
    Column("entrega", "current__handover__number", kind=int),
    Column("entregado", "current__handover__handed_at", day, kind=dt.date),
    Column("acuse_hasta", "current__receipt_due", kind=dt.date),
    Column("acuse", "current__received_at", day, kind=dt.date),
    Column("respuesta_hasta", "current__answer_due", kind=dt.date),
    Column("respuesta", "current__answer", _or_empty(dict(Answer.choices))),
    Column("respondido", "current__answered_at", day, kind=dt.date),
    Column("motivo_de_la_negativa", "current__refusal_kind", _or_empty(dict(RefusalKind.choices))),
    Column("plazo", "due_date", kind=dt.date),
    Column("a_cargo_de", "assigned"),
    Column("clase_de_costo", "current__cost_class", _or_empty(dict(CostClass.choices))),
    Column("costo_estimado", "current__cost_estimate", kind=int, shown=PESOS),
    Column("gasto", "current__cost_spent", kind=int, shown=PESOS),
    *COLUMNS,
)
PDF = "pdf"
FILES = (*WRITTEN, PDF)


def file_of(rows: IssueQuerySet, kind: str) -> HttpResponse | StreamingHttpResponse:
    """The desk's rows, in their order, as one of FILES; streamed where the format can be. Raises TooMany."""
    answer = _paper(rows) if kind == PDF else _table(rows, WRITTEN[kind])
    answer["Content-Disposition"] = f'attachment; filename="gestion.{kind}"'
    return answer


def _paper(rows: IssueQuerySet) -> HttpResponse:
    return HttpResponse(pdf_file(rows), content_type=MEDIA_TYPES[PDF])


def _table(rows: IssueQuerySet, made: Format) -> HttpResponse | StreamingHttpResponse:
    if made.lines:
        return StreamingHttpResponse(made.lines(rows, DESK_COLUMNS), content_type=made.media_type)
    return HttpResponse(made.whole(rows, DESK_COLUMNS), content_type=made.media_type)


def pdf_file(rows: IssueQuerySet, most: int = MAX_PDF) -> bytes:
    """A printable table of at most so many problems; raises TooMany."""
    found = list(rows.select_related("category", "territory", "department")[: most + 1])
    if len(found) > most:
        sentence = _("El PDF lleva hasta %(most)s problemas: filtra un poco más o baja el XLSX.")
        raise TooMany(sentence % {"most": most})
    page = render_to_string("handovers/desk/list_pdf.html", {"rows": found})
    return pdf.pdf_of(pdf.laid_out(page, "css/desk/desk-list.css"))
