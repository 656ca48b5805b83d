"""The cabinet acts on what it saw: what changed since is told, with the office that changed it."""

from __future__ import annotations

import pytest
from django.test import Client

from handovers.life import answers
from handovers.life.delivery import hand_over
from handovers.models import Handover
from issues.life.lifecycle import Change, move
from issues.workflow import ClosingKind, Status
from rankings.asking import NOBODY
from rankings.models import Override, RankedList
from rankings.publishing import propose_move
from rankings.publishing import publish as publish_list
from tests.core.test_once import fields_of, keyed

PREVIEW, PUBLISH = "/alcaldia/listas/gestion/", "/alcaldia/listas/gestion/publicar/"


@pytest.fixture
def office(client, cabinet) -> Client:
    client.force_login(cabinet)
    return client


def test_publishing_after_a_move_is_told_and_may_go_on(office, validated, cabinet):
    issue = validated()
    form = {"confirm": "yes"} | keyed(office, PREVIEW, PUBLISH)
    propose_move(issue, 1, "Lo pidió la escuela.", asked=NOBODY, actor=cabinet)
    page = office.post(PUBLISH, form)
    assert page.status_code == 409
    assert f"{issue.reference} → 1" in page.content.decode()
    assert "(Alcaldía, " in page.content.decode()
    assert RankedList.objects.count() == 0
    assert office.post(PUBLISH, fields_of(page.content.decode(), PUBLISH)).status_code == 302
    assert RankedList.objects.count() == 1


def test_who_publishes_second_is_led_to_the_list_of_the_first(office, validated, make_issue, cabinet):
    validated()
    form = {"confirm": "yes"} | keyed(office, PREVIEW, PUBLISH)
    publish_list("gestion", actor=cabinet)
    validated(2)
    answer = office.post(PUBLISH, form, follow=True)
    assert answer.redirect_chain == [("/alcaldia/entregas/1/", 302)]
    assert "Alcaldía ya publicó la lista 1" in answer.content.decode()
    assert RankedList.objects.count() == 1


@pytest.mark.parametrize("after", ["", "x", "-1", "9" * 30])
def test_an_odd_number_of_the_last_list_is_none(office, validated, after):
    validated()
    assert office.post(PUBLISH, {"confirm": "yes", "after": after}).status_code == 302
    assert RankedList.objects.count() == 1


def test_handing_over_after_a_problem_closed_is_told(office, validated, publish):
    first, second = validated(), validated(2)
    publish(first, second)
    form = keyed(office, "/alcaldia/entregas/1/")
    withdrawn = Change(to=Status.CLOSED, closing_kind=ClosingKind.WITHDRAWN, public_text="Lo retiró.")
    move(second, withdrawn, actor=None, office="Equipo de facilitación")
    answer = office.post("/alcaldia/entregas/1/", form)
    assert answer.status_code == 409
    assert f"{second.reference}: cerrado" in answer.content.decode()
    assert "(Equipo de facilitación, " in answer.content.decode()
    assert Handover.objects.count() == 0


def test_handing_over_what_another_handed_over_is_told(office, validated, publish, cabinet):
    made = publish(validated())
    form = keyed(office, "/alcaldia/entregas/1/")
    hand_over(made, cabinet)
    answer = office.post("/alcaldia/entregas/1/", form)
    assert answer.status_code == 409
    assert "N.º 1" in answer.content.decode()
    assert Handover.objects.count() == 1


def test_a_second_receipt_of_a_handover_says_who_gave_the_first(client, item, manager, department_head):
    answers.acknowledge_list(item.handover, department_head)
    client.force_login(manager)
    page = client.post(f"/gestion/entregas/{item.handover.number}/acuse/", follow=True).content.decode()
    assert "ya tiene acuse de recibo: lo dio Operaciones" in page


def test_a_move_that_another_took_back_is_told_not_missing(office, validated, cabinet):
    made = propose_move(validated(), 1, "Lo pidió la escuela.", asked=NOBODY, actor=cabinet)
    Override.objects.all().delete()
    page = office.post(f"/alcaldia/listas/gestion/cambios/{made.pk}/quitar/", follow=True).content.decode()
    assert "Otra persona ya quitó o reemplazó ese cambio de lugar." in page
