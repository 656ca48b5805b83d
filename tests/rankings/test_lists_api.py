"""The lists in the JSON interface."""

import pytest

from rankings.publishing import document_of, publish
from rankings.rules.texts import opened


def test_lists_are_told_the_newest_first(client, published, cabinet):
    publish("gestion", actor=cabinet, corrects=published)
    answer = client.get("/api/v1/lists/").json()
    assert [row["number"] for row in answer["results"]] == [2, 1]
    assert answer["next"] is None
    newest = answer["results"][0]
    assert newest["previous_digest"] == published.digest
    assert (newest["corrects"], newest["places"], newest["track"]) == (1, 5, "gestion")


def test_pages_go_by_number(client, published, publish_next):
    publish_next()
    first = client.get("/api/v1/lists/?page_size=1").json()
    assert ([row["number"] for row in first["results"]], first["next"]) == ([2], 2)
    second = client.get(f"/api/v1/lists/?page_size=1&before={first['next']}").json()
    assert ([row["number"] for row in second["results"]], second["next"]) == ([1], None)


def test_one_list_is_its_document(client, published):
    answer = client.get("/api/v1/lists/1/")
    told = answer.json()
    assert told == document_of(published) | opened(document_of(published))
    assert [item["title"] for item in told["items"]][:2] == ["Sur 1", "Norte 1"]


@pytest.mark.parametrize("query", ["", "?track=gestion"])
def test_a_track_can_be_asked_for(client, published, query):
    assert len(client.get(f"/api/v1/lists/{query}").json()["results"]) == 1
    assert client.get("/api/v1/lists/?track=inversion").json()["results"] == []


@pytest.mark.parametrize(
    "query",
    ["track=urgencia", "before=x", "before=-1", "before=0", "before=99999999999", "page_size=0",
     "page_size=9223372036854775808", "before=%00", "page_size=nan", "track=%00"],
)  # fmt: skip
def test_what_cannot_be_read_gets_one_sentence(client, published, query):
    answer = client.get(f"/api/v1/lists/?{query}")
    assert answer.status_code == 400
    assert isinstance(answer.json()["detail"], str)


@pytest.mark.parametrize("number", ["7", "0", "9999999999"])
def test_a_list_that_does_not_exist_is_not_found(client, published, number):
    assert client.get(f"/api/v1/lists/{number}/").status_code == 404


def test_nothing_is_written_there(client, published):
    for method in ("post", "put", "patch", "delete"):
        assert getattr(client, method)("/api/v1/lists/1/").status_code in (403, 405)


@pytest.mark.parametrize("lists", [1, 4])
def test_the_number_of_queries_does_not_grow(client, example, publish_next, django_assert_num_queries, lists):
    for _ in range(lists):
        publish_next()
    with django_assert_num_queries(1):
        client.get("/api/v1/lists/")
