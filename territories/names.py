"""How names are compared: without case, accents, dashes or the word «barrio». Imports no Django."""

from __future__ import annotations

import re

from core.letters import fold

_PREFIX = re.compile(r"^(barrio|b|unidad vecinal|sector) ")


def name_key(name: str) -> str:
    """What two spellings of one neighbourhood share: «Barrio LOS HEROES» and «Los Héroes» are one."""
    key = fold(name)
    return _PREFIX.sub("", key) or key
