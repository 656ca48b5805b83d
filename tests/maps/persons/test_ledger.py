"""What was erased on somebody's word stays erased, whatever backup is put back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.db import transaction
from django.utils import timezone

from accounts import ledger
from core.models import Letter
from handovers.followers.following import leave
from handovers.models import Follow
from issues.life import edits
from issues.life.erasure import erase_reason
from issues.life.expiry import erase_reporter
from issues.life.hiding import decide, hide
from issues.life.seal import broken_lines
from issues.models import HistoryEntry, Issue, Reporter
from maps.persons.expiry import ERASERS, keep_the_register
from maps.persons.rights import correct, erase, key_of, take
from tests.maps.persons import kept
from walks.expiry import erase_record
from walks.models import SyncRecord


def follow(issue, **_):
    Follow.objects.create(
        email="rosa@example.cl", issue=issue, token_digest="f" * 64, confirmed_at=timezone.now()
    )
    return Follow.objects.exists, lambda: leave(Follow.objects.get())


def reporter(issue, **_):
    return kept.reporters(issue), lambda: erase_reporter(issue)


def reason(issue, user, **_):
    edits.correct(issue, {"title": "Otro"}, actor=user, office="Territorio", reason="Lo pidió Rosa")
    line = HistoryEntry.objects.filter(reason="Lo pidió Rosa")
    return line.exists, lambda: erase_reason(line.get().pk, actor=user)


def record(user, **_):
    is_there = kept.inbox(user)
    return is_there, lambda: erase_record(SyncRecord.objects.get())


def hidden(issue, user, **_):
    public = Issue.objects.public().filter(pk=issue.pk)
    return public.exists, lambda: hide(issue, "minor", actor=user)


def letter(issue, user, administrator, **_):
    is_there = kept.letters()
    asked = take("erasure", "Rosa", actor=administrator)
    return is_there, lambda: erase(asked, key_of(Letter.objects.get()), actor=administrator)


def corrected(issue, administrator, **_):
    """«Is there» is the wrong name, which the person had corrected."""
    made = Reporter.objects.create(issue=issue, name="Roza", expires_on="2099-01-01")
    asked = take("correction", "Rosa", actor=administrator)
    wrong = lambda: Reporter.objects.get().name == "Roza"  # noqa: E731
    return wrong, lambda: correct(asked, key_of(made), {"name": "Rosa"}, actor=administrator)


MAKERS = {
    "follow": follow,
    "reporter": reporter,
    "reason": reason,
    "record": record,
    "hidden": hidden,
    "letter": letter,
    "corrected": corrected,
}


@pytest.fixture
def world(issue, facilitator, administrator) -> dict:
    return {"issue": issue, "user": facilitator, "administrator": administrator}


def test_every_kind_of_erasure_has_its_proof():
    assert set(MAKERS) == set(ERASERS)


@pytest.mark.parametrize("kind", MAKERS)
def test_what_was_erased_does_not_come_back(world, kind):
    is_there, erase = MAKERS[kind](**world)
    backup = transaction.savepoint()
    erase()
    assert not is_there()
    transaction.savepoint_rollback(backup)
    assert is_there()
    assert keep_the_register() == 1
    assert not is_there()
    assert keep_the_register() == 0
    assert broken_lines() == []


@pytest.mark.parametrize("kind", MAKERS)
def test_the_ledger_names_nobody(world, kind, settings):
    MAKERS[kind](**world)[1]()
    text = Path(settings.ERASURES_FILE).read_text()
    assert not [word for word in ("rosa", "example.cl") if word in text.lower()]
    assert Path(settings.ERASURES_FILE).stat().st_mode & 0o077 == 0


def test_who_came_after_the_restore_is_not_erased_for_another(world):
    _, erase = follow(**world)
    backup = transaction.savepoint()
    number = Follow.objects.get().pk
    erase()
    transaction.savepoint_rollback(backup)
    Follow.objects.all().delete()
    Follow.objects.create(
        pk=number,
        email="ana@example.cl",
        issue=world["issue"],
        token_digest="a" * 64,
        confirmed_at=timezone.now(),
    )
    assert keep_the_register() == 0
    assert Follow.objects.get().email == "ana@example.cl"


def test_what_a_second_person_showed_again_stays_public(world, cabinet):
    decide(hide(world["issue"], "personal", actor=world["user"]), actor=cabinet, shows_again=True)
    assert keep_the_register() == 0
    assert Issue.objects.public().exists()


def test_what_was_hidden_as_an_insult_needs_no_ledger(world):
    hide(world["issue"], "insult", actor=world["user"])
    assert list(ledger.noted()) == []


def test_a_disk_that_is_full_refuses_the_erasure(world, settings, tmp_path):
    is_there, erase = follow(**world)
    (tmp_path / "file").touch()
    settings.ERASURES_FILE = str(tmp_path / "file" / "erasures.jsonl")
    with pytest.raises(OSError, match="file"):
        erase()
    assert is_there()


@pytest.mark.parametrize("torn", ['{"what": "foll', "[]", '{"what": "follow"}', "\x00\x00"])
def test_a_line_cut_short_spoils_no_other(settings, torn):
    ledger.note("follow", "a")
    with Path(settings.ERASURES_FILE).open("a") as file:
        file.write(torn)
    ledger.note("follow", "b")
    assert list(ledger.noted()) == [("follow", "a"), ("follow", "b")]


def test_a_kind_of_a_later_version_is_left_alone(settings, db):
    Path(settings.ERASURES_FILE).write_text(json.dumps({"what": "novelty", "key": "1"}) + "\n")
    assert keep_the_register() == 0


def test_the_last_correction_counts_and_it_ends_with_the_person(world, administrator, settings):
    corrected(**world)[1]()
    asked = take("correction", "Rosa", actor=administrator)
    correct(asked, key_of(Reporter.objects.get()), {"name": "Rosa Soto"}, actor=administrator)
    assert keep_the_register() == 0
    assert Reporter.objects.get().name == "Rosa Soto"
    (kept_file,) = Path(settings.ERASURES_FILE).with_suffix(".corrected").iterdir()
    assert "Rosa" not in kept_file.read_text()
    assert kept_file.stat().st_mode & 0o077 == 0
    erase(asked, key_of(Reporter.objects.get()), actor=administrator)
    assert not kept_file.exists()


def test_a_correction_whose_key_is_gone_changes_nothing(world, settings):
    corrected(**world)[1]()
    Reporter.objects.update(phone="")
    (kept_file,) = Path(settings.ERASURES_FILE).with_suffix(".corrected").iterdir()
    kept_file.write_text("gAAAAA")
    assert keep_the_register() == 0
    assert Reporter.objects.get().name == "Rosa"
