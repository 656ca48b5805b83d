"""The office decides about what waits; nothing that came is deleted."""

from __future__ import annotations

import base64
import json
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from issues.models import Issue, Photo
from tests.conftest import INSIDE, NORTE, OUTSIDE
from tests.walks.conftest import as_item, jpeg, sha256
from walks.models import Decision, DecisionKind, Device, Held, HoldReason, SyncPhoto, SyncRecord, Walk
from walks.office.decisions import DecisionRefused, accept, reject

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(cabinet) -> Client:
    client = Client()
    client.force_login(cabinet)
    return client


def only_held() -> Held:
    return Held.objects.open().get()


@pytest.mark.parametrize("page", ["/gestion/bandeja/", "/gestion/bandeja/1/", "/gestion/tabletas/"])
@pytest.mark.parametrize(("who", "status"), [(None, 302), ("facilitator", 403), ("manager", 403)])
def test_only_the_office_reaches_the_inbox(page, who, status, request):
    client = Client()
    if who:
        client.force_login(request.getfixturevalue(who))
    assert client.get(page).status_code == status


def test_the_inbox_tells_why_and_shows_both_sides(office, tablet):
    record = tablet.record()
    tablet.say(record)
    tablet.say(record | {"title": "Otra versión"})
    listed = office.get("/gestion/bandeja/").content.decode()
    assert "otro contenido" in listed
    assert "problema nuevo: Hoyo grande" in listed
    page = office.get(f"/gestion/bandeja/{only_held().pk}/").content.decode()
    assert "Otra versión" in page
    assert "Hoyo grande" in page


def test_accepting_a_conflict_takes_the_other_version_and_keeps_both(office, tablet):
    record = tablet.record()
    tablet.say(record)
    tablet.say(record | {"title": "Otra versión"})
    office.post(f"/gestion/bandeja/{only_held().pk}/", {"decision": "accept"})
    assert Issue.objects.get().title == "Otra versión"
    assert "Hoyo grande" in SyncRecord.objects.get().body
    assert Held.objects.open().count() == 0


def test_a_point_outside_is_corrected_by_a_person_and_registered_with_its_author(office, tablet, facilitator):
    tablet.say(tablet.record(lng=OUTSIDE[0], lat=OUTSIDE[1]))
    lng, lat = INSIDE[NORTE]
    data = {"decision": "correct", "lat": str(lat), "lng": str(lng)}
    assert office.post(f"/gestion/bandeja/{only_held().pk}/", data).status_code == 302
    issue = Issue.objects.get()
    assert (issue.territory.code, issue.created_by) == (NORTE, facilitator)
    assert Decision.objects.get().kind == DecisionKind.CORRECT


def test_accepting_what_still_cannot_be_is_refused_and_it_stays_open(office, tablet):
    tablet.say(tablet.record(lng=OUTSIDE[0], lat=OUTSIDE[1]))
    answer = office.post(f"/gestion/bandeja/{only_held().pk}/", {"decision": "accept"})
    assert answer.status_code == 400
    assert 'role="alert">El punto queda fuera' in answer.content.decode()
    assert 'name="decision"' in answer.content.decode()
    assert (Held.objects.open().count(), Issue.objects.count(), Decision.objects.count()) == (1, 0, 0)


@pytest.mark.parametrize("kind", ["walk_start", "walk_end"])
def test_a_walk_of_nobody_stays_open_when_it_is_accepted(office, tablet, kind):
    nobody = 2**31 - 1
    tablet.say(tablet.record(kind=kind, walk=str(uuid.uuid4()), author=nobody))
    held = only_held()
    answer = office.post(f"/gestion/bandeja/{held.pk}/", {"decision": "accept"})
    assert answer.status_code == 400
    assert str(HoldReason.AUTHOR.label) in answer.content.decode()
    assert not Decision.objects.exists()
    assert not Walk.objects.exists()


@pytest.mark.parametrize(
    "data", [{"lat": "-33.5"}, {"lat": "-70.7", "lng": "-33.5"}, {"lat": "nan", "lng": "x"}]
)
def test_half_or_swapped_corrections_are_refused_with_a_sentence(office, tablet, data):
    tablet.say(tablet.record(lng=OUTSIDE[0], lat=OUTSIDE[1]))
    answer = office.post(f"/gestion/bandeja/{only_held().pk}/", {"decision": "correct"} | data)
    assert (answer.status_code, Issue.objects.count()) == (400, 0)


@pytest.mark.parametrize(
    ("reason", "wrong"),
    [
        (HoldReason.DEVICE, {}),
        (HoldReason.TERRITORY, {"lng": -70.75}),
        (HoldReason.BOUNDARIES, {"territory": 77, "boundary_set": 2**30}),
    ],
)
def test_what_only_needed_a_look_is_accepted_as_it_came(office, tablet, reason, wrong):
    if reason == HoldReason.DEVICE:
        Device.objects.update(revoked_at=timezone.now())
    tablet.say(tablet.record(**wrong))
    assert only_held().reason == reason
    office.post(f"/gestion/bandeja/{only_held().pk}/", {"decision": "accept"})
    assert Issue.objects.count() == 1


def test_the_photos_of_an_accepted_record_come_with_it(office, tablet):
    data, photo_id = jpeg(), str(uuid.uuid4())
    record = tablet.record(category="NO-99", photos=[{"id": photo_id, "sha256": sha256(data)}])
    tablet.say(record)
    tablet.put_photo(record["id"], data, photo_id)
    office.post(f"/gestion/bandeja/{only_held().pk}/", {"decision": "correct", "category": "PAV-01"})
    assert Photo.objects.get().issue_id == Issue.objects.get().pk


def test_rejecting_needs_a_reason_and_deletes_nothing(tablet, cabinet):
    tablet.say(tablet.record(category="NO-99"))
    with pytest.raises(DecisionRefused):
        reject(only_held(), by=cabinet, reason="  ")
    reject(only_held(), by=cabinet, reason="Prueba de la tableta")
    assert (SyncRecord.objects.count(), Held.objects.count(), Held.objects.open().count()) == (1, 1, 0)


def test_two_people_deciding_at_once_decide_once(tablet, cabinet, facilitation_head):
    tablet.say(tablet.record(lng=-70.75))
    held = only_held()
    accept(held, by=cabinet)
    with pytest.raises(DecisionRefused):
        accept(held, by=facilitation_head)
    assert Issue.objects.count() == 1


def test_the_administration_looks_on_and_decides_nothing(tablet, administrator, client):
    tablet.say(tablet.record(lng=-70.75))
    client.force_login(administrator)
    page = f"/gestion/bandeja/{only_held().pk}/"
    assert client.get(page).status_code == 200
    assert client.post(page, {"decision": "accept"}).status_code == 403
    assert Decision.objects.count() == 0


def test_a_proposed_change_is_accepted_as_a_note_of_the_problem(office, tablet, issue):
    tablet.say(tablet.record("change", issue=str(issue.pk), text="Es una vereda"))
    office.post(f"/gestion/bandeja/{only_held().pk}/", {"decision": "accept"})
    assert issue.history.filter(kind="note").get().reason == "Es una vereda"


def outbox_file(records: list[dict], photos: list[dict] = (), **more) -> SimpleUploadedFile:
    data = {"format": "mapa-barrial-outbox", "version": 1, "records": records, "photos": list(photos)} | more
    return SimpleUploadedFile("caminata.json", json.dumps(data).encode(), "application/json")


def test_12_a_file_carried_to_the_office_never_doubles_what_came_by_network(office, tablet):
    data, photo_id = jpeg(), str(uuid.uuid4())
    first = tablet.record(photos=[{"id": photo_id, "sha256": sha256(data)}])
    second = tablet.record()
    tablet.say(first)
    photo = {
        "id": photo_id,
        "record": first["id"],
        "sha256": sha256(data),
        "data": base64.b64encode(data).decode(),
    }
    for _ in range(2):
        upload = outbox_file([as_item(first), as_item(second)], [photo])
        assert office.post("/gestion/bandeja/importar/", {"archivo": upload}).status_code == 302
    counts = (SyncRecord.objects.count(), SyncPhoto.objects.count(), Photo.objects.count())
    assert counts == (2, 1, 1)


def test_records_in_a_file_keep_their_author(office, tablet, facilitator, cabinet):
    office.post("/gestion/bandeja/importar/", {"archivo": outbox_file([as_item(tablet.record())])})
    record = SyncRecord.objects.get()
    assert (record.author, record.sender) == (facilitator, cabinet)
    assert Issue.objects.get().created_by == facilitator


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b"[1]", b"<html>", b'{"format": "mapa-barrial-outbox"}', b"[" * 90_000, b"\xff\xfe"],
)
def test_a_file_that_is_no_outbox_is_refused_with_a_sentence(office, content):
    upload = SimpleUploadedFile("x.json", content or b" ", "application/json")
    page = office.post("/gestion/bandeja/importar/", {"archivo": upload}, follow=True).content.decode()
    assert "archivo" in page
    assert SyncRecord.objects.count() == 0


@pytest.mark.parametrize(
    "photo",
    [
        {},
        7,
        {"id": "x"},
        {"id": "018f0000-0000-7000-8000-000000000000", "record": "x", "sha256": "0", "data": "%%%"},
    ],
)
def test_a_broken_photo_in_a_file_spoils_only_itself(office, tablet, photo):
    office.post("/gestion/bandeja/importar/", {"archivo": outbox_file([as_item(tablet.record())], [photo])})
    assert (SyncRecord.objects.count(), SyncPhoto.objects.count()) == (1, 0)


def test_a_tablet_is_revoked_on_its_page(office, tablet):
    office.post("/gestion/tabletas/", {"device": str(tablet.device.pk)})
    assert Device.objects.get().is_revoked
    assert "revocada" in office.get("/gestion/tabletas/").content.decode()


@pytest.mark.parametrize("device", ["", "x", "018f0000-0000-7000-8000-000000000000"])
def test_revoking_what_is_no_tablet_is_a_404(office, device):
    assert office.post("/gestion/tabletas/", {"device": device}).status_code == 404


def test_the_inbox_costs_the_same_for_two_and_for_twenty(office, tablet, django_assert_max_num_queries):
    tablet.say(*(tablet.record(category="NO-99") for _ in range(20)))
    with django_assert_max_num_queries(14):
        office.get("/gestion/bandeja/")
