"""Each term of the register, proved with a moved clock: there a moment before, gone a moment after."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from uuid6 import uuid7

from accounts.expiry import PRESSED_DAYS
from core import logs
from core.chores import DUTIES
from core.together import once
from gatherings.expiry import NAME_DAYS
from gatherings.room import counters
from handovers.followers.following import OVER_DAYS, WORDS_DAYS
from handovers.life import inbox
from issues.photos.intake import add_photo
from maps.open311.posting import KEEP_REPORTER
from maps.persons import treatments
from maps.persons.treatments import REGISTER, Ends, forget
from scripts import backup
from tests.maps.persons import kept
from tests.walks.conftest import jpeg
from walks.expiry import BODY_DAYS, LEFT_DAYS, ORIGINAL_DAYS, ORPHAN_DAYS, PART_DAYS, SIGN_IN_DAYS
from walks.models import TRACK_DAYS, Held, HoldReason, SyncRecord, TrackSegment

DAY, BACKUP_DAYS = dt.timedelta(days=1), settings.BACKUP_DAYS
# Row → what is made, and how long it stays.
PROOFS = {
    "reporters": (kept.reporters, KEEP_REPORTER),
    "followers": (kept.followers, OVER_DAYS * DAY),
    "follower_words": (kept.follower_words, WORDS_DAYS * DAY),
    "originals": (kept.originals, ORIGINAL_DAYS * DAY),
    "inbox": (kept.inbox, BODY_DAYS * DAY),
    "parts": (kept.parts, PART_DAYS * DAY),
    "orphans": (kept.orphans, ORPHAN_DAYS * DAY),
    "tracks": (kept.tracks, TRACK_DAYS * DAY),
    "tablets": (kept.tablets, SIGN_IN_DAYS * DAY),
    "letters": (kept.letters, 30 * DAY),
    "exports": (kept.exports, DAY),
    "told": (kept.told, inbox.KEEP_DAYS * DAY),
    "sessions": (kept.sessions, DAY / 2),
    "tries": (kept.tries, dt.timedelta(minutes=15)),
    "pressed": (kept.pressed, PRESSED_DAYS * DAY),
    "bodies": (kept.bodies, NAME_DAYS * DAY),
    "counters": (kept.counters, counters.NAME_DAYS * DAY),
    "forms": (kept.forms, once.KEEP),
    "rights": (kept.rights, treatments.RIGHTS_DAYS * DAY),
    "logs": (kept.logs, logs.DAYS * DAY),
}


@pytest.fixture
def made(make_issue, facilitator, cabinet, tmp_path, settings):
    """Makes what a row keeps."""
    settings.MEDIA_ROOT, settings.EXPORTS_ROOT = str(tmp_path / "media"), str(tmp_path / "exports")
    settings.LOG_FILE = ""
    issue = make_issue(severity=1, reach=1, duration=1, vulnerability=1)
    return lambda make: make(issue=issue, user=facilitator, cabinet=cabinet, folder=tmp_path)


def test_every_row_with_a_term_has_its_proof_and_no_other_has_one():
    assert set(PROOFS) == {row.code for row in REGISTER if row.ends == Ends.CLOCK}
    assert {row.code for row in REGISTER if row.forget} == set(PROOFS)


@pytest.mark.parametrize("code", PROOFS)
def test_it_is_there_before_its_term_and_gone_after(made, code):
    make, term = PROOFS[code]
    is_there = made(make)
    # A day is counted to its end where the row names a day.
    edge = DAY if code in ("reporters", "counters") else dt.timedelta(minutes=1)
    forget(timezone.now() + term - edge)
    assert is_there()
    forget(timezone.now() + term + edge)
    assert not is_there()


@pytest.mark.parametrize("code", PROOFS)
def test_what_a_backup_brings_back_goes_again(made, code):
    make, term = PROOFS[code]
    late = timezone.now() + term + DAY
    with transaction.atomic():
        point = transaction.savepoint()
        is_there = made(make)
        forget(late)
        assert not is_there()
        transaction.savepoint_rollback(point)
    is_there = made(make)
    forget(late)
    assert not is_there()


def test_a_term_that_cannot_be_kept_stops_no_other_and_is_told(made, settings):
    made(kept.originals)
    is_there = made(kept.tries)
    settings.MEDIA_ROOT = "no folder: \0"
    with pytest.raises(ExceptionGroup):
        forget(timezone.now() + 400 * DAY)
    assert not is_there()


def test_one_chore_does_all_of_it():
    assert DUTIES["forget"]
    assert not {"forget_reporters", "forget_letters", "throw_away_files", "forget_unconfirmed"} & set(DUTIES)


def test_the_command_does_it_now(made, capsys):
    made(kept.tries)
    call_command("forget_persons")
    assert capsys.readouterr().out.strip() == "0"


# --- What waits for a person stays --------------------------------------------------------------


@pytest.mark.parametrize(("make", "days"), [(kept.inbox, BODY_DAYS), (kept.originals, ORIGINAL_DAYS)])
def test_what_waits_for_a_decision_is_kept(made, make, days):
    is_there = made(make)
    photo = treatments.walks.SyncPhoto.objects.first()
    record = None if photo else SyncRecord.objects.get()
    Held.objects.create(record=record, photo=photo, reason=HoldReason.PHOTO)
    forget(timezone.now() + days * DAY + DAY)
    assert is_there()


def test_bytes_that_came_again_are_kept_until_their_own_term(made):
    is_there = made(kept.originals)
    first = treatments.walks.SyncPhoto.objects.get()
    later = timezone.now() + 30 * DAY
    treatments.walks.SyncPhoto.objects.create(
        photo_id=uuid7(), record_id=first.record_id, sha256=first.sha256, size=1, received_at=later
    )
    forget(timezone.now() + ORIGINAL_DAYS * DAY + DAY)
    assert is_there()
    forget(later + ORIGINAL_DAYS * DAY + DAY)
    assert not is_there()


def test_the_file_of_a_photo_whose_record_came_stays_until_its_own_term(made):
    is_there = made(kept.orphans)
    photo = treatments.walks.SyncPhoto.objects.get()
    record = {"kind": "issue", "body": "{}", "sha256": "0" * 64}
    SyncRecord.objects.create(id=photo.record_id, **record)
    forget(timezone.now() + ORPHAN_DAYS * DAY + DAY)
    assert is_there()
    with pytest.raises(DatabaseError), transaction.atomic():
        photo.delete()


@pytest.mark.parametrize(
    "name", ["inbox/aa/{digest}.bin", "inbox/aa/.part-x", "photos/aa/{id}.jpg", "photos/aa/{id}-mini.jpg"]
)
def test_a_file_that_no_row_names_goes_after_two_days(made, settings, name):
    path = Path(settings.MEDIA_ROOT) / name.format(digest="a" * 64, id=uuid7())
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x")
    forget(timezone.now() + LEFT_DAYS * DAY - dt.timedelta(minutes=1))
    assert path.exists()
    forget(timezone.now() + LEFT_DAYS * DAY + dt.timedelta(minutes=1))
    assert not path.exists()


def test_the_pictures_of_a_problem_stay(made, make_issue, settings):
    photo = add_photo(make_issue(), jpeg(), actor=None, office="Caminata")
    forget(timezone.now() + 400 * DAY)
    assert sorted(path.name for path in Path(photo.file.path).parent.glob("*")) == [
        f"{photo.pk}-mini.jpg",
        f"{photo.pk}.jpg",
    ]


# --- The database takes nothing else ------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE walks_syncrecord SET body = 'otra'",
        "UPDATE walks_syncrecord SET body = '', sha256 = 'x'",
        "UPDATE walks_syncrecord SET author_id = NULL",
        "DELETE FROM walks_syncrecord",
        "UPDATE walks_tracksegment SET path = ST_Reverse(path)",
    ],
)
def test_nothing_else_of_what_a_tablet_sent_changes(made, change):
    made(kept.inbox)
    made(kept.tracks)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
    assert TrackSegment.objects.exists()


def test_an_emptied_record_is_never_filled_again(made):
    made(kept.inbox)
    forget(timezone.now() + BODY_DAYS * DAY + DAY)
    with pytest.raises(DatabaseError), transaction.atomic():
        SyncRecord.objects.update(body="{}")


# --- Backups ------------------------------------------------------------------------------------


def test_no_backup_outlives_its_term_but_the_newest(tmp_path):
    now = dt.datetime(2027, 3, 1, tzinfo=dt.UTC)
    days = [0, BACKUP_DAYS - 1, BACKUP_DAYS + 1, 400]
    names = {day: tmp_path / backup._name(now - day * DAY) for day in days}
    for path in names.values():
        path.touch()
    backup.prune(tmp_path, keep=30, now=now)
    assert sorted(tmp_path.iterdir()) == sorted([names[0], names[BACKUP_DAYS - 1]])
    backup.prune(tmp_path, keep=30, now=now + 1000 * DAY)
    assert list(tmp_path.iterdir()) == [names[0]]


def test_the_page_tells_the_days_that_the_nightly_backup_keeps(monkeypatch):
    monkeypatch.delenv("BACKUP_DAYS", raising=False)
    assert backup.days_to_keep() == BACKUP_DAYS


def test_who_walks_is_told_on_the_tablet_how_long_the_way_is_kept(client, db):
    assert f"Se borra {TRACK_DAYS} días después de llegar" in client.get("/caminata/").content.decode()
