"""How names are compared: without case, accents, dashes or the word «barrio». Imports no Django."""

from __future__ import annotations

import re
import unicodedata

_PREFIX = re.compile(r"^(barrio|b|unidad vecinal|sector) ")


def plain(text: str) -> str:
    """Lower case, without accents, dashes or doubled spaces: how names are compared and searched."""
    decomposed = unicodedata.normalize("NFKD", text)
    letters = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^\w]+|_", " ", letters.casefold()).split())


def name_key(name: str) -> str:
    """What two spellings of one neighbourhood share: «Barrio LOS HEROES» and «Los Héroes» are one."""
    key = plain(name)
    return _PREFIX.sub("", key) or key
