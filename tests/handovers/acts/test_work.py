"""The tools of the work: templates, outside bodies, the shortlist and its way."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.utils import timezone

from handovers.acts import forwarding
from handovers.life.answer_templates import offered_for, worded
from handovers.models import Forward, HandoverItem, ResponseTemplate, Shortlisted
from handovers.query import shortlist
from issues.models import Issue
from issues.workflow import Status, TransitionRefused
from tests.workers import delivered


def test_placeholders_become_the_words_of_the_problem(item):
    text = worded("Sobre {folio} en {barrio}: {problema}, lugar {lugar}. {nada} {0.x}", item)
    assert text == f"Sobre {item.issue.reference} en Norte: Hoyo grande, lugar 1. {{nada}} {{0.x}}"


def test_templates_fit_department_category_and_status(item, parks, pothole):
    ResponseTemplate.objects.create(name="Para todos", text="Hola {barrio}")
    ResponseTemplate.objects.create(name="De otra dirección", text="x", department=parks)
    ResponseTemplate.objects.create(name="De baches", text="x", category=pothole)
    ResponseTemplate.objects.create(name="Ya programado", text="x", status=Status.SCHEDULED)
    assert [each["name"] for each in offered_for(item)] == ["De baches", "Para todos"]


@pytest.fixture
def sent(item, manager):
    """The problem was passed to Metro; returns the address in the mail."""
    forwarding.forward(
        item, manager, body="Metro", email="metro@example.cl", message="¿Pueden reparar la rejilla?"
    )
    return re.search(r"/externo/[\w-]+/", delivered()[-1].body)[0]


def test_an_outside_body_reads_and_answers_without_an_account(sent, item, client):
    page = client.get(sent)
    assert page.status_code == 200
    assert "Pueden reparar" in page.content.decode()
    day = timezone.localdate() + dt.timedelta(days=30)
    client.post(sent, {"text": "La cambiamos.", "promised_on": day.isoformat()})
    line = item.issue.history.last()
    assert (line.office, line.kind) == ("Metro", "answer")
    assert line.public_text.startswith("La cambiamos.")
    assert Forward.objects.get().opened_at


def test_a_page_for_an_outside_body_is_withdrawn_once_and_answers_no_more(sent, item, client, manager):
    client.force_login(manager)
    address = f"/gestion/{item.issue.reference}/externo/{Forward.objects.get().pk}/retirar/"
    assert "Retirar el pedido a Metro" in client.get(f"/gestion/{item.issue.reference}/").content.decode()
    for _time in range(2):
        assert client.post(address).status_code == 302
    assert item.issue.history.filter(public_text="Se retiró el pedido a Metro.").count() == 1
    assert "retirado el" in client.get(f"/gestion/{item.issue.reference}/").content.decode()
    client.logout()
    assert client.get(sent).status_code == 404


def test_what_was_answered_or_is_of_another_desk_is_not_withdrawn(sent, item, client, manager, other_manager):
    address = f"/gestion/{item.issue.reference}/externo/{Forward.objects.get().pk}/retirar/"
    client.force_login(other_manager)
    assert client.post(address).status_code == 404
    client.post(sent, {"text": "Ya está."})
    client.force_login(manager)
    text = client.post(address, follow=True).content.decode()
    assert "Ya respondieron" in text
    assert Forward.objects.get().withdrawn_at is None


def test_an_outside_body_answers_once(sent, item, client):
    client.post(sent, {"text": "La cambiamos."})
    assert client.post(sent, {"text": "O no."}).status_code == 400
    assert Forward.objects.get().answer == "La cambiamos."


@pytest.mark.parametrize("spoil", ["expires_at", "withdrawn_at"])
def test_a_link_that_ran_out_says_so(sent, client, spoil):
    Forward.objects.update(**{spoil: timezone.now() - dt.timedelta(minutes=1)})
    assert client.get(sent).status_code == 404
    assert client.post(sent, {"text": "Hola"}).status_code == 404


@pytest.mark.parametrize("token", ["x", "a" * 500, "%00", "..%2f"])
def test_a_guessed_link_finds_nothing(sent, client, token):
    assert client.get(f"/externo/{token}/").status_code == 404


@pytest.mark.parametrize(
    "posted",
    [{}, {"text": " "}, {"text": "a", "promised_on": "2020-01-01"}, {"text": "a", "promised_on": "x"}],
)
def test_an_answer_that_cannot_be_comes_back(sent, client, posted):
    assert client.post(sent, posted).status_code == 400
    assert Forward.objects.get().answered_at is None


def test_the_page_of_an_outside_body_names_no_person(sent, item, client, manager):
    text = client.get(sent).content.decode()
    assert not any(name in text for name in (manager.username, manager.email, "metro@example.cl"))


def test_only_the_digest_of_a_link_is_kept(sent):
    token = sent.split("/")[2]
    assert token not in str(Forward.objects.values().get())


def test_a_problem_that_left_the_department_is_not_passed_on(item, manager, parks):
    HandoverItem.objects.filter(pk=item.pk).update(department=parks)
    with pytest.raises(TransitionRefused):
        forwarding.forward(item, manager, body="Metro", email="m@example.cl", message="a")
    assert delivered() == []


def test_the_way_goes_always_to_the_nearest_left():
    points = [(0.0, 0.0), (0.3, 0.0), (0.1, 0.0), (0.2, 0.0)]
    assert shortlist.nearest_way(points) == [0, 2, 3, 1]
    assert shortlist.nearest_way([]) == []


def test_a_hundredth_of_a_degree_north_is_1113_metres():
    assert shortlist.metres((-70.76, -33.51), (-70.76, -33.50)) == pytest.approx(1113.2)


def test_the_shortlist_keeps_its_order_and_is_ones_own(handed, manager, cabinet, client):
    items = [handed(code) for code in (1, 2, 3)]
    for each in items:
        shortlist.toggle(manager, each)
    shortlist.reorder(manager, items[2], -1)
    client.force_login(manager)
    rows = client.get("/gestion/hoy/").context["rows"]
    assert [row["item"].pk for row in rows] == [items[0].pk, items[2].pk, items[1].pk]
    client.force_login(cabinet)
    assert client.get("/gestion/hoy/").context["rows"] == []


def test_the_shortlist_is_ordered_by_the_way(handed, manager, client):
    for code in (1, 3, 2):
        shortlist.toggle(manager, handed(code))
    client.force_login(manager)
    client.post("/gestion/hoy/ordenar/")
    rows = client.get("/gestion/hoy/").context["rows"]
    assert [row["item"].issue.territory.code for row in rows] == [1, 2, 3]


def test_twenty_stops_cost_as_many_questions_as_two(handed, manager, client, django_assert_max_num_queries):
    def queries() -> int:
        with django_assert_max_num_queries(20) as captured:
            client.get("/gestion/hoy/")
        return len(captured)

    client.force_login(manager)
    for code in (1, 2):
        shortlist.toggle(manager, handed(code))
    few = queries()
    for _n in range(6):
        shortlist.toggle(manager, handed(3))
    assert queries() == few


@pytest.mark.parametrize(("person", "status"), [("other_manager", 404), ("facilitator", 403)])
def test_nobody_lists_the_problem_of_another_department(item, client, request, person, status):
    client.force_login(request.getfixturevalue(person))
    assert client.post(f"/gestion/{item.issue.reference}/lista-corta/").status_code == status
    assert not Shortlisted.objects.exists()


def test_a_problem_is_part_of_a_larger_one_and_alone_again(handed, manager, client):
    whole, part = handed(1, title="Avenida entera"), handed(1, title="Un hoyo")
    client.force_login(manager)
    address = f"/gestion/{part.issue.reference}/join/"
    assert client.post(address, {"whole": whole.issue.reference.lower()}).status_code == 302
    assert "Un hoyo" in client.get(f"/gestion/{whole.issue.reference}/").content.decode()
    assert (
        client.post(f"/gestion/{whole.issue.reference}/join/", {"whole": part.issue.reference}).status_code
        == 400
    )
    assert client.post(address, {"whole": part.issue.reference}).status_code == 400
    client.post(address, {"whole": ""})
    part.refresh_from_db()
    assert part.parent is None


def test_nobody_joins_a_problem_to_one_of_another_department(handed, manager, parks, client):
    whole, part = handed(1), handed(1)
    HandoverItem.objects.filter(pk=whole.pk).update(department=parks)
    client.force_login(manager)
    answer = client.post(f"/gestion/{part.issue.reference}/join/", {"whole": whole.issue.reference})
    assert answer.status_code == 400


def test_an_office_joins_its_problem_to_one_of_another_office(item, make_issue, parks, manager, client):
    of_parks = make_issue(2)
    Issue.objects.filter(pk=of_parks.pk).update(department=parks)
    client.force_login(manager)
    answer = client.post(f"/gestion/{item.issue.reference}/merge/", {"into": of_parks.reference})
    assert answer.status_code == 302
    item.issue.refresh_from_db()
    assert item.issue.duplicate_of == of_parks
