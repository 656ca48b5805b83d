"""Letters on paper: what the font of our sheets cannot draw becomes a square instead of disappearing."""

from __future__ import annotations

import re
import subprocess
import unicodedata
from functools import cache

from fontTools.ttLib import TTFont, TTLibError

FACES = ("DejaVu Sans", "DejaVu Sans:bold")
SQUARE = "\u25a1"
# Marks that turn the direction of what follows: on paper the cause is invisible.
TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
# What only joins or colours the sign before it, such as the skin of an emoji.
JOINERS = "\u200d\ufe0e\ufe0f\U0001f3fb-\U0001f3ff"
SQUARES = re.compile(f"{SQUARE}[{SQUARE}{JOINERS}]*")


def drawable(page: str) -> str:
    """HTML with only letters that our font has: others in their plain form, or one square for a row of them.

    A PDF/UA must not show the font's own sign for a missing letter, which no reader can speak.
    """
    letters = _letters()
    if not letters:
        return page
    drawn = TURNS.sub("", page).translate(_Drawn(letters))
    return SQUARES.sub(SQUARE, drawn)


class _Drawn(dict):
    """The table for str.translate; each letter is looked up once."""

    def __init__(self, letters: frozenset[int]) -> None:
        super().__init__()
        self.letters = letters

    def __missing__(self, code: int) -> str:
        self[code] = self._of(chr(code))
        return self[code]

    def _of(self, letter: str) -> str:
        if letter.isspace() or ord(letter) in self.letters or re.match(f"[{JOINERS}]", letter):
            return letter
        plain = unicodedata.normalize("NFKC", letter)
        return plain if all(ord(each) in self.letters for each in plain) else SQUARE


@cache
def _letters() -> frozenset[int]:
    """The letters that every face of our sheets has; none where the fonts cannot be looked at."""
    try:
        return frozenset.intersection(*(_letters_of(face) for face in FACES))
    except (OSError, subprocess.SubprocessError, TTLibError):
        return frozenset()


@cache
def file_of(face: str) -> str:
    """The file of one of FACES. Raises OSError or SubprocessError where fonts cannot be looked up."""
    command = ["fc-match", "-f", "%{file}", face]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=10).stdout  # noqa: S603 (our own words)


def _letters_of(face: str) -> frozenset[int]:
    with TTFont(file_of(face), lazy=True) as font:
        return frozenset(font.getBestCmap())
