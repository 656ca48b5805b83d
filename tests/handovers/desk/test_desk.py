"""The managers' desk: who finds what, in which order, by which filters."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.http import QueryDict
from django.utils import timezone

from handovers.life import answers
from handovers.life.delivery import hand_over, hand_over_urgent
from handovers.models import Handover, HandoverItem
from handovers.query.filters import desk
from issues.models import Category, Issue
from issues.query.filters import BadFilter
from issues.workflow import Status
from tests.roles import owner

AREA_OF_NORTE = "-70.80,-33.50;-70.78,-33.50;-70.78,-33.52;-70.80,-33.52"


@pytest.fixture
def town_list(validated, publish, cabinet, make_issue):
    """Three handed-over problems (places 1, 2, 3), an urgent one and one still to come."""
    first = validated(1, title="Hoyo frente a la escuela", severity=2, reach=2, duration=2, vulnerability=2)
    second = validated(2, title="Vereda rota", severity=1, reach=1, duration=1, vulnerability=1)
    third = validated(1, title="Bache chico", severity=0, reach=0, duration=0, vulnerability=0)
    hand_over(publish(first, second, third), cabinet)
    urgent = make_issue(3, title="Hoyo sin tapa", severity=3)
    hand_over_urgent(urgent, cabinet)
    coming = make_issue(3, title="Por venir")
    return {"first": first, "second": second, "third": third, "urgent": urgent, "coming": coming}


def titles(user, query: str = "", sort: str = "place") -> list[str]:
    return [row.title for row in desk(user, QueryDict(query)).order_by(sort)]


def test_the_desk_shows_the_urgent_lane_first_and_then_the_places(town_list, manager):
    assert titles(manager) == ["Hoyo sin tapa", "Hoyo frente a la escuela", "Vereda rota", "Bache chico"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("territory=1", ["Hoyo frente a la escuela", "Bache chico"]),
        ("territory=norte&territory=2", ["Hoyo frente a la escuela", "Vereda rota", "Bache chico"]),
        ("category=PAV-01&max_place=1", ["Hoyo sin tapa", "Hoyo frente a la escuela"]),
        ("round=1", ["Hoyo frente a la escuela", "Vereda rota"]),
        ("round=0", ["Hoyo sin tapa"]),
        ("min_index=50&stage=desk", ["Hoyo frente a la escuela"]),
        ("q=hoyo escuela", ["Hoyo frente a la escuela"]),
        ("stage=coming", ["Por venir"]),
        ("stage=finished", []),
        ("status=registered", ["Por venir"]),
        ("list=1", ["Hoyo frente a la escuela", "Vereda rota", "Bache chico"]),
        ("list=2", []),
        ("assigned=none&round=2", ["Bache chico"]),
        ("assigned=me", []),
        ("answer=none&round=0", ["Hoyo sin tapa"]),
        ("answer=accept", []),
        ("cost=C1", []),
        ("min_age=5", []),
        ("overdue=true", []),
        (f"area={AREA_OF_NORTE}", ["Hoyo frente a la escuela", "Bache chico"]),
        ("bbox=-70.78,-33.52,-70.76,-33.50", ["Vereda rota"]),
    ],
)
def test_each_filter_narrows_and_all_of_them_hold_together(town_list, manager, query, found):
    assert titles(manager, query) == found


@pytest.mark.parametrize(
    "query",
    [
        "stage=nowhere",
        "round=one",
        "round=1e3",
        "max_place=-1",
        "min_age=٣",
        "answer=maybe",
        "cost=C9",
        "area=1,2",
        "area=a,b;c,d;e,f",
        "area=nan,0;1,1;2,2",
        "area=0,0;1,1;0,1;1,0",
        "area=200,0;1,1;2,2",
        "status=sold",
        "territory=99",
        "q=%00",
        "sort=password",
        "cursor=rubbish",
        "page_size=0",
        "bbox=nan,0,1,1",
    ],
)
@pytest.mark.parametrize("page", ["", "mapa.json", "facetas.json"])
def test_a_filter_that_cannot_be_read_is_answered_with_a_sentence(town_list, manager, client, query, page):
    client.force_login(manager)
    answer = client.get(f"/gestion/{page}?{query}")
    ignored = page == "facetas.json" and query.split("=")[0] in ("sort", "cursor", "page_size")
    unpaged = page == "mapa.json" and query.split("=")[0] in ("cursor", "page_size")
    assert answer.status_code == (200 if ignored or unpaged else 400)


def test_overdue_is_what_missed_its_next_deadline(town_list, manager):
    Issue.objects.filter(pk=town_list["second"].pk).update(
        due_date=timezone.localdate() - dt.timedelta(days=1)
    )
    assert titles(manager, "overdue=true") == ["Vereda rota"]


def test_a_bad_area_says_what_to_change(town_list, manager):
    with pytest.raises(BadFilter, match="se cruza"):
        desk(manager, QueryDict("area=0,0;1,1;0,1;1,0"))


@pytest.mark.parametrize(
    "sort",
    ["place", "-place", "title", "-title", "territory", "status", "-index", "index", "due_date", "-due_date",
     "assigned", "reported_at", "-reported_at", "category", "department", "reference", "support_count"],
)  # fmt: skip
def test_every_column_sorts_and_pages_without_losing_or_doubling_a_row(town_list, manager, client, sort):
    client.force_login(manager)
    seen, address = [], f"/gestion/?stage=all&page_size=2&sort={sort}"
    while address:
        answer = client.get(address)
        seen += [row.pk for row in answer.context["rows"]]
        address = f"/gestion/{answer.context['next']}" if answer.context["next"] else ""
    assert len(seen) == len(set(seen)) == 5


def test_the_way_back_shows_the_same_pages(town_list, manager, client):
    client.force_login(manager)
    first = client.get("/gestion/?page_size=2")
    second = client.get(f"/gestion/{first.context['next']}")
    back = client.get(f"/gestion/{second.context['previous']}")
    assert [row.pk for row in back.context["rows"]] == [row.pk for row in first.context["rows"]]


@pytest.mark.parametrize("path", ["/gestion/", "/gestion/mapa.json", "/gestion/facetas.json"])
def test_twenty_problems_cost_as_many_questions_as_two(
    validated, publish, cabinet, manager, client, django_assert_max_num_queries, path
):
    def queries() -> int:
        with django_assert_max_num_queries(40) as captured:
            assert client.get(path).status_code == 200
        return len(captured)

    client.force_login(manager)
    hand_over(publish(*(validated(1) for _n in range(2))), cabinet)
    few = queries()
    hand_over(publish(*(validated(2) for _n in range(18))), cabinet)
    many = queries()
    assert many <= few + (1 if path == "/gestion/" else 0)  # The second handover's own receipt notice.


def test_counts_say_what_each_choice_would_show(town_list, manager, client):
    client.force_login(manager)
    counts = client.get("/gestion/facetas.json?territory=1&max_place=9").json()
    assert counts["territory"] == {"1": 2, "2": 1, "3": 1}
    assert counts["status"] == {"handed_over": 2}
    assert counts["round"] == {"1": 1, "2": 1}
    assert counts["overdue"] == {"false": 2}


def test_each_filter_is_told_in_spanish_and_can_be_taken_off_alone(town_list, manager, client):
    client.force_login(manager)
    answer = client.get("/gestion/?status=handed_over,open&territory=1&overdue=true&area=" + AREA_OF_NORTE)
    chips = {chip.label: chip.query for chip in answer.context["chips"]}
    assert list(chips) == [
        "Barrio: Norte", "Estado: entregado", "Estado: abiertos", "Plazo: vencido", "Área: en el mapa",
    ]  # fmt: skip
    assert "status=open" in chips["Estado: entregado"]
    assert "handed_over" not in chips["Estado: entregado"]
    assert "area" not in chips["Área: en el mapa"]


def test_the_map_holds_the_same_problems_in_the_same_order(town_list, manager, client):
    client.force_login(manager)
    features = client.get("/gestion/mapa.json?territory=1").json()["features"]
    assert [f["properties"]["place"] for f in features] == [1, 3]
    assert features[0]["geometry"]["coordinates"] == [-70.79, -33.51]


def test_a_user_text_in_the_map_stays_text(validated, publish, cabinet, manager, client):
    hand_over(publish(validated(title='"},{"x":"<script>')), cabinet)
    client.force_login(manager)
    (only,) = client.get("/gestion/mapa.json").json()["features"]
    assert only["properties"]["title"] == '"},{"x":"<script>'


# --- Every address, every role, {own, other, not handed over} ---------------------------------

PEOPLE = ["nobody", "facilitator", "manager", "other_manager", "cabinet", "administrator"]
ANONYMOUS, FORBIDDEN, MISSING, FINE, DONE, INCOMPLETE = "login", 403, 404, 200, 302, 400
ADDRESSES = [
    # method, address, nobody, facilitator, manager of it, other manager, cabinet, administrator
    ("get", "/gestion/", ANONYMOUS, FORBIDDEN, FINE, FINE, FINE, FINE),
    ("get", "/gestion/mapa.json", ANONYMOUS, FORBIDDEN, FINE, FINE, FINE, FINE),
    ("get", "/gestion/facetas.json", ANONYMOUS, FORBIDDEN, FINE, FINE, FINE, FINE),
    ("get", "/gestion/{ref}/", ANONYMOUS, FORBIDDEN, FINE, MISSING, FINE, FINE),
    ("get", "/gestion/M-2020-000001/", ANONYMOUS, FORBIDDEN, MISSING, MISSING, MISSING, MISSING),
    ("post", "/gestion/{ref}/acknowledge/", ANONYMOUS, FORBIDDEN, DONE, MISSING, FORBIDDEN, FORBIDDEN),
    ("get", "/gestion/{ref}/acknowledge/", 405, 405, 405, 405, 405, 405),
    ("post", "/gestion/{ref}/decide/", ANONYMOUS, FORBIDDEN, 400, MISSING, 400, 400),
    ("post", "/gestion/{ref}/verify/", ANONYMOUS, FORBIDDEN, MISSING, MISSING, MISSING, MISSING),
    ("post", "/gestion/{ref}/dispute/", ANONYMOUS, FORBIDDEN, MISSING, MISSING, MISSING, MISSING),
    ("post", "/gestion/{ref}/nonsense/", ANONYMOUS, FORBIDDEN, MISSING, MISSING, MISSING, MISSING),
    ("post", "/gestion/{coming}/acknowledge/", ANONYMOUS, FORBIDDEN, MISSING, MISSING, MISSING, MISSING),
    ("post", "/gestion/entregas/1/acuse/", ANONYMOUS, FORBIDDEN, DONE, MISSING, MISSING, MISSING),
    ("post", "/gestion/entregas/99/acuse/", ANONYMOUS, FORBIDDEN, MISSING, MISSING, MISSING, MISSING),
    ("get", "/gestion/hoy/", ANONYMOUS, FORBIDDEN, FINE, FINE, FINE, FINE),
    ("post", "/gestion/hoy/ordenar/", ANONYMOUS, FORBIDDEN, DONE, DONE, DONE, DONE),
    ("post", "/gestion/{ref}/lista-corta/", ANONYMOUS, FORBIDDEN, DONE, MISSING, DONE, DONE),
    ("post", "/gestion/lote/", ANONYMOUS, FORBIDDEN, DONE, DONE, DONE, DONE),
    ("post", "/gestion/lote/hacer/", ANONYMOUS, FORBIDDEN, DONE, DONE, DONE, DONE),
    ("get", "/gestion/lote/1/", ANONYMOUS, FORBIDDEN, MISSING, MISSING, MISSING, MISSING),
    ("post", "/gestion/lote/1/deshacer/", ANONYMOUS, FORBIDDEN, MISSING, MISSING, MISSING, MISSING),
    ("post", "/gestion/vistas/", ANONYMOUS, FORBIDDEN, DONE, DONE, DONE, DONE),
    ("post", "/gestion/vistas/1/borrar/", ANONYMOUS, FORBIDDEN, MISSING, MISSING, MISSING, MISSING),
    ("get", "/gestion/problemas.csv", ANONYMOUS, FORBIDDEN, FINE, FINE, FINE, FINE),
    ("get", "/seguir/problema/{ref}/", FINE, FINE, FINE, FINE, FINE, FINE),
    ("get", "/externo/nonsense/", MISSING, MISSING, MISSING, MISSING, MISSING, MISSING),
    ("get", "/alcaldia/pantalla/", ANONYMOUS, FORBIDDEN, FORBIDDEN, FORBIDDEN, FINE, FINE),
    ("get", "/verificar/", ANONYMOUS, FINE, FORBIDDEN, FORBIDDEN, FINE, FINE),
    ("get", "/alcaldia/", ANONYMOUS, FORBIDDEN, FORBIDDEN, FORBIDDEN, FINE, FINE),
    ("get", "/alcaldia/listas/gestion/", ANONYMOUS, FORBIDDEN, FORBIDDEN, FORBIDDEN, FINE, FINE),
    ("get", "/alcaldia/listas/urgencia/", ANONYMOUS, FORBIDDEN, FORBIDDEN, FORBIDDEN, MISSING, MISSING),
    (
        "post",
        "/alcaldia/listas/gestion/publicar/",
        ANONYMOUS,
        FORBIDDEN,
        FORBIDDEN,
        FORBIDDEN,
        DONE,
        FORBIDDEN,
    ),
    ("get", "/alcaldia/entregas/1/", ANONYMOUS, FORBIDDEN, FORBIDDEN, FORBIDDEN, FINE, FINE),
    ("post", "/alcaldia/entregas/1/", ANONYMOUS, FORBIDDEN, FORBIDDEN, FORBIDDEN, DONE, FORBIDDEN),
    ("post", "/alcaldia/urgencias/", ANONYMOUS, FORBIDDEN, FORBIDDEN, FORBIDDEN, INCOMPLETE, FORBIDDEN),
]
ROWS = [
    (method, address, person, expected)
    for method, address, *answers_ in ADDRESSES
    for person, expected in zip(PEOPLE, answers_, strict=True)
]


@pytest.mark.parametrize(("method", "address", "person", "expected"), ROWS)
def test_who_may_do_what(town_list, client, request, method, address, person, expected):
    request.getfixturevalue("other_manager")
    if person != "nobody":
        client.force_login(request.getfixturevalue(person))
    words = {"ref": town_list["first"].reference, "coming": town_list["coming"].reference}
    answer = getattr(client, method)(address.format(**words))
    if expected == ANONYMOUS:
        assert answer.status_code == 302
        assert answer.url.startswith("/entrar/")
    else:
        assert answer.status_code == expected


def test_a_foreign_department_is_never_changed_by_a_post(town_list, client, other_manager):
    client.force_login(other_manager)
    client.post(f"/gestion/{town_list['first'].reference}/acknowledge/")
    assert set(HandoverItem.objects.values_list("received_at", flat=True)) == {None}


def test_what_others_changed_meanwhile_is_shown_before_anything_is_stored(
    town_list, client, manager, department_head
):
    issue = town_list["first"]
    client.force_login(manager)
    seen = client.get(f"/gestion/{issue.reference}/").context["seen"]
    answers.acknowledge(HandoverItem.objects.get(issue=issue), department_head)
    again = client.post(f"/gestion/{issue.reference}/acknowledge/", {"seen": seen})
    assert again.status_code == 409
    assert "Mientras mirabas" in again.content.decode()
    assert issue.history.filter(to_value=Status.ACKNOWLEDGED).count() == 1


def test_numbers_for_programs_are_written_without_the_points_of_people(town_list, client, manager):
    with owner(), connection.cursor() as cursor:
        cursor.execute("SELECT setval('issues_historyentry_id_seq', 1234567)")
    item = HandoverItem.objects.get(issue=town_list["first"])
    answers.acknowledge(item, manager)
    client.force_login(manager)
    page = client.get(f"/gestion/{item.issue.reference}/").content.decode()
    assert 'name="seen" value="1234568"' in page


def test_a_refused_answer_keeps_what_was_typed(town_list, client, manager):
    issue = town_list["first"]
    client.force_login(manager)
    typed = {"committed_date": "2020-01-01", "public_text": "Iremos el lunes."}
    answer = client.post(f"/gestion/{issue.reference}/accept/", typed)
    assert answer.status_code == 400
    assert "Iremos el lunes." in answer.content.decode()
    assert "ya pasó" in answer.content.decode()


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "a\x00b", "x" * 2001])
def test_hostile_words_are_text_or_refused(town_list, client, manager, text):
    issue = town_list["first"]
    client.force_login(manager)
    client.post(f"/gestion/{issue.reference}/note/", {"public_text": text})
    page = client.get(f"/gestion/{issue.reference}/").content.decode()
    assert "<script>alert" not in page


@pytest.mark.parametrize("data", [b"", b"not a picture", b"GIF89a" + b"\x00" * 50, b"<svg onload=x>"])
def test_evidence_that_is_no_picture_is_refused_and_nothing_is_saved(
    bring_to, client, manager, data, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    item = bring_to(Status.IN_PROGRESS)
    client.force_login(manager)
    from_disk = tmp_path / "foto.jpg"
    from_disk.write_bytes(data)
    with from_disk.open("rb") as file:
        answer = client.post(f"/gestion/{item.issue.reference}/done/", {"photos": file})
    assert answer.status_code == 400
    item.refresh_from_db()
    assert item.issue.status == Status.IN_PROGRESS
    assert not item.issue.photos.exists()


def test_a_category_of_another_department_is_on_its_own_desk(
    town_list, validated, publish, cabinet, pothole, parks, other_manager
):
    tree = Category.objects.create(code="ARV-01", group=pothole.group, name="Árbol", department=parks)
    hand_over(publish(validated(category=tree, title="Árbol seco")), cabinet)
    assert titles(other_manager) == ["Árbol seco"]


@pytest.mark.parametrize(
    ("sent", "status", "asked"),
    [
        ({}, 400, None),
        ({"asked_by": "organisation", "asker": "Nadie conocido"}, 400, None),
        ({"asked_by": "nobody", "asker": "Ana"}, 400, None),
        ({"asked_by": "nobody"}, 302, ("nobody", "")),
        ({"asked_by": "audience", "asker": "mu163aw0000001"}, 302, ("audience", "MU163AW0000001")),
    ],
)
def test_what_is_urgent_is_sent_with_who_asked_for_it(client, make_issue, cabinet, sent, status, asked):
    issue = make_issue(severity=3)
    client.force_login(cabinet)
    answer = client.post("/alcaldia/urgencias/", sent)
    assert answer.status_code == status
    if asked:
        assert Handover.objects.values_list("asked_by", "asker").get(items__issue=issue) == asked
    else:
        assert not Handover.objects.exists()
        assert "¿Quién lo pidió?" in answer.content.decode()
