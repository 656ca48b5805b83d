"""The same text letter for letter without accents and in lower case, each where it was. No Django."""

from __future__ import annotations

import unicodedata


def plain(text: str) -> str:
    """One letter for each letter: lower case, no accent; «ñ» becomes «n» as `core.letters.fold` has it."""
    return "".join(map(_plain, text))


def _plain(letter: str) -> str:
    if letter in "ºª":
        return letter
    bare = unicodedata.normalize("NFKD", letter)[:1].lower() or " "
    return bare if len(bare) == 1 else letter
