"""A disk that takes no more: the answer says so, nothing half is kept, and later everything goes through."""

from __future__ import annotations

from pathlib import Path

import pytest

from issues.models import Photo
from tests.disk import no_file_above
from tests.walks.conftest import jpeg
from walks.models import SyncPhoto

pytestmark = pytest.mark.django_db
ROOM = 4_000  # bytes a file may have: less than the photo


def files_in(settings) -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


@pytest.fixture
def waiting(tablet):
    """(tablet, record, photo) with the record delivered and the photo not yet."""
    tablet.client.raise_request_exception = False
    photo, record = jpeg(size=(1600, 1200)), tablet.record()
    assert len(photo) > ROOM
    tablet.say(record)
    return tablet, record, photo


def test_a_photo_without_room_is_answered_507_with_a_sentence(waiting):
    tablet, record, photo = waiting
    with no_file_above(ROOM):
        answer = tablet.put_photo(record["id"], photo)
    assert answer.status_code == 507
    assert "está lleno" in answer.json()["detail"]


def test_a_photo_without_room_leaves_neither_row_nor_piece_of_a_file(waiting, settings):
    tablet, record, photo = waiting
    with no_file_above(ROOM):
        tablet.put_photo(record["id"], photo)
    assert files_in(settings) == []
    assert SyncPhoto.objects.count() == Photo.objects.count() == 0


def test_with_room_again_the_same_photo_is_kept_once(waiting, settings):
    tablet, record, photo = waiting
    photo_id = "0198a000-0000-7000-8000-000000000001"
    with no_file_above(ROOM):
        tablet.put_photo(record["id"], photo, photo_id)
    assert [tablet.put_photo(record["id"], photo, photo_id).status_code for _ in range(2)] == [201, 200]
    assert Path(settings.MEDIA_ROOT, SyncPhoto.objects.get().stored_name).read_bytes() == photo


def test_records_go_on_while_photos_find_no_room(waiting):
    tablet, _, _ = waiting
    with no_file_above(ROOM):
        assert [result["result"] for result in tablet.say(tablet.record())] == ["stored"]
