"""Boundaries on a disk that takes no more: a sentence, nothing half, and the same file goes through later."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from territories.importing import process
from territories.importing.refusal import FileRefused
from territories.models import BoundarySet
from tests.disk import no_file_above
from tests.territories.importing import files

pytestmark = pytest.mark.django_db
ADD = "/admin/territories/boundaryset/add/"
FIELDS = {"name": "Oficiales", "source": "Municipio", "expect": "3"}
FULL = "El disco del municipio está lleno"
ROOM = 100  # bytes a file may have: less than the smallest of these


@pytest.fixture
def spool(tmp_path, monkeypatch, settings) -> Path:
    """Where everything temporary goes, ours alone."""
    folder = tmp_path / "spool"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    settings.FILE_UPLOAD_TEMP_DIR = str(folder)
    return folder


@pytest.fixture
def given(tmp_path) -> dict[str, Path]:
    """The same three neighbourhoods in each kind of file that is copied or unpacked."""
    return {
        "geojson": files.geojson(tmp_path / "barrios.geojson"),
        "zip": files.zipped(tmp_path / "barrios.zip", files.parts(files.shapefile(tmp_path / "shape"))),
    }


def upload(client, path: Path):
    return client.post(ADD, FIELDS | {"files": SimpleUploadedFile(path.name, path.read_bytes())})


@pytest.fixture
def office(client, administrator):
    client.force_login(administrator)
    client.raise_request_exception = False
    return client


@pytest.mark.parametrize("kind", ["geojson", "zip"])
def test_a_full_disk_is_said_to_be_full_and_the_file_not_to_be_damaged(office, given, spool, kind):
    with no_file_above(ROOM):
        answer = upload(office, given[kind])
    page = answer.content.decode()
    assert FULL in page
    assert "dañado" not in page
    assert 'value="Oficiales"' in page
    assert not BoundarySet.objects.exists()
    assert list(spool.iterdir()) == []


@pytest.mark.parametrize("kind", ["geojson", "zip"])
def test_the_child_has_no_more_room_than_whoever_started_it(given, spool, kind):
    request = {"task": "boundaries", "path": str(given[kind])}
    with no_file_above(ROOM), pytest.raises(FileRefused) as refused:
        process.examine(request, seconds=60, memory_mb=4096)
    assert refused.value.code == "no_room"
    assert list(spool.iterdir()) == []


def test_a_large_upload_without_room_is_answered_507_and_leaves_nothing(office, given, spool, settings):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 0
    with no_file_above(ROOM):
        answer = upload(office, given["geojson"])
    assert answer.status_code == 507
    assert FULL in answer.content.decode()
    assert list(spool.iterdir()) == []
    assert not BoundarySet.objects.exists()


@pytest.mark.parametrize("kind", ["geojson", "zip"])
def test_with_room_again_the_same_file_is_stored_once(office, given, spool, kind):
    with no_file_above(ROOM):
        upload(office, given[kind])
    for _time in range(2):
        assert upload(office, given[kind]).status_code == 302
    assert BoundarySet.objects.count() == 1


def test_the_command_ends_in_a_sentence(given, spool):
    with no_file_above(ROOM), pytest.raises(CommandError, match=FULL):
        call_command("load_territories", given["geojson"], expect=3)
    assert not BoundarySet.objects.exists()
