"""Restore equals backup, row for row and file for file; what is refused changes nothing."""

import datetime as dt
import os
import re
import signal
import subprocess
import sys
import uuid

import psycopg
import pytest
from django.db import connection

from core.models import Chore
from issues.models import Reporter
from scripts import backup, libpq, nightly, restore
from scripts.house import ROOT, Trouble
from tests.workers import wait_until

ROWS = "INSERT INTO issue SELECT n, 'Bache ñ ' || n, ST_Point(-70.7 - n / 1e4, -33.5, 4326)"


@pytest.fixture
def url(django_db_setup, django_db_blocker):
    """A database of its own with a geometry table and a trigger that forbids changes, as history has."""
    own = connection.settings_dict
    place = f"{own['USER']}:{own['PASSWORD']}@{own['HOST']}:{own['PORT'] or 5432}"
    name = f"restore_{uuid.uuid4().hex[:12]}"
    admin = f"postgis://{place}/{own['NAME']}"
    libpq.run(admin, "createdb", name, or_else="test")
    yield f"postgis://{place}/{name}"
    for left in (name, f"{name}_restored", f"{name}_before"):
        # Not by force: that asks for a right over PostgreSQL's own vacuum, which otherwise just ends.
        libpq.run(admin, "dropdb", "--if-exists", left, or_else="test")


@pytest.fixture
def site(url, tmp_path):
    """(url, media folder, backup folder) with 500 rows and two files."""
    ask(
        url,
        "CREATE EXTENSION IF NOT EXISTS postgis",
        "CREATE TABLE issue (id int PRIMARY KEY, title text, location geometry(Point, 4326))",
        f"{ROWS} FROM generate_series(1, 500) n",
        "CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RAISE 'append only'; END$$",
        "CREATE TRIGGER no BEFORE UPDATE OR DELETE ON issue FOR EACH ROW EXECUTE FUNCTION no()",
    )
    media = tmp_path / "media"
    media.mkdir()
    (media / "a.jpg").write_bytes(b"a" * 3000)
    (media / "b.jpg").write_bytes(b"b")
    return url, media, tmp_path / "backups"


def ask(url, *statements):
    with psycopg.connect(url.replace("postgis://", "postgresql://"), autocommit=True) as db:
        for statement in statements:
            answer = db.execute(statement)
        return answer.fetchall() if answer.description else None


def state(url, media):
    rows = ask(url, "SELECT id, title, ST_AsEWKB(location) FROM issue ORDER BY id")
    return rows, {path.name: path.read_bytes() for path in media.iterdir()}


def test_restore_brings_back_every_row_and_every_file_and_nothing_else(site):
    url, media, folder = site
    before = state(url, media)
    made = backup.make(url, media, folder)
    ask(url, "TRUNCATE issue", f"{ROWS} FROM generate_series(900, 950) n")
    (media / "a.jpg").unlink()
    (media / "later.jpg").write_bytes(b"later")
    restore.put_back(made, url, media)
    assert state(url, media) == before
    assert len(before[0]) == 500


def test_what_the_database_forbade_it_forbids_after_a_restore(site):
    url, media, folder = site
    restore.put_back(backup.make(url, media, folder), url, media)
    with pytest.raises(psycopg.errors.RaiseException, match="append only"):
        ask(url, "DELETE FROM issue")


def test_restoring_twice_is_restoring_once(site):
    url, media, folder = site
    before = state(url, media)
    made = backup.make(url, media, folder)
    restore.put_back(made, url, media)
    restore.put_back(made, url, media)
    assert state(url, media) == before


def test_an_altered_archive_changes_nothing(site):
    url, media, folder = site
    made = backup.make(url, media, folder)
    content = bytearray(made.read_bytes())
    content[len(content) // 2] ^= 1
    made.write_bytes(content)
    ask(url, f"{ROWS} FROM generate_series(501, 501) n")
    before = state(url, media)
    with pytest.raises(Trouble, match="nothing was restored"):
        restore.put_back(made, url, media)
    assert state(url, media) == before


def test_a_backup_of_version_0_1_changes_nothing(site):
    url, media, folder = site
    ask(
        url,
        "CREATE TABLE django_migrations (app text, name text)",
        "INSERT INTO django_migrations VALUES ('issues', '0002_history_rules')",
    )
    made = backup.make(url, media, folder)
    ask(url, "DROP TABLE django_migrations", f"{ROWS} FROM generate_series(501, 501) n")
    before = state(url, media)
    with pytest.raises(Trouble, match=r"version 0\.1, which this version cannot take over"):
        restore.put_back(made, url, media)
    assert state(url, media) == before


def test_a_site_that_is_still_connected_is_left_alone(site):
    url, media, folder = site
    made = backup.make(url, media, folder)
    before = state(url, media)
    with (
        psycopg.connect(url.replace("postgis://", "postgresql://")),
        pytest.raises(Trouble, match="stop the site first"),
    ):
        restore.put_back(made, url, media)
    assert state(url, media) == before


LINGERING = """
CREATE FUNCTION linger(n int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN
    IF current_database() LIKE '%_restored' THEN PERFORM pg_sleep(1); END IF;
    RETURN n;
END $$
"""


def test_ctrl_c_in_the_middle_of_a_restore_is_a_sentence_and_changes_nothing(site):
    url, media, folder = site
    ask(url, LINGERING, "ALTER TABLE issue ADD lingers int GENERATED ALWAYS AS (linger(id)) STORED")
    file, before = backup.make(url, media, folder), state(url, media)
    env = os.environ | {"DATABASE_URL": url, "DATABASE_OWNER_URL": url, "MEDIA_ROOT": str(media)}
    command = [sys.executable, "-m", "scripts.restore", str(file)]
    process = subprocess.Popen(command, cwd=ROOT, env=env, stderr=subprocess.PIPE, text=True,
                               start_new_session=True)  # fmt: skip
    name = url.rsplit("/", 1)[1]
    half = (
        f"SELECT count(*) FROM pg_stat_activity WHERE datname = '{name}_restored' AND wait_event = 'PgSleep'"
    )
    wait_until(lambda: process.poll() is not None or ask(url, half) != [(0,)])
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=120)
    assert (process.returncode, "Stopped" in said, "Traceback" in said) == (130, True, False), said
    assert state(url, media) == before
    assert [path.name for path in media.parent.iterdir() if path.name.startswith("restore-")] == []


def test_a_database_that_cannot_be_reached_is_one_sentence_without_the_password(tmp_path):
    with pytest.raises(Trouble) as trouble:
        backup.make("postgis://mapa:hidden@127.0.0.1:1/mapa", tmp_path, tmp_path / "backups")
    assert "could not be dumped" in str(trouble.value)
    assert "hidden" not in str(trouble.value)
    assert list((tmp_path / "backups").iterdir()) == []


def test_a_backup_leaves_no_scratch_behind(site):
    url, media, folder = site
    made = backup.make(url, media, folder)
    assert list(folder.iterdir()) == [made]


def test_where_a_backup_may_not_fit_none_is_begun(site):
    url, media, folder = site
    with (media / "vast.jpg").open("wb") as file:
        file.truncate(10 * 2**40)  # takes no room itself
    with pytest.raises(Trouble, match="No room for a backup"):
        backup.make(url, media, folder)
    assert list(folder.iterdir()) == []


LIMITED = """
import resource, sys
from pathlib import Path
from scripts import backup
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
backup.make(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
"""


def test_a_disk_that_fills_up_meanwhile_is_a_sentence_and_leaves_no_half(site):
    """The limit on the size of a file stands for the disk: the same error at the same place."""
    url, media, folder = site
    (media / "large.jpg").write_bytes(b"x" * 1_000_000)
    words = [sys.executable, "-c", LIMITED, url, str(media), str(folder)]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert "Trouble: The backup could not be written, and no half of it stays" in done.stderr
    assert list(folder.iterdir()) == []
    made = backup.make(url, media, folder)
    assert list(folder.iterdir()) == [made]


def test_what_a_killed_backup_left_is_swept_by_the_next(site):
    url, media, folder = site
    whole = backup.make(url, media, folder)
    (folder / "mapa-barrial-20261101T070000000000Z.backup.tar.half").write_bytes(b"half")
    (folder / "scratch-abc").mkdir()
    (folder / "scratch-abc" / "database.dump").write_bytes(b"half")
    (folder / "notes.txt").touch()
    made = backup.make(url, media, folder)
    assert {path.name for path in folder.iterdir()} == {whole.name, made.name, "notes.txt"}


def test_two_backups_at_once_do_not_sweep_each_other(site):
    url, media, folder = site
    folder.mkdir()
    with backup._alone(folder), pytest.raises(Trouble, match="Another backup is at work"):
        backup.make(url, media, folder)


@pytest.mark.django_db(transaction=True)
def test_who_makes_backups_reads_past_row_security_notes_it_and_writes_nothing_else(issue):
    kept = {"name": "Rosa", "email": "rosa@example.cl", "expires_on": dt.date(2027, 1, 1)}
    Reporter.objects.create(issue=issue, **kept)
    url = re.sub("/[^/]*$", f"/{connection.settings_dict['NAME']}", os.environ["DATABASE_BACKUP_URL"])
    dumped = libpq.run(url, "pg_dump", "--data-only", "-t", "issues_reporter", or_else="test")
    assert str(issue.pk) in dumped
    backup.note(url)
    assert Chore.objects.get(pk="backup").success_at
    with pytest.raises(Trouble, match="permission denied"):
        libpq.sql(url, "DELETE FROM issues_reporter", or_else="test")


def test_old_backups_go_and_the_newest_stay(tmp_path):
    names = [f"mapa-barrial-202611{day:02}T070000000000Z.backup.tar" for day in range(1, 11)]
    for name in [*names, "notes.txt"]:
        (tmp_path / name).touch()
    backup.prune(tmp_path, keep=3)
    assert sorted(path.name for path in tmp_path.iterdir()) == [*names[-3:], "notes.txt"]


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgis://mapa:p%40ss@db:5432/mapa", ("db", "5432", "mapa", "p@ss", "mapa")),
        ("postgis://mapa@127.0.0.1/mapa", ("127.0.0.1", None, "mapa", None, "mapa")),
        (
            "postgis://mapa:x@%2Fvar%2Frun%2Fpostgresql/m%C3%B1",
            ("/var/run/postgresql", None, "mapa", "x", "mñ"),
        ),
    ],
)
def test_a_database_url_says_the_same_to_postgresqls_own_programs(url, said, monkeypatch):
    names = ("PGHOST", "PGPORT", "PGUSER", "PGPASSWORD", "PGDATABASE")
    for name in names:
        monkeypatch.delenv(name, raising=False)
    assert tuple(libpq.environment(url).get(name) for name in names) == said


@pytest.mark.parametrize(
    ("now", "seconds"),
    [("2026-11-22T06:59:59", 1), ("2026-11-22T07:00:00", 86_400), ("2026-11-22T08:00:00", 82_800)],
)
def test_the_next_night_is_at_most_a_day_away(now, seconds):
    assert nightly.seconds_until(7, dt.datetime.fromisoformat(now)) == seconds
