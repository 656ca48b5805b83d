"""Who reaches which page of a gathering, what it tells, and what it costs."""

from __future__ import annotations

import json
import uuid

import pytest
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from gatherings.models import Gathering
from issues.models import Issue

STRANGER, OWN, OTHER, OFFICE, CABINET = "stranger", "facilitator", "other_facilitator", "manager", "cabinet"


@pytest.fixture
def come(client, request):
    """Signs the test client in as one of the standing people."""

    def enter(who: str):
        if who != STRANGER:
            client.force_login(request.getfixturevalue(who))
        return client

    return enter


@pytest.mark.parametrize(
    ("name", "query", "answers"),
    [
        ("gathering", "", {STRANGER: 200, OWN: 200, OTHER: 200, OFFICE: 200, CABINET: 200}),
        ("gathering-room", "", {STRANGER: 302, OWN: 200, OTHER: 404, OFFICE: 404, CABINET: 404}),
        (
            "gathering-room",
            "?vista=proyector",
            {STRANGER: 200, OWN: 200, OTHER: 200, OFFICE: 200, CABINET: 200},
        ),
        ("gathering-state", "", {STRANGER: 404, OWN: 200, OTHER: 404, OFFICE: 404, CABINET: 404}),
        (
            "gathering-state",
            "?vista=proyector",
            {STRANGER: 200, OWN: 200, OTHER: 200, OFFICE: 200, CABINET: 200},
        ),
    ],
)
@pytest.mark.parametrize("who", [STRANGER, OWN, OTHER, OFFICE, CABINET])
def test_who_sees_which_page(come, gathering, name, query, answers, who):
    answer = come(who).get(reverse(name, args=[gathering.pk]) + query)
    assert answer.status_code == answers[who]


@pytest.mark.parametrize(
    ("who", "status"), [(STRANGER, 401), (OWN, 200), (OTHER, 404), (OFFICE, 404), (CABINET, 404)]
)
@pytest.mark.parametrize("action", ["open", "show"])
def test_who_acts_in_the_room(come, gathering, who, status, action):
    answer = post(come(who), gathering, action, {"key": str(uuid.uuid4()), "panel": "mapping"})
    assert answer.status_code == status
    gathering.refresh_from_db()
    assert (gathering.revision == 1) == (status == 200)


@pytest.mark.parametrize(
    ("who", "status"), [(STRANGER, 302), (OWN, 302), (OTHER, 400), (OFFICE, 404), (CABINET, 302)]
)
def test_who_plans_a_gathering_of_norte(come, norte, who, status):
    form = {
        "territory": norte.pk,
        "place": "Sede Los Aromos",
        "starts_at": "2099-12-01T19:00",
        "ends_at": "2099-12-01T21:00",
        "mode": "tokens",
    }
    assert come(who).post(reverse("gathering-create"), form).status_code == status
    assert Gathering.objects.count() == (who in (OWN, CABINET))


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("ends_at", "2099-12-01T18:00", "debe terminar después"),
        ("ends_at", "2099-12-05T18:00", "el mismo día"),
        ("starts_at", "2020-12-01T18:00", "ya pasó"),
        ("place", "", "Este dato es necesario"),
        ("territory", "999999", "una de las opciones de la lista"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_with_a_sentence(come, norte, field, value, sentence):
    form = {
        "territory": norte.pk,
        "place": "Sede",
        "starts_at": "2099-12-01T19:00",
        "ends_at": "2099-12-01T21:00",
        "mode": "tokens",
    } | {field: value}
    answer = come(OWN).post(reverse("gathering-create"), form)
    assert answer.status_code == 400
    assert sentence in answer.content.decode()


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"null", b"{", b"[" * 100_000, b'{"key": "x"}', b'"text"', b"\xff\xfe", b'{"key": NaN}'],
)
def test_a_body_that_is_no_wish_is_a_400_with_a_sentence(come, gathering, body):
    url = reverse("gathering-do", args=[gathering.pk, "open"])
    answer = come(OWN).post(url, body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["detail"]


@pytest.mark.parametrize(
    "body", [b"--x\r\n", b'--y\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--y--']
)
def test_a_form_is_no_wish_either(facilitator, gathering, body):
    strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
    strict.force_login(facilitator)
    strict.get(reverse("gathering-room", args=[gathering.pk]))
    answer = strict.post(
        reverse("gathering-do", args=[gathering.pk, "open"]),
        body,
        content_type="multipart/form-data; boundary=y",
        headers={"X-CSRFToken": strict.cookies["mapa_csrf"].value},
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "json")


@pytest.mark.parametrize(
    ("action", "body"),
    [
        ("no-such-thing", {}),
        ("attendance", {"organisation": None}),
        ("attendance", {"organisation": 2**63, "people": 3}),
        ("attendance", {"organisation": "1", "people": 3}),
        ("attendance", {"organisation": None, "people": 2**63}),
        ("attendance", {"organisation": None, "people": True}),
        ("organisation", {"name": "Club\x00", "people": 3}),
        ("organisation", {"name": "x" * 161, "people": 3}),
        ("organisation", {"name": ["Club"], "people": 3}),
        ("organisation", {"name": "  ", "people": 3}),
        ("mode", {"mode": "dice"}),
        ("mode", {"mode": {"a": 1}}),
        ("ballot-add", {"issue": "1"}),
        ("ballot-add", {"issue": None}),
        ("ballot-add", {"issue": ["x"]}),
        ("ballot-remove", {"issue": {}}),
        ("witnesses", {"names": "a"}),
        ("witnesses", {"names": ["a", "b", "c"]}),
        ("witnesses", {"names": [1, 2]}),
        ("total", {"issue": str(uuid.uuid4()), "tokens": 1, "people": 1}),
        ("show", {"panel": "secrets"}),
    ],
)
def test_a_wish_that_cannot_be_read_is_a_400_and_changes_nothing(come, do, action, body):
    room = do("open")
    answer = post(come(OWN), room, action, {"key": str(uuid.uuid4()), **body})
    assert answer.status_code == 400
    assert answer.json()["detail"].endswith((".", "?"))
    room.refresh_from_db()
    assert room.revision == 1


def test_a_half_character_in_a_text_is_refused(come, do):
    room = do("open")
    url = reverse("gathering-do", args=[room.pk, "organisation"])
    body = json.dumps({"key": str(uuid.uuid4()), "name": "\ud800", "people": 2})
    assert come(OWN).post(url, body, content_type="application/json").status_code == 400


def test_the_wall_tells_no_count_before_the_close(come, voting, do, seven):
    do("total", issue=str(seven[0].pk), tokens=14, people=8, tokens_before=None, people_before=None)
    body = come(OWN).get(state_url(voting, "?vista=proyector")).json()
    assert all("tokens" not in item for item in body["ballot"])
    assert "witnesses" not in body
    mine = come(OWN).get(state_url(voting)).json()
    assert 14 in [item["tokens"] for item in mine["ballot"]]


def test_a_screen_that_is_up_to_date_gets_nothing(come, voting):
    assert come(OWN).get(state_url(voting, f"?revision={voting.revision}")).status_code == 204


@pytest.mark.parametrize("revision", ["", "x", "-1", str(2**63), "٣"])
def test_any_other_revision_gets_the_room(come, voting, revision):
    assert come(OWN).get(state_url(voting, f"?revision={revision}")).status_code == 200


def test_a_hidden_problem_keeps_its_place_and_loses_its_words(client, closed, seven):
    Issue.objects.filter(pk=seven[0].pk).update(visibility="hidden", hidden_reason="nombra a una persona")
    pages = [
        client.get(reverse("gathering", args=[closed.pk])).content.decode(),
        client.get(state_url(closed, "?vista=proyector")).content.decode(),
        client.get(reverse("api:gathering-detail", args=[closed.pk])).content.decode(),
    ]
    for page in pages:
        page = page.replace("\\u00fa", "ú")
        assert "Problema 1" not in page
        assert seven[0].reference not in page
        assert "ya no es público" in page


def test_the_public_result_shows_the_table_and_the_two_sentences(client, closed):
    page = client.get(reverse("gathering", args=[closed.pk])).content.decode()
    assert "Cada persona recibió 5 fichas y pudo poner hasta 2 en un mismo problema." in page
    assert "23,3 %" in page  # 14 of 60
    assert closed.digest in page
    assert "facilitadora" not in page


def test_suggestions_come_by_index_with_their_likely_duplicates(come, do, make_issue):
    low = make_issue(title="Bajo", severity=1, reach=0, duration=0, vulnerability=0)
    high = make_issue(title="Alto", severity=2, reach=3, duration=2, vulnerability=1)
    none = make_issue(title="Sin puntaje")
    room = do("open")
    body = come(OWN).get(state_url(room)).json()["candidates"]
    assert [issue["title"] for issue in body] == ["Alto", "Bajo", "Sin puntaje"]
    assert {like["issue"] for like in body[0]["like"]} == {str(low.pk), str(none.pk)}
    assert str(high.pk) not in {like["issue"] for like in body[0]["like"]}


@pytest.mark.parametrize("many", [2, 20])
def test_the_state_of_the_room_costs_the_same_with_2_and_with_20_problems(
    come, do, make_issue, many, django_assert_max_num_queries
):
    for n in range(many):
        make_issue(title=f"P{n}")
    room = do("open")
    client = come(OWN)
    with django_assert_max_num_queries(19):
        client.get(state_url(room))


@pytest.fixture
def agenda_of(make_gathering):
    """So many closed gatherings of January and so many planned ones of a later one."""

    def make(many: int) -> None:
        for n in range(1, many + 1):
            closing = f"2026-01-{n:02}T21:00:00+00:00"
            make_gathering(number=n, starts_at=closing, state="closed", closed_at=closing)
            make_gathering(number=100 + n, starts_at=f"2099-01-{n:02}T19:00:00+00:00")

    return make


@pytest.mark.parametrize("many", [2, 20])
def test_the_agenda_costs_the_same_with_2_and_with_20_gatherings(
    client, agenda_of, many, django_assert_max_num_queries
):
    agenda_of(many)
    with django_assert_max_num_queries(6):
        assert client.get(reverse("gatherings")).status_code == 200


def test_past_gatherings_are_paged_by_key(client, agenda_of):
    agenda_of(25)
    first = client.get(reverse("gatherings"))
    older = client.get(reverse("gatherings"), {"pagina": first.context["older"]})
    assert [gathering.number for gathering in older.context["past"]] == [5, 4, 3, 2, 1]
    assert client.get(reverse("gatherings"), {"pagina": "roto"}).status_code == 302


def test_the_calendar_feed_is_a_calendar(client, make_gathering):
    make_gathering(place="Sede; calle 1, n.º 2")
    make_gathering(state="cancelled")
    answer = client.get("/reuniones.ics")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    events = Calendar.from_ical(answer.content).walk("VEVENT")
    assert [str(event["status"]) for event in events] == ["CONFIRMED", "CANCELLED"]
    assert str(events[0]["location"]) == "Sede; calle 1, n.º 2"
    assert len({str(event["uid"]) for event in events}) == 2


def test_the_api_lists_and_tells_gatherings(client, closed, make_gathering):
    make_gathering()
    listed = client.get("/api/v1/gatherings/", {"state": "closed", "territory": "1"}).json()
    assert [row["number"] for row in listed["results"]] == [closed.number]
    body = client.get(f"/api/v1/gatherings/{closed.pk}/").json()
    assert [line["tokens"] for line in body["ballot"]] == [14, 13, 11, 8, 8, 5, 0]
    assert body["digest"] == closed.digest
    assert "facilitadora" not in json.dumps(body)


@pytest.mark.parametrize(
    "query",
    [
        "territory=x",
        "territory=٣",
        "territory=99999999999999999999",
        "state=won",
        "cursor=x",
        "page_size=0",
        "page_size=201",
        "page_size=-1",
    ],
)
def test_the_api_refuses_what_it_cannot_read(client, gathering, query):
    answer = client.get(f"/api/v1/gatherings/?{query}")
    assert answer.status_code == 400
    assert answer.json()["detail"]


def state_url(gathering, query: str = "") -> str:
    return reverse("gathering-state", args=[gathering.pk]) + query


def post(client, gathering, action: str, body: dict):
    url = reverse("gathering-do", args=[gathering.pk, action])
    return client.post(url, json.dumps(body), content_type="application/json")
