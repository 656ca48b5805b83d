"""What the glance holds and finds, on texts written by somebody who had not seen its rules.

500 harmless texts, streets and schools named after people among them; 200 with something of a person. How
often the rules were measured on them, and that the aim of 3 in 100 held and 95 in 100 found is not yet
reached, stands in docs/decisions/glance.md. The bounds here are what was reached: they only get better.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from issues.glance.hints import Kind
from issues.glance.look import look
from tests.issues.glance.places import is_place

DATA = Path(__file__).parent / "data"
MOST_HELD, LEAST_FOUND = 21, 180
KINDS = {"name", "rut", "phone", "address", "insult"}


def lines(name: str) -> list[str]:
    return [line for line in (DATA / name).read_text(encoding="utf-8").splitlines() if line.strip()]


def test_no_more_harmless_texts_wait_than_measured():
    kinds = [{hint.kind for hint in look(text, is_place)} for text in lines("harmless.txt")]
    held, total = sum(map(bool, kinds)), len(kinds)
    print(f"harmless held: {held} of {total}, by", dict(Counter(k.value for each in kinds for k in each)))
    assert total == 500
    assert held <= MOST_HELD


def test_no_fewer_planted_texts_are_found_than_measured():
    rows = [
        (kind, bool(look(text, is_place))) for kind, text in (r.split("\t", 1) for r in lines("planted.tsv"))
    ]
    found = Counter(kind for kind, is_found in rows if is_found)
    total = Counter(kind for kind, _is_found in rows)
    print("planted found:", {kind: f"{found[kind]} of {total[kind]}" for kind in sorted(total)})
    assert set(total) == KINDS
    assert total.total() == 200
    assert found.total() >= LEAST_FOUND


def test_every_kind_is_told_in_words():
    assert all(str(kind.label) for kind in Kind)
