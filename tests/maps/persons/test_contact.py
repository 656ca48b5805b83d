"""Who told a problem, for the office that answers it: asked for, noted, used for the answer."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction

from core.models import Letter
from issues.models import Reporter
from maps.models import PersonAct
from maps.persons import contact
from maps.persons.contact import ContactRefused
from tests.roles import web

ROSA = {"name": "Rosa Ñáñez", "email": "rosa@example.cl", "phone": "+56 9 1234 5678"}


@pytest.fixture
def rosa(issue) -> Reporter:
    return Reporter.objects.create(issue=issue, expires_on="2099-01-01", **ROSA)


@pytest.fixture
def address(issue) -> str:
    return f"/oficina/quien-informo/{issue.reference}/"


def shows(answer) -> bool:
    return any(word in answer.content.decode() for word in ROSA.values())


def test_nothing_is_shown_before_it_is_asked_for_and_then_it_is_noted(client, rosa, address, manager):
    client.force_login(manager)
    assert not shows(client.get(address))
    assert not PersonAct.objects.exists()
    shown = client.post(address, {"act": "read"})
    assert all(word in shown.content.decode() for word in ROSA.values())
    assert "no-store" in shown.headers["Cache-Control"]
    act = PersonAct.objects.get()
    assert (act.act, act.actor, act.request) == ("read", manager, None)
    assert "Rosa" not in act.what


@pytest.mark.parametrize(
    ("who", "status"),
    [("other_manager", 404), ("facilitator", 403), ("cabinet", 403), ("administrator", 403)],
)
def test_nobody_else_sees_or_uses_it(client, request, rosa, issue, address, who, status):
    person = request.getfixturevalue(who)
    client.force_login(person)
    for act in ("read", "answer"):
        answer = client.post(address, {"act": act, "text": "Hola"})
        assert answer.status_code == status
        assert not shows(answer)
    with pytest.raises(PermissionDenied):
        contact.read(issue, actor=person)
    assert not PersonAct.objects.exists()
    assert not Letter.objects.exists()


def test_the_answer_goes_by_the_queue_of_letters_and_is_noted(client, rosa, address, issue, manager):
    client.force_login(manager)
    assert client.post(address, {"act": "answer", "text": "Ya se reparó."}).status_code == 302
    letter = Letter.objects.get()
    assert letter.address == ROSA["email"]
    assert issue.reference in letter.subject
    assert "Ya se reparó." in letter.body
    assert PersonAct.objects.get().act == "answer"
    assert "respondió" in client.get(address).content.decode()


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [({"email": ""}, "teléfono"), ({"is_blocked": True}, "No hay datos"), (None, "No hay datos")],
)
def test_without_a_way_to_answer_the_page_says_so(client, rosa, address, manager, changed, sentence):
    if changed is None:
        rosa.delete()
    else:
        Reporter.objects.filter(pk=rosa.pk).update(**changed)
    client.force_login(manager)
    answer = client.post(address, {"act": "answer", "text": "Lo que escribí"})
    assert answer.status_code == 400
    assert sentence in answer.content.decode()
    assert "Lo que escribí" in answer.content.decode()
    assert not Letter.objects.exists()


@pytest.mark.parametrize("text", ["", "   ", "x" * 4001])
def test_an_empty_or_endless_answer_is_none(rosa, issue, manager, text):
    with pytest.raises(ContactRefused):
        contact.answer(issue, text, actor=manager)


def test_the_note_cannot_be_taken_back(rosa, issue, manager):
    contact.read(issue, actor=manager)
    with web(), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM maps_personact")


def test_the_desk_leads_there_only_for_its_office(client, rosa, issue, address, manager, cabinet):
    client.force_login(cabinet)
    assert address not in client.get(f"/gestion/{issue.reference}/").content.decode()
    client.force_login(manager)
    page = client.get(f"/gestion/{issue.reference}/")
    assert page.status_code in (200, 404)
    assert (address in page.content.decode()) == (page.status_code == 200)
