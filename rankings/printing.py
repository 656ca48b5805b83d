"""A published list on paper: a tagged PDF of at most 300 places, beyond that a spreadsheet is better."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import segno
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.dateparse import parse_datetime

from issues.models import Track
from rankings.asking import sentence
from rankings.list_page import opening_of
from territories import pdf

MAX_PLACES = 300


def as_pdf(document: dict[str, Any], hidden: Collection[str] = ()) -> bytes:
    """The list as PDF/UA-1; titles of `hidden` references are left out."""
    page = render_to_string("rankings/print.html", context_of(document, hidden))
    return pdf.pdf_of(pdf.laid_out(page, "css/lists/list-print.css"))


def context_of(document: dict[str, Any], hidden: Collection[str]) -> dict[str, Any]:
    """What the template of the paper shows."""
    names = {each["code"]: each["name"] for each in document["neighbourhoods"]}
    address = settings.SITE_URL + reverse("list", args=[document["number"]])
    return {
        "document": document,
        "track": Track(document["track"]).label,
        "published_at": parse_datetime(document["published_at"]),
        "moves": [each | {"who_asked": asked(each)} for each in document["overrides"]],
        "opening": opening_of(document["items"]),
        "rows": [_row(item, names, hidden) for item in document["items"]],
        "address": address,
        "qr": segno.make(address, error="m").svg_data_uri(scale=4),
    }


def asked(move: dict[str, Any]) -> str:
    """Who asked for a change of place; empty in a list of format 1."""
    return sentence(move.get("asked_by", ""), move.get("asker", ""))


def _row(item: dict[str, Any], names: dict[int, str], hidden: Collection[str]) -> dict[str, Any]:
    is_public = item["reference"] not in hidden
    return item | {"neighbourhood_name": names[item["neighbourhood"]], "is_public": is_public}
