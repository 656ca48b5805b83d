"""The ballot on paper in large print: for each problem a number, a drawing, a title and boxes for tokens."""

from __future__ import annotations

import base64
import re
from pathlib import Path

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

from core.typing import present
from gatherings import tokens
from gatherings.models import Gathering, GatheringState
from gatherings.room.result import ShownItem
from gatherings.room.screen import ballot_items, hidden_words, issue_words
from territories import pdf

DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" {style}>{strokes}</svg>'
STYLE = 'fill="none" stroke="#000000" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round"'
# Of a ballot that nobody has formed yet: room for the most problems, to be written in by hand.
ROWS, BOXES = tokens.BALLOT_MAX, 2


def as_pdf(gathering: Gathering) -> bytes:
    """One ballot as PDF/UA-1; before the vote with empty lines, so that it can be copied beforehand."""
    page = render_to_string("gatherings/room/ballot_pdf.html", context_of(gathering))
    return pdf.pdf_of(pdf.laid_out(page, "css/room/ballot-print.css"))


def context_of(gathering: Gathering) -> dict[str, object]:
    """What the paper shows, in the order of the screen."""
    is_formed = gathering.state in (GatheringState.VOTING, GatheringState.CLOSED)
    boxes = range(gathering.tokens_per_issue if is_formed else BOXES)
    items = ballot_items(gathering) if is_formed else []
    lines = [_line(item) for item in sorted(items, key=lambda item: item.shown_at)]
    return {
        "gathering": gathering,
        "is_formed": is_formed,
        "lines": lines or [{"title": "", "drawing": ""} for _row in range(ROWS)],
        "boxes": boxes,
        "is_short": 0 < len(lines) <= ROWS // 2,
    }


def drawing(icon: str) -> str:
    """The drawing of a family of categories as the address of a picture; nothing for none."""
    path = Path(present(finders.find("icons/categories.svg")))
    found = re.search(
        rf'<symbol id="{re.escape(icon)}"[^>]*>(.*?)</symbol>', path.read_text(encoding="utf-8"), re.DOTALL
    )
    if not found:
        return ""
    drawn = DRAWING.format(style=STYLE, strokes=found[1])
    return f"data:image/svg+xml;base64,{base64.b64encode(drawn.encode()).decode()}"


def _line(item: ShownItem) -> dict[str, object]:
    words = issue_words(item.issue) if item.is_public else hidden_words(item.issue)
    return {**words, "drawing": drawing(str(words["icon"]))}
