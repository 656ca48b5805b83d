"""What the database is told of who asks holds for one transaction, and for nobody who comes after."""

from __future__ import annotations

import pytest
from django.db import DataError, connection, transaction
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from accounts.middleware import Known
from accounts.models import User
from core.postgis import identity
from core.postgis.rights import WEB, WORKER

TOLD = "SELECT current_user, coalesce(current_setting('mapa.who', true), '')"


def told() -> tuple[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(TOLD)
        return cursor.fetchone()


pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(params=["each statement by itself", "one transaction"])
def either_way(request):
    """As most pages ask, and as those do that write."""
    if request.param == "one transaction":
        with transaction.atomic():
            yield
    else:
        yield


def test_outside_of_a_request_nobody_asks(either_way):
    role, who = told()
    assert (role, who.strip("/")) == (WORKER, "")


def test_a_request_begins_with_nobody(either_way):
    with identity.request():
        assert told()[0] == WEB
        assert told()[1] in ("", "/")


def test_a_person_is_known_until_the_request_ends(either_way):
    with identity.request():
        identity.introduce(7)
        assert told() == (WEB, "7/")
    with identity.request():
        assert told()[1] in ("", "/")


def test_a_key_opens_for_its_block_only(either_way):
    with identity.request():
        identity.introduce(7)
        with identity.holding("ab12"):
            assert told() == (WEB, "7/ab12")
        assert told() == (WEB, "7/")


def test_what_was_told_is_told_again_after_a_failure(either_way):
    with identity.request():
        identity.introduce(7)
        with pytest.raises(DataError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")
        assert told() == (WEB, "7/")


def test_the_answer_is_that_of_the_statement(either_way):
    with identity.request(), connection.cursor() as cursor:
        identity.introduce(7)
        cursor.execute("SELECT n, %s FROM generate_series(1, 3) n", ["100 %"])
        assert (cursor.rowcount, cursor.fetchall()) == (3, [(n, "100 %") for n in (1, 2, 3)])
        cursor.executemany("SELECT %s", [[1], [2]])


def test_a_long_list_is_read_by_who_asks_too(administrator):
    with identity.request():
        identity.introduce(administrator.pk)
        assert [person.pk for person in User.objects.iterator(chunk_size=1)] == [administrator.pk]


@pytest.mark.parametrize("key", ["a'b", "a;b", "a b", "ñ", "a/b", "a\\", "a\n", '"'])
def test_a_fact_ends_no_quotes(key):
    with identity.holding(key), pytest.raises(ValueError, match="neither a number nor a digest"):
        told()


# --- The middleware -------------------------------------------------------------------------------


def answered(person, view) -> HttpResponse:
    request = RequestFactory().get("/")
    request.session = {}
    request._cached_user = person
    return Known(view)(request)


def test_whoever_looks_who_is_signed_in_tells_the_database(administrator):
    seen = []

    def view(request):
        seen.append(told()[1])
        assert request.user.is_authenticated
        seen.append(told()[1])
        return HttpResponse()

    answered(administrator, view)
    assert seen == ["", f"{administrator.pk}/"]
    assert told() == (WORKER, "")


def test_a_view_that_fails_leaves_nobody_known(administrator):
    def view(request):
        assert request.user.is_authenticated
        raise RuntimeError

    with pytest.raises(RuntimeError):
        answered(administrator, view)
    assert told() == (WORKER, "")


def test_what_is_streamed_later_is_nobody_s(administrator):
    def view(request):
        assert request.user.is_authenticated
        return StreamingHttpResponse(told()[1] for _part in range(2))

    assert b"".join(answered(administrator, view)) == b""
    assert told() == (WORKER, "")
