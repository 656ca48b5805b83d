"""Whatever comes in: one answer for each item or a 4xx with a sentence; never a 500, never half saved."""

from __future__ import annotations

import json
import uuid
from itertools import permutations

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from issues.models import Issue, Photo
from tests.walks.conftest import HEADERS, as_item, canonical, jpeg, sha256
from walks.models import ConflictingBody, Held, PhotoPart, SyncPhoto, SyncRecord

pytestmark = pytest.mark.django_db
RESULTS = {"stored", "already", "conflict", "held", "bad_hash", "error"}
MANY = settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

ODD = st.sampled_from(
    ["", "nan", "inf", "1e400", "\x00", "\ud800", "‮", "-33.51", "PAV-01", "\u0663", "x" * 3_000, "{}"]
)
NUMBERS = st.one_of(
    st.integers(-(2**65), 2**65),
    st.floats(),
    st.sampled_from([2**31, 2**31 - 1, 2**63, -1, 0, 1e308]),
)
LEAVES = st.one_of(st.none(), st.booleans(), NUMBERS, ODD, st.text(max_size=20))
ANYTHING = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=6), inner, max_size=4)
    ),
    max_leaves=12,
)
IDS = st.one_of(st.uuids().map(str), st.just("018f0000-0000-7000-8000-00000000000c"), ANYTHING)
KINDS = (
    "issue", "remark", "change", "still_there", "support", "withdraw", "walk_start", "track", "walk_end",
    "odd",
)  # fmt: skip
FIELDS = (
    "title", "category", "lat", "lng", "accuracy_m", "levels", "levels_evidence", "description", "address",
    "territory", "boundary_set", "photos", "walk", "issue", "text", "points", "captured", "at", "author",
    "device", "schema", "moved_by_hand", "changes", "seen",
)  # fmt: skip


@st.composite
def spoiled(draw) -> dict:
    """Which fields of an honest record are replaced by what, or dropped (the value `...`)."""
    names = draw(st.lists(st.sampled_from(FIELDS), max_size=4, unique=True))
    changes = {name: draw(st.one_of(IDS, st.just(...))) for name in names}
    return {"kind": draw(st.sampled_from(KINDS)), "changes": changes, "cut": draw(st.integers(0, 3))}


def counted() -> tuple[int, ...]:
    """How much there is of everything that a record may leave behind."""
    return tuple(model.objects.count() for model in (SyncRecord, ConflictingBody, Held, Issue))


def honest(tablet, issue, kind: str) -> dict:
    """A record of any kind that the server would take."""
    walk = str(uuid.uuid4())
    more = {"issue": str(issue.pk), "walk": walk, "text": "Algo", "points": [[-70.79, -33.51, 5, 0]]}
    return tablet.record(kind, **({} if kind == "issue" else more))


def as_sent(record: dict, changes: dict, cut: int) -> dict:
    for name, value in changes.items():
        record[name] = value
    body = json.dumps({name: value for name, value in record.items() if value is not ...}, allow_nan=True)
    item = {"id": record["id"], "sha256": sha256(body.encode("utf-8", "surrogatepass")), "body": body}
    return item | {"body": body[:-cut]} if cut == 1 else item


@MANY
@given(wish=spoiled())
def test_a_record_with_any_field_spoiled_gets_one_answer_and_is_whole_or_not_there(tablet, issue, wish):
    before = counted()
    item = as_sent(honest(tablet, issue, wish["kind"]), wish["changes"], wish["cut"])
    neighbour = as_item(tablet.record(title="El de al lado"))
    answer = tablet.post({"records": [item, neighbour]})
    assert answer.status_code == 200, answer.content
    first, second = (result["result"] for result in answer.json()["results"])
    assert first in RESULTS
    assert second == "stored"
    records, variants, held, issues = (a - b for a, b in zip(counted(), before, strict=True))
    taken = first in ("stored", "held")
    assert records == 1 + taken
    assert held == (first == "held")
    assert variants == 0
    assert issues == 1 + (first == "stored" and wish["kind"] == "issue")


@MANY
@given(payload=ANYTHING)
@example({"records": [None, 3, "x", [], {}]})
@example({"records": [{"id": "x", "sha256": None, "body": "{}"}]})
def test_any_json_is_answered_item_by_item_or_refused(tablet, payload):
    for body in (payload, {"records": payload}, {"records": [payload]}):
        answer = tablet.post(body)
        assert answer.status_code in (200, 400)
        if answer.status_code == 200:
            results = answer.json()["results"]
            assert len(results) == len(body["records"])
            assert {result["result"] for result in results} <= {"error", "bad_hash"}
        else:
            assert answer.json()["detail"]
    assert counted() == (0, 0, 0, 0)


@MANY
@given(raw=st.one_of(st.binary(max_size=300), st.text(max_size=200).map(lambda text: text.encode("utf-16"))))
@example(b"\xef\xbb\xbf{}")
@example(b'{"records": [' + b"[" * 5_000)
@example(b'{"records": 1e999}')
@example(b'{"records": [' + b"9" * 6_000 + b"]}")
@pytest.mark.parametrize("path", ["/api/v1/sync/", "/api/v1/sync/reconcile/"])
def test_any_bytes_are_refused_with_a_sentence(tablet, path, raw):
    answer = tablet.post(raw, path)
    assert answer.status_code in (200, 400)
    assert answer.status_code == 200 or answer.json()["detail"]
    assert counted() == (0, 0, 0, 0)


@MANY
@given(payload=st.fixed_dictionaries({}, optional=dict.fromkeys(("records", "photos", "device"), ANYTHING)))
def test_reconcile_and_enrolment_take_any_json_without_falling(tablet, payload):
    assert tablet.post(payload, "/api/v1/sync/reconcile/").status_code in (200, 400)
    tablet.client.force_login(tablet.author)
    assert tablet.post(payload, "/api/v1/sync/device/").status_code in (201, 400, 413)


@MANY
@given(data=st.data())
def test_parts_in_any_order_repeated_or_foreign_make_the_photo_once_or_not_at_all(tablet, data):
    whole = jpeg(size=(90, 70)) + data.draw(st.binary(max_size=50))
    cuts = sorted(data.draw(st.sets(st.integers(1, len(whole) - 1), max_size=3)))
    pieces = [whole[a:b] for a, b in zip([0, *cuts], [*cuts, len(whole)], strict=True)]
    photo, record = str(uuid.uuid4()), tablet.record()
    record["photos"] = [{"id": photo, "sha256": sha256(whole)}]
    order = data.draw(
        st.permutations([*range(len(pieces)), *data.draw(st.lists(st.integers(0, len(pieces) - 1)))])
    )
    early = data.draw(st.booleans())
    if early:
        tablet.say(record)
    statuses = [put(tablet, record, photo, whole, n, pieces[n], len(pieces)) for n in order]
    if not early:
        tablet.say(record)
    assert set(statuses) <= {200, 201, 202}
    assert statuses[-1] != 202
    assert SyncPhoto.objects.get(photo_id=photo).sha256 == sha256(whole)
    assert Photo.objects.filter(issue_id=record["id"]).count() == 1
    assert not PhotoPart.objects.filter(photo_id=photo).exists()


def put(tablet, record: dict, photo: str, whole: bytes, number: int, piece: bytes, parts: int) -> int:
    query = f"record={record['id']}&sha256={sha256(whole)}&part={number}&parts={parts}"
    url = f"/api/v1/sync/photos/{photo}?{query}"
    sent = tablet.client.put(url, piece, content_type="application/octet-stream", headers=HEADERS)
    return sent.status_code


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
def test_a_part_that_went_bad_starts_the_photo_again_and_then_it_is_whole(tablet, order):
    whole = jpeg(size=(90, 70))
    third = len(whole) // 3
    pieces = [whole[:third], whole[third : 2 * third], whole[2 * third :]]
    photo, record = str(uuid.uuid4()), tablet.record()
    record["photos"] = [{"id": photo, "sha256": sha256(whole)}]
    tablet.say(record)
    bad = [piece if n else b"?" * len(piece) for n, piece in enumerate(pieces)]
    statuses = [put(tablet, record, photo, whole, n, bad[n], 3) for n in order]
    assert statuses == [202, 202, 400]
    assert (SyncPhoto.objects.count(), PhotoPart.objects.count()) == (0, 0)
    assert [put(tablet, record, photo, whole, n, pieces[n], 3) for n in order] == [202, 202, 201]
    assert Photo.objects.get().issue_id == Issue.objects.get().pk


@MANY
@given(query=st.dictionaries(st.sampled_from(["record", "sha256", "part", "parts"]), st.text(max_size=12)))
def test_any_words_about_a_photo_are_a_4xx_and_leave_nothing(tablet, query):
    url = f"/api/v1/sync/photos/{uuid.uuid4()}"
    answer = tablet.client.generic(
        "PUT", url, b"x", "application/octet-stream", headers=HEADERS, query_params=query
    )
    assert answer.status_code == 400
    assert tablet.client.get(url, query_params=query).status_code == 400
    assert SyncPhoto.objects.count() == 0


def test_the_photo_of_another_tablets_record_is_held_and_never_shown_there(tablet, other_facilitator):
    record = tablet.record()
    tablet.say(record)
    intruder = type(tablet)(other_facilitator)
    assert intruder.put_photo(record["id"], jpeg("red")).status_code == 201
    assert (Photo.objects.count(), Held.objects.get().get_reason_display()) == (
        0,
        "la foto no es de ese registro",
    )


def test_the_same_text_written_another_way_is_another_body(tablet):
    record = tablet.record()
    tablet.say(record)
    loose = json.dumps(json.loads(canonical(record)), indent=1)
    item = {"id": record["id"], "sha256": sha256(loose), "body": loose}
    (result,) = tablet.post({"records": [item]}).json()["results"]
    assert (result["result"], Issue.objects.count()) == ("conflict", 1)
