"""What the glance holds and finds, on texts written by somebody who had not seen its rules.

500 harmless texts, streets and schools named after people among them; 200 with something of a person. Of each
kind the first half was read while the rules were made, the second never was: docs/decisions/glance.md says
what that means. The bounds are the aims, 3 in 100 held and 95 in 100 found, on each half by itself.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

from issues.glance.hints import Kind
from issues.glance.look import look
from tests.issues.glance.places import is_place

DATA = Path(__file__).parent / "data"
KINDS = {"name", "rut", "phone", "address", "insult"}
MOST_HELD, LEAST_FOUND = 3, 95
HALVES = pytest.mark.parametrize("half", ["read", "unseen"])


def lines(name: str) -> list[str]:
    return [line for line in (DATA / name).read_text(encoding="utf-8").splitlines() if line.strip()]


def of_half(rows: list[str], half: str) -> list[str]:
    """The first half of the lines was read, the second was not."""
    middle = len(rows) // 2
    return rows[:middle] if half == "read" else rows[middle:]


def planted(half: str) -> dict[str, list[str]]:
    """Of each kind its half."""
    kinds: dict[str, list[str]] = defaultdict(list)
    for kind, text in (row.split("\t", 1) for row in lines("planted.tsv")):
        kinds[kind].append(text)
    return {kind: of_half(texts, half) for kind, texts in kinds.items()}


@HALVES
def test_at_most_three_of_a_hundred_harmless_texts_wait(half):
    texts = of_half(lines("harmless.txt"), half)
    held = sum(bool(look(text, is_place)) for text in texts)
    print(f"harmless held, {half}: {held} of {len(texts)}")
    assert len(texts) == 250
    assert held * 100 <= MOST_HELD * len(texts)


@HALVES
def test_at_least_ninety_five_of_a_hundred_planted_texts_are_found(half):
    kinds = planted(half)
    found = {kind: sum(bool(look(text, is_place)) for text in texts) for kind, texts in kinds.items()}
    print(f"planted found, {half}:", found)
    assert {kind: len(texts) for kind, texts in kinds.items()} == dict.fromkeys(KINDS, 20)
    assert sum(found.values()) >= LEAST_FOUND


def test_every_kind_is_told_in_words():
    assert all(str(kind.label) for kind in Kind)
