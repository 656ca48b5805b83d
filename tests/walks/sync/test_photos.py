"""Photos arrive before or after their record, whole or in parts, once, byte for byte."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest

from issues.models import Issue, Photo
from tests.walks.conftest import HEADERS, jpeg, sha256
from walks.app.reference import boundaries
from walks.models import Held, HoldReason, PhotoPart, SyncPhoto, SyncRecord
from walks.sync.arrivals import attach_anyway
from walks.sync.projection import Hold

pytestmark = pytest.mark.django_db


def listed(data: bytes) -> tuple[str, dict]:
    photo_id = str(uuid.uuid4())
    return photo_id, {"photos": [{"id": photo_id, "sha256": sha256(data)}]}


def test_a_photo_after_its_record_is_attached_and_kept_byte_for_byte(tablet, settings):
    data = jpeg()
    photo_id, photos = listed(data)
    record = tablet.record(**photos)
    tablet.say(record)
    answer = tablet.put_photo(record["id"], data, photo_id)
    assert (answer.status_code, answer.json()["sha256"]) == (201, sha256(data))
    assert str(Photo.objects.get(issue_id=record["id"]).pk) == photo_id
    assert (Path(settings.MEDIA_ROOT) / SyncPhoto.objects.get().stored_name).read_bytes() == data


def test_a_photo_before_its_record_is_attached_when_the_record_comes(tablet):
    data = jpeg()
    photo_id, photos = listed(data)
    record = tablet.record(**photos)
    assert tablet.put_photo(record["id"], data, photo_id).status_code == 201
    assert Photo.objects.count() == 0
    tablet.say(record)
    assert Photo.objects.get().issue_id == Issue.objects.get().pk


def test_the_same_photo_again_is_known_and_nothing_doubles(tablet):
    data = jpeg()
    photo_id, photos = listed(data)
    record = tablet.record(**photos)
    tablet.say(record)
    assert [tablet.put_photo(record["id"], data, photo_id).status_code for _ in range(3)] == [201, 200, 200]
    assert Photo.objects.count() == SyncPhoto.objects.count() == 1


def test_a_photo_in_parts_may_be_cut_repeated_and_out_of_order(tablet):
    data = jpeg()
    half = len(data) // 2
    photo_id, photos = listed(data)
    record = tablet.record(**photos)
    tablet.say(record)
    pieces = {0: data[:half], 1: data[half:]}

    def put(number):
        query = f"record={record['id']}&sha256={sha256(data)}&part={number}&parts=2"
        url = f"/api/v1/sync/photos/{photo_id}?{query}"
        return tablet.client.put(
            url, pieces[number], content_type="application/octet-stream", headers=HEADERS
        )

    whole = f"/api/v1/sync/photos/{photo_id}?record={record['id']}&sha256={sha256(data)}"
    assert [put(1).status_code, put(1).status_code] == [202, 202]
    body = tablet.client.get(whole).json()
    assert (body["complete"], body["parts"]) == (False, [1])
    assert put(0).status_code == 201
    body = tablet.client.get(whole).json()
    assert (body["complete"], Photo.objects.count(), PhotoPart.objects.count()) == (True, 1, 0)


def test_a_photo_cut_on_the_way_is_refused_and_not_kept(tablet):
    data = jpeg()
    record = tablet.record()
    answer = tablet.put_photo(record["id"], data, raw=data[:-9])
    assert (answer.status_code, answer.json()["result"]) == (400, "bad_hash")
    assert SyncPhoto.objects.count() == 0


def test_parts_that_do_not_make_the_photo_are_dropped_so_that_it_starts_again(tablet):
    data, wrong = jpeg(), b"x" * 40
    query = f"record={uuid.uuid4()}&sha256={sha256(data)}&part=0&parts=1"
    url = f"/api/v1/sync/photos/{uuid.uuid4()}?{query}"
    answer = tablet.client.put(url, wrong, content_type="application/octet-stream", headers=HEADERS)
    assert (answer.status_code, PhotoPart.objects.count()) == (400, 0)


@pytest.mark.parametrize(
    "data", [b"<svg onload=alert(1)>", b"\xff\xd8\xff broken", b"ftypheic"], ids=["svg", "cut", "heic"]
)
def test_a_photo_that_cannot_be_opened_is_kept_and_held(tablet, data):
    photo_id, photos = listed(data)
    record = tablet.record(**photos)
    tablet.say(record)
    assert tablet.put_photo(record["id"], data, photo_id).status_code == 201
    assert Held.objects.get().reason == HoldReason.PHOTO
    assert (Photo.objects.count(), SyncPhoto.objects.count()) == (0, 1)


def test_a_photo_that_its_record_does_not_list_is_held(tablet):
    record = tablet.record()
    tablet.say(record)
    assert tablet.put_photo(record["id"], jpeg()).status_code == 201
    assert (Held.objects.get().reason, Photo.objects.count()) == (HoldReason.FOREIGN_PHOTO, 0)


def test_a_photo_that_two_records_list_is_kept_for_both_and_never_moves(tablet):
    data = jpeg()
    photo_id, photos = listed(data)
    first, second = tablet.record(title="Primero", **photos), tablet.record(title="Segundo", **photos)
    tablet.say(first, second)
    answers = [tablet.put_photo(record["id"], data, photo_id).status_code for record in (first, second)]
    assert answers == [201, 201]
    assert {str(pk) for pk in Photo.objects.values_list("issue_id", flat=True)} == {first["id"], second["id"]}
    assert str(Photo.objects.get(pk=photo_id).issue_id) == first["id"]
    assert tablet.put_photo(second["id"], data, photo_id).status_code == 200


def test_the_photo_of_a_held_record_waits_with_it(tablet):
    data = jpeg()
    photo_id, photos = listed(data)
    record = tablet.record(category="NO-99", **photos)
    tablet.say(record)
    assert tablet.put_photo(record["id"], data, photo_id).status_code == 201
    assert (SyncPhoto.objects.count(), Photo.objects.count(), Held.objects.count()) == (1, 0, 1)


def test_photos_over_256_kb_in_one_piece_are_a_413(tablet):
    assert tablet.put_photo(str(uuid.uuid4()), b"x" * (256 * 1024 + 1)).status_code == 413


@pytest.mark.parametrize(
    "query",
    ["", "sha256=zz&record=1", f"sha256={'0' * 64}", f"sha256={'0' * 64}&record=x", "part=1"],
)
def test_a_photo_without_a_proper_hash_or_record_is_a_400(tablet, query):
    url = f"/api/v1/sync/photos/{uuid.uuid4()}?{query}"
    answer = tablet.client.put(url, b"x", content_type="application/octet-stream", headers=HEADERS)
    assert (answer.status_code, bool(answer.json()["detail"])) == (400, True)


@pytest.mark.parametrize(("part", "parts"), [("9", "2"), ("-1", "2"), ("0", "0"), ("0", "9999"), ("x", "2")])
def test_a_part_number_that_cannot_be_is_a_400(tablet, part, parts):
    query = f"record={uuid.uuid4()}&sha256={'0' * 64}&part={part}&parts={parts}"
    url = f"/api/v1/sync/photos/{uuid.uuid4()}?{query}"
    answer = tablet.client.put(url, b"x", content_type="application/octet-stream", headers=HEADERS)
    assert answer.status_code == 400


def test_a_tablet_that_sent_its_day_s_photos_is_told_when_it_goes_on_and_nothing_is_stored(tablet, settings):
    settings.PHOTO_QUOTA_MB = 1
    record = tablet.record()
    answers = [tablet.put_photo(record["id"], b"x" * 250_000 + bytes([n])) for n in range(5)]
    assert [answer.status_code for answer in answers] == [201] * 4 + [429]
    assert "Sigue en 24 horas." in answers[-1].json()["detail"]
    assert 86_000 < int(answers[-1]["Retry-After"]) <= 86_400
    assert SyncPhoto.objects.count() == 4


def test_what_is_refused_counts_too(tablet, settings):
    settings.PHOTO_QUOTA_MB = 1
    record = tablet.record()
    data = jpeg()
    answers = [tablet.put_photo(record["id"], data, raw=b"y" * 250_000) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [400] * 4 + [429]


def test_reconcile_names_the_photos_the_server_lacks(tablet):
    data, photo_id, other = jpeg(), str(uuid.uuid4()), str(uuid.uuid4())
    tablet.put_photo(str(uuid.uuid4()), data, photo_id)
    pairs = [[photo_id, sha256(data)], [other, sha256(data)]]
    body = tablet.post({"records": [], "photos": pairs}, "/api/v1/sync/reconcile/").json()
    assert body["photos"] == [other]


@pytest.mark.django_db
@pytest.mark.parametrize("is_recorded", [False, True])
def test_a_photo_whose_problem_is_not_there_is_attached_to_nothing_even_on_a_person_s_word(
    facilitator, is_recorded
):
    record = uuid.uuid4()
    if is_recorded:
        SyncRecord.objects.create(
            id=record, kind="issue", body="{}", sha256=sha256(b"{}"), author=facilitator
        )
    photo = SyncPhoto.objects.create(photo_id=uuid.uuid4(), record_id=record, sha256="f" * 64, size=1)
    with pytest.raises(Hold, match="El problema de esta foto no está"):
        attach_anyway(photo)
    assert not Photo.objects.exists()


@pytest.mark.django_db
def test_before_there_are_boundaries_a_tablet_gets_none_and_no_error():
    assert boundaries() == {"id": None, "approximate": False, "territories": []}
