"""Does a text sound like danger now: a cable on the ground, gas, an open shaft? Imports no Django.

One expression, which Python and PostgreSQL read alike: what a page says and how a queue stands agree.
"""

from __future__ import annotations

import re
from functools import cache

from issues.glance.plain import plain
from issues.glance.words import lines

# Between two words of a line: some others, and the rest of the word before.
BETWEEN = r"[^.;!?]{0,40}[^a-z0-9.;!?]"


@cache
def expression() -> str:
    """Of a text in lower case and without accents."""
    told = ("(" + BETWEEN.join(map(re.escape, line.split())) + ")" for line in lines("dangers"))
    return "(^|[^a-z0-9])(" + "|".join(told) + ")"


def sounds_like_danger(*texts: str) -> bool:
    """Whether one of them does; a sentence that denies it does too, for nobody is hurt by a look."""
    return any(re.search(expression(), plain(text)) for text in texts)
