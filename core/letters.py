"""Letters: which cannot be kept, which nobody sees, and how words are compared. Imports no Django.

The classes are written so that Python's `re` and PostgreSQL read them alike.
"""

from __future__ import annotations

import re
import unicodedata

# Inside a word nobody sees them: soft hyphen, joiners, marks of direction, fillers, selectors.
HIDDEN = (
    "\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
# A text of nothing but these is empty: also spaces, controls and the blank of braille.
INVISIBLE = f"\x01- \x7f-\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u2800\u3000{HIDDEN}"
# Typed, pasted and printed for the same: telephones and word processors change them by themselves.
APOSTROPHES = "'`´‘’‛ʻʼʹˈ′＇"
# What a word loses before it is compared, once accents stand apart from their letters.
DROPPED = f"[\u0300-\u036f{APOSTROPHES}{HIDDEN}]"
# Has a decomposition of its own (a blank and an accent), which would cut the word.
ACUTE = "´"

_UNFIT = re.compile(
    "[\x00\ud800-\udfff\ufdd0-\ufdef\ufffd-\uffff"
    + "".join(chr(plane << 16 | last) for plane in range(1, 17) for last in (0xFFFE, 0xFFFF))
    + "]"
)
_VISIBLE = re.compile(f"[^{INVISIBLE}]")
_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_CONTROLS = re.compile("[\x01-\x08\x0e-\x1f\x7f-\x9f]")
# They turn the letters of others round; what is written from right to left does so without them.
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_DROPPED = re.compile(DROPPED)
_BETWEEN_WORDS = re.compile(r"[^\w]+|_")


def unfit(text: str) -> re.Match[str] | None:
    """The first letter that cannot be kept: NUL, half a letter, a lost one (U+FFFD), none at all."""
    return _UNFIT.search(text)


def is_blank(text: str) -> bool:
    """Whether nobody would see anything."""
    return not _VISIBLE.search(text)


def tidy(text: str) -> str:
    """The same text as every keyboard writes it: accents composed, one kind of line break, no controls."""
    if text.isascii() and text.isprintable():
        return text
    text = _CONTROLS.sub(" ", _BREAKS.sub("\n", text))
    return unicodedata.normalize("NFC", _TURNS.sub("", text))


def line_of(text: str) -> str:
    """Of a text that nobody can be asked about, what can be kept, as one line; empty when blank."""
    kept = _UNFIT.sub(" ", text)
    return "" if is_blank(kept) else " ".join(tidy(kept).split())


def fold(text: str) -> str:
    """How words are compared and searched: lower case, without accents, apostrophes and dashes."""
    apart = unicodedata.normalize("NFKD", text.replace(ACUTE, ""))
    return " ".join(_BETWEEN_WORDS.sub(" ", _DROPPED.sub("", apart).lower()).split())


def name_of(letter: str) -> str:
    """A letter by its number and, where it can be seen, itself: «U+FFFD �»."""
    number = f"U+{ord(letter):04X}"
    return number if unicodedata.category(letter)[0] == "C" else f"{number} {letter}"
