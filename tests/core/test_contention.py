"""Two at once in the database: tried again in one place, and told honestly when that does not help."""

from __future__ import annotations

import json
import threading

import psycopg
import pytest
from django.db import OperationalError, connection, transaction
from django.test import RequestFactory

from core.models import Alarm
from core.together import contention
from core.together.contention import TRIES, Busy, is_contention, patiently
from maps import error_views


def failure(sqlstate: str) -> OperationalError:
    """What Django raises for a fault of PostgreSQL with that number."""
    fault = OperationalError("in the way")
    fault.__cause__ = psycopg.errors.lookup(sqlstate)("in the way")
    return fault


def failing(times: int, sqlstate: str = "40P01"):
    """Work that is in somebody's way so many times, and how often it was begun."""
    begun = []

    def work() -> str:
        begun.append(1)
        Alarm.objects.create(name=f"try {len(begun)}", text="x")
        if len(begun) <= times:
            raise failure(sqlstate)
        return "done"

    return work, begun


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("sqlstate", ["40P01", "40001"])
@pytest.mark.parametrize("times", range(TRIES))
def test_what_the_database_asks_to_try_again_is_tried_again_from_its_beginning(times, sqlstate):
    work, begun = failing(times, sqlstate)
    assert patiently(work) == "done"
    assert len(begun) == times + 1
    assert Alarm.objects.values_list("name", flat=True).get() == f"try {times + 1}"


@pytest.mark.django_db(transaction=True)
def test_it_is_not_tried_for_ever():
    work, begun = failing(TRIES)
    with pytest.raises(Busy):
        patiently(work)
    assert (len(begun), Alarm.objects.count()) == (TRIES, 0)


@pytest.mark.django_db(transaction=True)
def test_a_lock_that_was_waited_for_in_vain_is_not_waited_for_again():
    work, begun = failing(1, "55P03")
    with pytest.raises(Busy):
        patiently(work)
    assert len(begun) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("sqlstate", ["57P01", "53300", "57014"])
def test_a_database_that_is_ill_is_not_taken_for_a_busy_one(sqlstate):
    work, begun = failing(1, sqlstate)
    with pytest.raises(OperationalError) as told:
        patiently(work)
    assert len(begun) == 1
    assert not is_contention(told.value)


@pytest.mark.django_db(transaction=True)
def test_within_a_transaction_the_one_who_began_it_tries_again():
    work, begun = failing(1)

    def whole() -> str:
        Alarm.objects.create(name="before", text="x")
        return patiently(work)

    assert patiently(whole) == "done"
    assert len(begun) == 2
    assert set(Alarm.objects.values_list("name", flat=True)) == {"before", "try 2"}


@pytest.mark.django_db(transaction=True)
def test_of_two_who_wait_for_each_other_both_get_there():
    for name in "ab":
        Alarm.objects.create(name=name, text="")
    meet, said = threading.Barrier(2), []

    def both(first: str, second: str) -> None:
        tries = []

        def work() -> None:
            Alarm.objects.select_for_update().get(name=first)
            if not tries:
                tries.append(1)
                meet.wait(30)
            Alarm.objects.filter(name=second).update(text=first)

        try:
            patiently(work)
            said.append("done")
        finally:
            connection.close()

    threads = [threading.Thread(target=both, args=pair) for pair in ("ab", "ba")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert said == ["done", "done"]
    assert sorted(Alarm.objects.values_list("text", flat=True)) == ["a", "b"]


@pytest.mark.parametrize("error", [Busy("x"), failure("40P01"), failure("40001"), failure("55P03")])
@pytest.mark.parametrize("path", ["/", "/api/v1/issues/", "/open311/v2/requests.json"])
def test_a_busy_database_is_never_called_one_that_does_not_answer(error, path):
    try:
        raise error
    except OperationalError:
        answer = error_views.server_error(RequestFactory().get(path))
    text = json.dumps(answer.content.decode())
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert "no responde" not in text
    assert "a la vez" in text


@pytest.mark.django_db(transaction=True)
def test_one_at_a_time_ends_with_the_transaction():
    with transaction.atomic():
        contention.one_at_a_time("x")
    done = []

    def other() -> None:
        with transaction.atomic():
            contention.one_at_a_time("x")
            done.append(1)
        connection.close()

    thread = threading.Thread(target=other)
    thread.start()
    thread.join(30)
    assert done
