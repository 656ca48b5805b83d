"""Issues and categories under /api/v1/."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from issues.models import Issue, Reporter, Visibility

HOSTILE = [
    "bbox=nan,nan,nan,nan", "bbox=", "bbox=1", "page_size=-1", "page_size=1e3", "cursor=x", "ordering=x",
    "ordering=created_by__password", "min_index=inf", "q=%00", "territory=9223372036854775808",
    "status=__all__", "reported_from=0001-01-01", "updated_to=%27%3B--", "bbox=1,2,3,4,5",
]  # fmt: skip


def test_a_list_is_a_feature_collection_with_the_index_as_shown(client, make_issue):
    make_issue(severity=2, reach=1, duration=3, vulnerability=2)
    answer = client.get("/api/v1/issues/")
    body = answer.json()
    feature = body["features"][0]
    assert answer["Content-Type"].startswith("application/geo+json")
    assert (body["type"], body["next"], body["previous"]) == ("FeatureCollection", None, None)
    assert feature["geometry"] == {"type": "Point", "coordinates": [-70.79, -33.51]}
    assert (feature["properties"]["index"], feature["properties"]["territory"]) == (63.3, 1)


def test_one_issue_is_found_by_id_and_by_reference(client, issue):
    by_id = client.get(f"/api/v1/issues/{issue.pk}/").json()
    assert by_id == client.get(f"/api/v1/issues/{issue.reference}/").json()
    assert by_id["properties"]["reference"] == issue.reference


def test_lists_and_single_issues_tell_the_same(client, issue):
    listed = client.get("/api/v1/issues/").json()["features"][0]
    single = client.get(f"/api/v1/issues/{issue.pk}/").json()
    same = set(listed["properties"]) - {"reported_at", "updated_at", "status_since"}
    assert {n: listed["properties"][n] for n in same} == {n: single["properties"][n] for n in same}


@pytest.mark.parametrize("query", HOSTILE)
def test_hostile_queries_get_a_400_with_a_sentence_or_nothing_special(client, issue, query):
    answer = client.get(f"/api/v1/issues/?{query}")
    assert answer.status_code in (200, 400)
    assert answer.status_code == 200 or answer.json()["detail"]


@pytest.mark.parametrize(
    "name",
    ["x", "M-2026-999999", "0" * 32, "018f0000-0000-7000-8000-000000000000", "M-2026-1", "%00", "9" * 40],
)
def test_an_unknown_issue_is_404(client, issue, name):
    assert client.get(f"/api/v1/issues/{name}/").status_code == 404


@pytest.mark.parametrize("visibility", [v for v in Visibility if v != Visibility.PUBLIC])
def test_what_is_not_public_is_absent_and_404_for_a_stranger(client, issue, visibility):
    Issue.objects.filter(pk=issue.pk).update(visibility=visibility, hidden_reason="motivo")
    assert client.get("/api/v1/issues/").json()["features"] == []
    for path in ("", "history/"):
        assert client.get(f"/api/v1/issues/{issue.pk}/{path}").status_code == 404


def test_the_history_is_public_without_persons(client, make_issue, facilitator):
    issue = make_issue(actor=facilitator)
    lines = client.get(f"/api/v1/issues/{issue.pk}/history/").json()
    assert [line["to_value"] for line in lines] == ["registered"]
    assert "facilitadora" not in str(lines)
    assert len(lines[0]["hash"]) == len(lines[0]["sealed"]) == 64


def test_who_told_it_is_in_no_answer(client, issue):
    Reporter.objects.create(
        issue=issue, name="Canario Secreto", email="canario@example.cl", phone="+56911112222",
        expires_on=timezone.localdate() + dt.timedelta(days=30),
    )  # fmt: skip
    text = "".join(
        client.get(path).content.decode()
        for path in ("/api/v1/issues/", f"/api/v1/issues/{issue.pk}/", f"/api/v1/issues/{issue.pk}/history/")
    )
    assert "anario" not in text and "11112222" not in text


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_issues_are_not_written_here(client, issue, method):
    assert getattr(client, method)(f"/api/v1/issues/{issue.pk}/").status_code in (401, 403, 405)


@pytest.mark.parametrize("path", ["/api/v1/issues/", "/api/v1/categories/"])
def test_lists_take_as_many_queries_for_20_rows_as_for_2(
    client, make_issue, django_assert_num_queries, django_assert_max_num_queries, path
):
    for n in range(2):
        make_issue(1 + n % 3)
    with django_assert_max_num_queries(2):
        client.get(path)
    for n in range(18):
        make_issue(1 + n % 3)
    with django_assert_max_num_queries(2):
        client.get(path)


def test_categories_say_who_answers(client, pothole):
    (category,) = client.get("/api/v1/categories/").json()
    assert (category["code"], category["department"], category["track"]) == (
        "PAV-01",
        "operaciones",
        "gestion",
    )
