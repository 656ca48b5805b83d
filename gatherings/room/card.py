"""The card of one page: an evening in ten lines, for whoever conducts one for the first time."""

from __future__ import annotations

from django.template.loader import render_to_string

from territories import kept_papers, pdf


def as_pdf() -> bytes:
    """The card as PDF/UA-1; the same for every gathering, so it is laid out once."""
    page = render_to_string("gatherings/room/card_pdf.html")
    return kept_papers.kept("card", [page], lambda: pdf.pdf_of(pdf.laid_out(page, "css/room/card.css")))
