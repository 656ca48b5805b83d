"""Several workers at once on PostgreSQL: still once, still both kept. Numbers are those of offline.md."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from issues.models import Issue, Photo
from tests.walks.conftest import as_item, jpeg, sha256
from walks.models import ConflictingBody, Held, Presence, SyncPhoto, SyncRecord
from walks.sync.inbox import receive
from walks.sync.projection import SignIn

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(calls: list) -> list:
    """Run calls in threads that start together, each with a connection of its own."""

    def run(call):
        try:
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return [future.result() for future in [pool.submit(run, call) for call in calls]]


def sender(tablet) -> SignIn:
    return SignIn(tablet.device, tablet.author)


def test_11_eight_equal_posts_at_once_store_once(tablet):
    items = [as_item(tablet.record(title=f"Hoyo {n}")) for n in range(5)]
    answers = at_once([lambda: receive(items, sender(tablet))] * 8)
    assert sorted(r.result for results in answers for r in results) == ["already"] * 35 + ["stored"] * 5
    assert Issue.objects.count() == SyncRecord.objects.count() == 5


def test_batches_with_the_same_records_in_opposite_order_do_not_block_each_other(tablet):
    items = [as_item(tablet.record()) for _ in range(10)]
    at_once([lambda: receive(items, sender(tablet)), lambda: receive(items[::-1], sender(tablet))] * 3)
    assert Issue.objects.count() == 10


def test_eight_bodies_under_one_id_at_once_keep_all_eight(tablet):
    record = tablet.record()
    bodies = [as_item(record | {"title": f"Versión {n}"}) for n in range(8)]
    answers = at_once([lambda body=body: receive([body], sender(tablet)) for body in bodies])
    assert sorted(results[0].result for results in answers) == ["conflict"] * 7 + ["stored"]
    assert (Issue.objects.count(), ConflictingBody.objects.count(), Held.objects.count()) == (1, 7, 7)


@pytest.mark.parametrize("_again", range(5))
def test_13_a_record_and_its_photo_that_cross_on_the_way_still_meet(tablet, _again):
    data, photo_id = jpeg(), str(uuid.uuid4())
    record = tablet.record(photos=[{"id": photo_id, "sha256": sha256(data)}])
    at_once(
        [
            lambda: receive([as_item(record)], sender(tablet)),
            lambda: tablet.put_photo(record["id"], data, photo_id).status_code,
        ]
    )
    assert (SyncPhoto.objects.count(), Photo.objects.count()) == (1, 1)


def test_remarks_on_one_problem_and_new_problems_at_once_lose_nothing(tablet, issue):
    about = {"issue": str(issue.pk)}

    def mixed(n):
        return [
            as_item(tablet.record("remark", text=f"Nota {n}", **about)),
            as_item(tablet.record(title=f"Nuevo {n}")),
            as_item(tablet.record("support", walk=str(uuid.uuid4()), **about)),
        ]

    batches = [mixed(n)[:: 1 if n % 2 else -1] for n in range(8)]
    answers = at_once([lambda batch=batch: receive(batch, sender(tablet)) for batch in batches])
    assert {r.result for results in answers for r in results} == {"stored"}
    notes, present = issue.history.filter(kind="note").count(), Presence.objects.count()
    assert (present, notes, Issue.objects.count()) == (
        8,
        8,
        9,
    )


def test_references_stay_without_gaps_under_parallel_batches(tablet):
    batches = [[as_item(tablet.record()) for _ in range(5)] for _ in range(4)]
    at_once([lambda batch=batch: receive(batch, sender(tablet)) for batch in batches])
    numbers = sorted(int(reference[-6:]) for reference in Issue.objects.values_list("reference", flat=True))
    assert numbers == list(range(1, 21))
