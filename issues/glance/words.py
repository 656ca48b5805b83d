"""The lists of the glance, from files beside it. Imports no Django.

Of the insults, a line may have several words, and «*» stands for any ending.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"


@cache
def words(name: str) -> frozenset[str]:
    """Every word of a list."""
    return frozenset(word for line in lines(name) for word in line.split())


@cache
def lines(name: str) -> tuple[str, ...]:
    """The lines of a list, without its remarks."""
    text = (DATA / f"{name}.txt").read_text(encoding="utf-8")
    return tuple(line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#"))


@cache
def pattern(name: str) -> str:
    """A list as one expression, the longest line first."""
    longest_first = sorted(lines(name), key=len, reverse=True)
    return "|".join(re.escape(line).replace(r"\*", r"\w*").replace(r"\ ", r"\s+") for line in longest_first)


@cache
def certain_first_names() -> frozenset[str]:
    """First names that are nothing else."""
    return words("first_names") - words("everyday")


@cache
def certain_surnames() -> frozenset[str]:
    """Surnames that are neither everyday words nor first names."""
    return words("surnames") - words("everyday") - words("first_names")
