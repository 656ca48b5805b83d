"""A backup is put back on a database of its own and proved; what does not hold is said."""

from __future__ import annotations

import io
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from issues.models import Photo
from scripts import backup, drill
from scripts.house import ROOT, Trouble
from tests.maps.conftest import story, vote

__all__ = ["story", "vote"]


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    """Files of the tests stay out of the tree."""
    settings.MEDIA_ROOT = tmp_path / "media"


def proved() -> str:
    said = io.StringIO()
    call_command("prove_installation", stdout=said)
    return said.getvalue()


@pytest.mark.django_db(transaction=True)
def test_the_newest_backup_is_put_back_beside_the_site_and_proved(story, tmp_path):
    own = connection.settings_dict
    place = f"{own['OWNER']['USER']}:{own['OWNER']['PASSWORD']}@{own['HOST']}:{own['PORT'] or 5432}"
    owner = f"postgis://{place}/{own['NAME']}"
    backups, local = tmp_path / "backups", tmp_path / "local"
    backup.make(owner, settings.MEDIA_ROOT, backups)
    told = {"BACKUP_DIR": str(backups), "LOCAL_DIR": str(local), "MEDIA_ROOT": str(settings.MEDIA_ROOT)}
    given = {name: value for name, value in os.environ.items() if not name.startswith("DATABASE_")}
    done = subprocess.run(
        [sys.executable, "-m", "scripts.drill"],
        cwd=ROOT, env=given | told, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    (report,) = (local / "drills").glob("drill-*.txt")
    text = report.read_text()
    assert "proved: yes" in text
    assert "Listas comprobadas con verify.py: 1." in text


def test_without_a_backup_it_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setenv("BACKUP_DIR", str(tmp_path))
    with pytest.raises(Trouble, match="make backup"):
        drill.drill([])


def test_what_is_whole_is_proved_with_its_counts(story):
    assert "fotos, todas en su lugar: 2." in proved()


def test_an_empty_installation_is_whole(db):
    assert "Listas comprobadas con verify.py: 0." in proved()


def test_a_photo_without_its_file_is_named(story):
    photo = Photo.objects.first()
    photo.file.storage.delete(photo.file.name)
    with pytest.raises(CommandError, match=photo.file.name):
        proved()


def damage(sql: str) -> None:
    """What somebody does who has the database itself in hand."""
    table = sql.split()[1]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(sql)


@pytest.mark.usefixtures("by_owner")
def test_a_changed_list_is_found_by_the_public_verifier(story):
    damage("UPDATE rankings_rankedlist SET document = replace(document, 'gestion', 'gestiom')")
    with pytest.raises(CommandError, match="No se cumple"):
        proved()


@pytest.mark.usefixtures("by_owner")
def test_a_changed_line_of_the_history_is_found(story):
    damage("UPDATE issues_historyentry SET public_text = 'otra cosa'")
    with pytest.raises(CommandError, match="líneas"):
        proved()
