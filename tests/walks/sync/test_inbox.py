"""What a tablet sends is stored once, as it came, and answered truly."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError, IntegrityError
from django.utils import timezone
from uuid6 import uuid7

from issues.models import Category, Issue, Support
from issues.workflow import Status
from tests.conftest import INSIDE, NORTE, OUTSIDE, SUR
from tests.walks.conftest import Tablet, as_item, canonical, sha256
from walks.models import (
    ConflictingBody,
    Held,
    HoldReason,
    Presence,
    SyncRecord,
    TrackSegment,
    Walk,
)
from walks.sync.devices import revoke

pytestmark = pytest.mark.django_db
RECONCILE = "/api/v1/sync/reconcile/"


def held_reasons() -> list[str]:
    return list(Held.objects.open().values_list("reason", flat=True))


def test_a_new_problem_is_stored_and_answered_with_the_hash_of_what_came(tablet, facilitator):
    record = tablet.record(levels={"severity": 2, "reach": 2, "duration": 3, "vulnerability": 2})
    (result,) = tablet.say(record)
    assert (result["result"], result["sha256"]) == ("stored", sha256(canonical(record)))
    issue = Issue.objects.get(pk=record["id"])
    assert (issue.territory.code, issue.index, issue.created_by) == (NORTE, 220, facilitator)
    assert SyncRecord.objects.get().body == canonical(record)


def test_the_same_record_again_is_already_there_and_nothing_doubles(tablet):
    record = tablet.record()
    results = [tablet.say(record)[0]["result"] for _ in range(3)]
    assert results == ["stored", "already", "already"]
    assert Issue.objects.count() == SyncRecord.objects.count() == 1


def test_the_same_record_twice_in_one_batch_is_stored_once(tablet):
    record = tablet.record()
    assert [r["result"] for r in tablet.say(record, record)] == ["stored", "already"]


def test_another_body_under_a_known_id_is_a_conflict_and_both_are_kept(tablet):
    record = tablet.record()
    tablet.say(record)
    (result,) = tablet.say(record | {"title": "Otra cosa"})
    assert result["result"] == "conflict"
    assert Issue.objects.get().title == "Hoyo grande"
    assert "Otra cosa" in ConflictingBody.objects.get().body
    assert held_reasons() == [HoldReason.CONFLICT]


def test_a_poison_item_neither_stops_nor_spoils_the_batch(tablet):
    good, bad, also_good = tablet.record(), tablet.record(lat="x"), tablet.record(title="Otro")
    assert [r["result"] for r in tablet.say(good, bad, also_good)] == ["stored", "error", "stored"]
    assert Issue.objects.count() == 2


def test_a_cut_body_is_told_as_bad_hash_and_not_stored(tablet):
    item = as_item(tablet.record())
    (result,) = tablet.post({"records": [item | {"body": item["body"][:-5]}]}).json()["results"]
    assert result["result"] == "bad_hash"
    assert SyncRecord.objects.count() == 0


MALFORMED = {
    "half a coordinate": {"lng": None},
    "no coordinate": {"lat": "", "lng": ""},
    "swapped axes": {"lat": -70.79, "lng": -33.51},
    "latitude off the globe": {"lat": 123.0},
    "longitude as text": {"lng": "oeste"},
    "a boolean for a latitude": {"lat": True},
    "no title": {"title": "  "},
    "title that is a list": {"title": ["a"]},
    "NUL in the title": {"title": "a\x00b"},
    "levels that are a list": {"levels": [1, 2]},
    "a level that is text": {"levels": {"severity": "2"}},
    "accuracy below zero": {"accuracy_m": -3},
    "photos that are text": {"photos": "x"},
    "foreign photo form": {"photos": [{"id": "../../x", "sha256": "y"}]},
    "walk that is no id": {"walk": "mine"},
    "kind that is a number": {"kind": 7},
    "eleven photos": {"photos": [{"id": str(uuid7()), "sha256": "0"} for _ in range(11)]},
}


@pytest.mark.parametrize("wrong", MALFORMED.values(), ids=MALFORMED.keys())
def test_what_cannot_be_understood_is_refused_with_a_sentence_and_nothing_is_half_saved(tablet, wrong):
    (result,) = tablet.say(tablet.record(**wrong))
    assert result["result"] == "error"
    assert result["sentence"].endswith(".")
    assert (SyncRecord.objects.count(), Issue.objects.count(), Held.objects.count()) == (0, 0, 0)


@pytest.mark.parametrize(
    "body",
    ["[]", "{", "NaN", '{"id":1}', "[" * 20_000, '{"id":"x","id":"y"}', '"\ud800"', "9" * 5_000],
    ids=["list", "cut", "nan", "no id", "deep", "repeated key", "lone surrogate", "huge number"],
)
def test_a_body_that_is_no_record_is_an_error_of_that_item_only(tablet, body):
    digest = sha256(body.encode("utf-8", "surrogatepass"))
    item = {"id": str(uuid7()), "sha256": digest, "body": body}
    good = as_item(tablet.record())
    results = tablet.post({"records": [item, good]}).json()["results"]
    assert [r["result"] for r in results] == ["error", "stored"]


def test_nan_as_a_number_in_the_body_is_an_error(tablet):
    record = tablet.record()
    body = canonical(record).replace(str(record["lat"]), "NaN")
    item = {"id": record["id"], "sha256": sha256(body), "body": body}
    assert tablet.post({"records": [item]}).json()["results"][0]["result"] == "error"


def test_a_body_over_64_kb_is_an_error_and_html_in_the_text_is_only_text(tablet):
    huge, html = tablet.record(description="x" * 70_000), tablet.record(title="<script>alert(1)</script>")
    assert [r["result"] for r in tablet.say(huge, html)] == ["error", "stored"]
    assert Issue.objects.get().title == "<script>alert(1)</script>"


@pytest.mark.parametrize(
    "payload",
    [b"", b"[]", b"{}", b'{"records": []}', b'{"records": 3}', b"\xff", b"[" * 50_000, b"\x1f\x8b\x08"],
)
def test_a_request_that_is_no_batch_is_a_400_with_a_sentence(tablet, payload):
    answer = tablet.post(payload)
    assert answer.status_code == 400
    assert answer.json()["detail"]


def test_more_than_20_records_are_a_400_and_more_than_4_mb_a_413(tablet):
    assert tablet.post({"records": [{}] * 21}).status_code == 400
    assert tablet.post(b"x" * (4 * 1024 * 1024 + 1)).status_code == 413


@pytest.mark.parametrize("letter", ["x", "á", "\u20ac", "\U0001f573", '"'])
def test_20_bodies_of_64_kb_come_whole_however_their_letters_are_written(tablet, letter):
    records = [tablet.record(unread="") for _ in range(20)]
    for record in records:
        room = 64 * 1024 - len(canonical(record).encode())
        record["unread"] = letter * (room // len(canonical(letter)[1:-1].encode()))
    assert {result["result"] for result in tablet.say(*records)} == {"stored"}


def outside(record):
    return record | {"lng": OUTSIDE[0], "lat": OUTSIDE[1]}


HELD = {
    HoldReason.OUTSIDE: {"lng": OUTSIDE[0], "lat": OUTSIDE[1]},
    HoldReason.TERRITORY: {"lng": INSIDE[SUR][0]},
    HoldReason.CATEGORY: {"category": "NO-99"},
    HoldReason.TEXT: {"title": "x" * 200},
    HoldReason.LEVELS: {"levels": {"severity": 9}},
    HoldReason.KIND: {"kind": "of_next_year"},
    HoldReason.AUTHOR: {"author": 2**31 - 1},
    HoldReason.BOUNDARIES: {"territory": 77, "boundary_set": 2**30},
}


@pytest.mark.parametrize(("reason", "wrong"), HELD.items(), ids=HELD.keys())
def test_a_check_of_the_domain_never_refuses_but_holds(tablet, reason, wrong):
    (result,) = tablet.say(tablet.record(**wrong))
    assert result["result"] == "held"
    assert result["sentence"]
    assert (held_reasons(), SyncRecord.objects.count(), Issue.objects.count()) == ([reason], 1, 0)


def test_a_held_record_sent_again_is_held_once(tablet):
    record = tablet.record(category="NO-99")
    assert [tablet.say(record)[0]["result"] for _ in range(2)] == ["held", "held"]
    assert Held.objects.count() == 1


def test_a_category_withdrawn_while_away_holds_the_record(tablet):
    record = tablet.record()
    Category.objects.update(is_open=False)
    assert tablet.say(record)[0]["result"] == "held"
    assert held_reasons() == [HoldReason.CATEGORY]


def test_a_role_lost_while_away_holds_the_record(tablet, facilitator, streets):
    record = tablet.record()
    facilitator.role, facilitator.department = "manager", streets
    facilitator.save()
    assert tablet.say(record)[0]["result"] == "held"
    assert held_reasons() == [HoldReason.ROLE]


def test_what_a_revoked_tablet_sends_is_held_not_binned(tablet, administrator):
    revoke(tablet.device, administrator)
    assert tablet.say(tablet.record())[0]["result"] == "held"
    assert held_reasons() == [HoldReason.DEVICE]


def test_another_persons_login_never_changes_the_author(tablet, facilitator, other_facilitator):
    tablet.client.force_login(other_facilitator)
    tablet.say(tablet.record())
    record = SyncRecord.objects.get()
    assert (record.author, record.sender, record.device) == (facilitator, other_facilitator, tablet.device)
    assert Issue.objects.get().created_by == facilitator


def test_an_author_who_never_signed_in_on_the_tablet_is_held(tablet, other_facilitator):
    assert tablet.say(tablet.record(author=other_facilitator.pk))[0]["result"] == "held"
    assert held_reasons() == [HoldReason.AUTHOR]


@pytest.mark.parametrize("at", ["1970-01-01T00:00:00Z", "2999-01-01T00:00:00Z", "ayer", None, 7])
def test_a_clock_that_is_wrong_never_stops_a_record(tablet, at):
    assert tablet.say(tablet.record(at=at))[0]["result"] == "stored"
    issue = Issue.objects.get()
    assert issue.reported_at <= issue.created_at


def test_people_present_are_one_number_for_each_walk_which_a_later_one_replaces(tablet, issue):
    walk, about = str(uuid7()), {"issue": str(issue.pk)}
    said = [("15:00", 12), ("15:05", 9), ("15:01", 40), ("15:05", 10)]
    for minute, people in said:
        at = f"2026-11-22T{minute}:00Z"
        tablet.say(tablet.record("support", walk=walk, people=people, at=at, **about))
    assert [present.people for present in Presence.objects.all()] == [10]


def test_one_stolen_tablet_makes_no_crowd(tablet, issue):
    about = {"issue": str(issue.pk), "people": 2}
    walks = [None, None, *(str(uuid7()) for _each in range(15))]
    tablet.say(*(tablet.record("support", walk=walk, **about) for walk in walks))
    issue.refresh_from_db()
    assert (issue.support_count, Support.objects.count(), Presence.objects.most_at(issue)) == (0, 0, 2)


def test_without_a_walk_a_day_of_the_author_has_one_number(tablet, issue):
    about = {"issue": str(issue.pk)}
    tablet.say(*(tablet.record("support", people=n, **about) for n in (3, 4)))
    assert Presence.objects.count() == 1


@pytest.mark.parametrize("people", [-1, 0.5, "2", 201, True, 10**12])
def test_a_number_of_people_that_cannot_be_is_refused(tablet, issue, people):
    told = tablet.say(tablet.record("support", issue=str(issue.pk), people=people))
    assert told[0]["result"] == "error"


ABOUT = {
    "support": {},
    "still_there": {},
    "remark": {"text": "Está más hondo"},
    "change": {"text": "Es de otra categoría"},
    "withdraw": {},
}


@pytest.mark.parametrize(("kind", "more"), ABOUT.items(), ids=ABOUT.keys())
def test_nothing_is_told_of_a_problem_of_another_neighbourhood(tablet, make_issue, kind, more):
    far = make_issue(SUR)
    lines = far.history.count()
    assert tablet.say(tablet.record(kind, issue=str(far.pk), **more))[0]["result"] == "held"
    far.refresh_from_db()
    assert (far.history.count(), far.support_count, Presence.objects.count()) == (lines, 0, 0)
    assert held_reasons() == [HoldReason.PROPOSAL if kind == "change" else HoldReason.TERRITORY]


@pytest.mark.parametrize("kind", ["support", "still_there", "remark", "withdraw"])
def test_what_an_author_cannot_see_is_as_if_it_were_not(tablet, make_issue, kind):
    hidden = make_issue(SUR)
    Issue.objects.filter(pk=hidden.pk).update(visibility="staff")
    (told,) = tablet.say(tablet.record(kind, issue=str(hidden.pk), **ABOUT[kind]))
    (nothing,) = tablet.say(tablet.record(kind, issue=str(uuid7()), **ABOUT[kind]))
    assert (told["result"], told["sentence"]) == (nothing["result"], nothing["sentence"])


@pytest.mark.parametrize(
    ("kind", "more"),
    [("walk_start", {"territory": NORTE}), ("track", {"points": [[-70.79, -33.51, 5, 0]]}), ("walk_end", {})],
)
def test_a_walk_is_its_author_s_alone(tablet, other_facilitator, kind, more):
    walk = str(uuid7())
    tablet.say(tablet.record("walk_start", walk=walk, territory=NORTE))
    before = Walk.objects.values().get()
    other = Tablet(other_facilitator)
    assert other.say(other.record(kind, walk=walk, **more))[0]["result"] == "held"
    assert (Walk.objects.values().get(), TrackSegment.objects.count()) == (before, 0)


def test_a_walk_starts_in_an_own_neighbourhood(tablet):
    told = tablet.say(tablet.record("walk_start", walk=str(uuid7()), territory=SUR))
    assert (told[0]["result"], held_reasons()) == ("held", [HoldReason.TERRITORY])


@pytest.mark.parametrize("end", ["2026-11-22T14:59:00Z", "2026-11-23T15:01:00Z", "2026-11-20T15:00:00Z"])
def test_a_walk_does_not_end_before_it_begins_nor_after_more_than_a_day(tablet, end):
    walk = str(uuid7())
    tablet.say(tablet.record("walk_start", walk=walk, territory=NORTE, at="2026-11-22T15:00:00Z"))
    tablet.say(tablet.record("walk_end", walk=walk, at=end))
    assert (Walk.objects.get().ended_at, held_reasons()) == (None, [HoldReason.TIME])


@pytest.mark.parametrize("at", ["1970-01-01T00:00:00Z", "2999-01-01T00:00:00Z", None])
def test_a_clock_that_cannot_be_right_dates_no_walk(tablet, at):
    tablet.say(tablet.record("walk_start", walk=str(uuid7()), territory=NORTE, at=at))
    assert abs(Walk.objects.get().started_at - timezone.now()) < dt.timedelta(minutes=10)


def test_remarks_and_still_there_become_lines_of_the_history(tablet, issue):
    about = {"issue": str(issue.pk)}
    tablet.say(tablet.record("remark", text="Está más hondo", **about), tablet.record("still_there", **about))
    lines = list(issue.history.filter(kind="note").values_list("reason", "public_text"))
    assert lines == [("Está más hondo", ""), ("", "Visto en una caminata: sigue ahí.")]


def test_undo_withdraws_the_problem_it_names(tablet):
    made = tablet.record()
    assert [r["result"] for r in tablet.say(made, tablet.record("withdraw", issue=made["id"]))] == [
        "stored"
    ] * 2
    assert Issue.objects.get().status == Status.CLOSED


def test_undo_that_arrives_before_the_problem_waits_for_it(tablet):
    made = tablet.record()
    undo = tablet.record("withdraw", issue=made["id"])
    assert tablet.say(undo)[0]["result"] == "held"
    assert tablet.say(made)[0]["result"] == "stored"
    assert (Issue.objects.get().status, held_reasons()) == (Status.CLOSED, [])


def test_a_proposed_change_waits_for_the_office(tablet, issue):
    change = tablet.record("change", issue=str(issue.pk), text="Es de otra categoría")
    assert tablet.say(change)[0]["result"] == "held"
    assert held_reasons() == [HoldReason.PROPOSAL]


def test_a_walk_is_told_by_its_records_in_any_order(tablet, facilitator):
    walk = str(uuid7())
    points = [[*INSIDE[NORTE], 5, 0], [INSIDE[NORTE][0] + 0.001, INSIDE[NORTE][1], 5, 10]]
    end = tablet.record("walk_end", walk=walk, captured=3, at="2026-11-22T17:00:00Z")
    start = tablet.record("walk_start", walk=walk, territory=NORTE, at="2026-11-22T15:00:00Z")
    results = tablet.say(end, tablet.record("track", walk=walk, points=points), start)
    assert [r["result"] for r in results] == ["stored"] * 3
    stored = Walk.objects.get()
    assert (stored.territory_code, stored.captured, stored.author) == (NORTE, 3, facilitator)
    assert stored.started_at < stored.ended_at


def test_a_record_made_after_its_walk_ended_is_held(tablet):
    walk = str(uuid7())
    tablet.say(tablet.record("walk_end", walk=walk, at="2026-11-22T15:00:00Z"))
    assert tablet.say(tablet.record(walk=walk, at="2026-11-22T18:00:00Z"))[0]["result"] == "held"
    assert held_reasons() == [HoldReason.WALK]


@pytest.mark.parametrize("table", ["syncrecord", "conflictingbody", "syncphoto", "held", "decision"])
def test_the_database_refuses_to_change_or_remove_what_came(tablet, table):
    tablet.say(tablet.record(category="NO-99"))
    for statement in (f"UPDATE walks_{table} SET id = id", f"DELETE FROM walks_{table}"):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM walks_{table}")
            if cursor.fetchone()[0] == 0:
                continue
            with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic():
                cursor.execute(statement)


def test_reconcile_names_what_the_server_lacks(tablet):
    here, missing = tablet.record(), tablet.record()
    tablet.say(here)
    pairs = [[r["id"], as_item(r)["sha256"]] for r in (here, missing)]
    body = tablet.post({"records": pairs, "photos": []}, "/api/v1/sync/reconcile/").json()
    assert body == {"records": [missing["id"]], "photos": [], "received": 1}


def test_reconcile_takes_the_memory_of_a_busy_month(tablet):
    here = tablet.record()
    tablet.say(here)
    pairs = [[str(uuid7()), "0" * 64] for _ in range(9_999)]
    answer = tablet.post(
        {"records": [*pairs, [here["id"], as_item(here)["sha256"]]], "photos": pairs}, RECONCILE
    )
    assert answer.status_code == 200
    missing = answer.json()
    assert (len(missing["records"]), len(missing["photos"]), missing["received"]) == (9_999, 9_999, 1)


def test_reconcile_refuses_more_than_it_compares_at_once(tablet):
    pairs = [[str(uuid7()), "0" * 64] for _ in range(20_001)]
    answer = tablet.post({"records": pairs, "photos": []}, RECONCILE)
    assert (answer.status_code, bool(answer.json()["detail"])) == (400, True)


@pytest.mark.parametrize("payload", [[], {"records": 3}, {"records": [["x"]]}, {"records": [["x", "y"]]}])
def test_reconcile_refuses_nonsense_with_a_sentence(tablet, payload):
    answer = tablet.post(payload, "/api/v1/sync/reconcile/")
    assert (answer.status_code, bool(answer.json()["detail"])) == (400, True)


def test_the_number_of_queries_does_not_grow_with_records_already_there(
    tablet, django_assert_max_num_queries
):
    records = [tablet.record() for _ in range(20)]
    tablet.say(*records)
    payload = json.loads(json.dumps({"records": [as_item(record) for record in records]}))
    with django_assert_max_num_queries(46):
        tablet.post(payload)
