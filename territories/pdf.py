"""A page of ours on paper: the one way from a template and its styles to a tagged PDF (PDF/UA-1)."""

from __future__ import annotations

import logging
import re
from pathlib import Path

from django.contrib.staticfiles import finders
from weasyprint import CSS, HTML
from weasyprint.document import Document
from weasyprint.urls import URLFetcher

from territories.glyphs import drawable

# It logs every step of every page it lays out.
logging.getLogger("weasyprint.progress").setLevel(logging.WARNING)
# A sheet loads nothing from any address: its drawings are inside it.
ONLY_INLINE = URLFetcher(allowed_protocols=["data"], fail_on_errors=True)
# To ask of every word whether it may break takes four fifths of the time: only those are asked that are long.
LONG_WORD = re.compile(r"[^\s<>]{25,}")
TEXT = re.compile(r"(?<=>)(?<!<title>)[^<]*[^\s<]{25}[^<]*(?=<)")
LONG = '<span class="long">\\g<0></span>'
BREAKS = ".long { overflow-wrap: anywhere }"


def laid_out(page: str, style: str, *more: str) -> Document:
    """The HTML with the static stylesheet of that path and further rules, on its pages.

    Raises FileNotFoundError for a stylesheet that there is not.
    """
    source = HTML(string=with_breaks(drawable(page)), url_fetcher=ONLY_INLINE)
    return source.render(stylesheets=[CSS(string=rules) for rules in (_rules(style), BREAKS, *more)])


def pdf_of(document: Document) -> bytes:
    """Its bytes, tagged for those who listen to it."""
    return document.write_pdf(pdf_variant="pdf/ua-1")


def with_breaks(page: str) -> str:
    """HTML in which a word without end may be broken at any letter; tags and the title stay."""
    return TEXT.sub(lambda text: LONG_WORD.sub(LONG, text[0]), page)


def _rules(style: str) -> str:
    path = finders.find(style)
    if path is None:
        raise FileNotFoundError(style)
    return Path(path).read_text(encoding="utf-8")
