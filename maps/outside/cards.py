"""The picture of a link where it is shared: what it is, where, how it stands. Pure drawing."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from PIL import Image, ImageDraw, ImageFont

from territories.glyphs import FACES, drawable, file_of
from territories.paper import Extent, Paper

# Pixels; what the networks cut least.
WIDTH, HEIGHT = 1200, 630
MARGIN = 64
MAP_WIDTH = 470
TITLE_LINES = 4
COLOURS = 32
BRAND, INK, MUTED, GROUND, STREET = "#0d4a55", "#1d2a2f", "#4d5b61", "#ffffff", "#c9d5d6"
# As static/css/base/tokens.css has them for a light page.
MARKS = {
    "new": "#0b6cab", "validated": "#8a3f93", "handed": "#c44d00", "working": "#dc9600",
    "done": "#00785a", "closed": "#5c666b",
}  # fmt: skip
Line = Sequence[tuple[float, float]]
Text = tuple[str, str, int, str]


@dataclass(frozen=True)
class Card:
    """What is drawn. Places are in degrees, EPSG:4326, longitude first."""

    site: str
    title: str
    below: str
    status: str = ""
    mark: str = "new"
    extent: Extent | None = None
    lines: list[Line] = field(default_factory=list)
    spots: list[tuple[float, float]] = field(default_factory=list)
    border: list[Line] = field(default_factory=list)

    @property
    def text_width(self) -> int:
        """Pixels; the words take the place of a map that is not there."""
        return WIDTH - 2 * MARGIN - (MAP_WIDTH if self.extent else 0)


def as_png(card: Card) -> bytes:
    """The card as PNG of a few colours, so that a phone loads it at once."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), GROUND)
    pen = ImageDraw.Draw(picture)
    if card.extent:
        _draw_map(pen, card)
    pen.rectangle((0, 0, WIDTH, 96), fill=BRAND)
    pen.text((MARGIN, 28), drawable(card.site), GROUND, _font(1, 34))
    _draw_words(pen, card)
    written = io.BytesIO()
    picture.quantize(COLOURS).save(written, "PNG", optimize=True)
    return written.getvalue()


def _draw_words(pen: ImageDraw.ImageDraw, card: Card) -> None:
    y = 150
    for line in wrapped(pen, drawable(card.title), _font(1, 50), card.text_width)[:TITLE_LINES]:
        pen.text((MARGIN, y), line, INK, _font(1, 50))
        y += 64
    for line in wrapped(pen, drawable(card.below), _font(0, 32), card.text_width)[:2]:
        pen.text((MARGIN, y + 12), line, MUTED, _font(0, 32))
        y += 42
    if card.status:
        pen.ellipse((MARGIN, HEIGHT - 84, MARGIN + 32, HEIGHT - 52), fill=MARKS[card.mark])
        pen.text((MARGIN + 48, HEIGHT - 90), drawable(card.status), INK, _font(1, 34))


def _draw_map(pen: ImageDraw.ImageDraw, card: Card) -> None:
    west, south, east, north = card.extent or (0, 0, 1, 1)
    paper = Paper(west, south, east, north, MAP_WIDTH)
    left, top = WIDTH - MAP_WIDTH, 96 + (HEIGHT - 96 - paper.height) / 2
    pen.rectangle((left, 96, WIDTH, HEIGHT), fill="#eef3f2")
    for line in card.lines:
        pen.line([_moved(paper, spot, left, top) for spot in line], STREET, 5, "curve")
    for ring in card.border:
        pen.line([_moved(paper, spot, left, top) for spot in ring], BRAND, 4, "curve")
    pen.rectangle((0, 96, left - 1, HEIGHT), fill=GROUND)
    for spot in card.spots:
        x, y = _moved(paper, spot, left, top)
        pen.ellipse((x - 20, y - 20, x + 20, y + 20), fill=MARKS[card.mark], outline=GROUND, width=5)


def _moved(paper: Paper, spot: tuple[float, float], left: float, top: float) -> tuple[float, float]:
    x, y = paper.at(*spot[:2])
    return x + left, y + top


def wrapped(pen: ImageDraw.ImageDraw, text: str, font: ImageFont.FreeTypeFont, width: float) -> list[str]:
    """The text in lines no wider than `width` pixels; a word that is too long is cut."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if pen.textlength(longer, font) <= width:
            lines[-1] = longer
        else:
            lines.append(_cut(pen, word, font, width))
    return [line for line in lines if line]


def _cut(pen: ImageDraw.ImageDraw, word: str, font: ImageFont.FreeTypeFont, width: float) -> str:
    if pen.textlength(word, font) <= width:
        return word
    while word and pen.textlength(word + "…", font) > width:
        word = word[:-1]
    return word + "…"


@cache
def _font(face: int, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(file_of(FACES[face]), size)
