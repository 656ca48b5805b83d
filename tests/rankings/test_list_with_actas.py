"""A list and the files of its gatherings, checked together down to the ballots."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from pathlib import Path

import pytest

from gatherings import verify as acta_verify
from issues.index import Levels
from rankings import verify
from rankings.rules.canonical import canonical_text
from rankings.rules.listing import Candidate, Queue, Vote, compile_list
from tests.gatherings.acta import tampered
from tests.rankings.imaginary import HEAD, MILD

VERIFIER = Path(verify.__file__)
EVENINGS = {"totals": tampered.tokens_evening, "ballots": tampered.ballots_evening}


def run(*paths) -> subprocess.CompletedProcess:
    command = [sys.executable, "-I", str(VERIFIER), *map(str, paths)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False, timeout=60)


def list_of(acta: dict, published_at: str = HEAD.published_at) -> dict:
    """A list whose only neighbourhood voted in this gathering."""
    queue = Queue(1, "Norte", [candidate(acta, row) for row in acta["places"]])
    head = HEAD._replace(gatherings={acta["number"]: acta["digest"]}, published_at=published_at)
    return compile_list(head, [queue])


def candidate(acta: dict, row: dict, levels: Levels = MILD) -> Candidate:
    held_on = dt.date.fromisoformat(acta["closed"][:10])
    counts = (row["tokens"], row["people"], row["place"], row["index"] or 0)
    vote = Vote(acta["number"], held_on, acta["voters"], acta["tokens_each"], *counts)
    return Candidate(row["reference"], "Hoyo", "Bache", None, levels, 120, dt.date(2026, 9, 1), vote)


@pytest.fixture
def files(tmp_path):
    """Writes a list and gatherings; returns their paths."""

    def written(made: dict, *actas: dict) -> list[Path]:
        paths = [tmp_path / "lista.json", *(tmp_path / f"acta-{n}.json" for n, _ in enumerate(actas))]
        texts = [canonical_text(made), *(acta_verify.canonical(acta) for acta in actas)]
        for path, text in zip(paths, texts, strict=True):
            path.write_text(text, encoding="utf-8")
        return paths

    return written


@pytest.mark.parametrize(
    ("evening", "said"),
    [("totals", "comprobada hasta sus totales anotados dos veces"), ("ballots", "hasta sus 11 papeletas")],
)
def test_a_list_and_its_gathering_hold_together_and_say_how_deep(files, evening, said):
    acta = tampered.fitted(EVENINGS[evening]())
    told = run(*files(list_of(acta), acta))
    assert (told.returncode, told.stderr) == (0, ""), told.stdout
    assert said in told.stdout


def test_another_file_of_the_gathering_than_the_list_used_is_named(files):
    acta = tampered.fitted(tampered.tokens_evening())
    other = tampered.fitted(tampered.tokens_evening() | {"seed": "other"})
    told = run(*files(list_of(acta), other))
    assert told.returncode == 1
    assert "La lista dice otra huella de la reunión 7." in told.stdout


def test_a_gathering_that_the_list_does_not_use_is_named(files):
    acta = tampered.fitted(tampered.tokens_evening())
    other = tampered.fitted(tampered.tokens_evening() | {"number": 8})
    told = run(*files(list_of(acta), acta, other))
    assert told.returncode == 1
    assert "La lista no usa la reunión 8." in told.stdout


def test_a_list_that_says_other_counts_than_its_gathering_is_named(files):
    acta = tampered.fitted(tampered.tokens_evening())
    raised = tampered.tokens_evening()
    raised["places"][0]["tokens"] = 16
    told = run(*files(list_of(raised | {"digest": acta["digest"]}), acta))
    assert told.returncode == 1
    assert "La reunión 7 no dice de M-2026-000001 lo que dice la lista." in told.stdout


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda acta: acta | {"seed": "x"}, "al menos un byte está cambiado"),
        (lambda acta: acta | {"places": None}, "«places»"),
        (lambda acta: acta | {"voters": "12"}, "«voters»"),
    ],
)
def test_a_broken_file_of_a_gathering_is_named(files, change, sentence):
    acta = tampered.fitted(tampered.tokens_evening())
    told = run(*files(list_of(acta), change(acta)))
    assert (told.returncode, told.stderr) == (1, "")
    assert sentence in told.stdout


def test_ballots_that_do_not_give_the_totals_are_named(files):
    evening = tampered.ballots_evening()
    evening["ballots"] = evening["ballots"][1:]
    acta = tampered.fitted(evening)
    told = run(*files(list_of(acta), acta))
    assert told.returncode == 1
    assert "las papeletas de la reunión no dan las fichas" in told.stdout


@pytest.mark.parametrize(
    ("published", "said", "outcome", "holds"),
    [
        ("2026-11-23T08:00:00-03:00", [], None, True),
        ("2026-11-23T10:00:00-03:00", [], None, False),
        ("2026-12-08T08:59:00-03:00", [], None, False),
        ("2026-12-08T09:00:00-03:00", [], None, True),
        ("2026-11-24T10:00:00-03:00", ["25", "26"], "stands", False),
        ("2026-11-26T11:00:00-03:00", ["25", "26"], "stands", True),
        ("2026-11-23T08:00:00-03:00", ["25", "26"], "set_aside", True),
        ("2026-12-24T11:00:00-03:00", ["25", "26"], "set_aside", False),
    ],
)
def test_a_list_uses_no_count_that_was_in_dispute(files, published, said, outcome, holds):
    words = [(f"2026-11-{day}T10:00:00-03:00", outcome) for day in said]
    evening = tampered.tokens_evening() | {"challenges": [tampered.objection(words, outcome)]}
    acta = tampered.fitted(evening)
    told = run(*files(list_of(acta, published), acta))
    assert (told.returncode == 0) == holds, told.stdout
    assert ("con una objeción que no la dejaba contar" in told.stdout) != holds
