"""«¿Por qué puedo o no puedo?»: its answer is that of the act itself, for each person and each act."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.models import User
from core.duties import DUTIES, POSTS, Act
from gatherings.models import Gathering
from handovers.life import answers
from issues.models import HistoryEntry, Issue
from maps.duties import why, words
from tests.core.test_duties import PEOPLE, is_let, people, things  # noqa: F401 # fixtures

# Acts whose answer needs no more than the state of the things as they are.
AS_THEY_ARE = {
    Act.CONFIRM_LEVELS: lambda them: them.issue,
    Act.HIDE: lambda them: them.issue,
    Act.CONFIRM_HIDING: lambda them: them.hiding.issue,
    Act.ANSWER: lambda them: them.item.issue,
}


@pytest.mark.parametrize("act", AS_THEY_ARE)
def test_its_answer_is_that_of_the_act(act, people, things):  # noqa: F811
    issue = Issue.objects.get(pk=AS_THEY_ARE[act](things).pk)
    told = {name: why.may(why.reasons(person, act, issue)) for name, person in people.items()}
    assert told == {name: is_let(act, person, things) for name, person in people.items()}


@pytest.mark.parametrize("act", Act)
def test_without_a_problem_it_is_the_table(act, people):  # noqa: F811
    told = {name: why.may(why.reasons(person, act)) for name, person in people.items()}
    assert told == {name: person.post in DUTIES[act] for name, person in people.items()}


def test_the_room_must_be_open_and_of_the_neighbourhood(people, things):  # noqa: F811
    def told(name: str) -> str:
        return why.reasons(people[name], Act.VERIFY, things.issue)[-1].sentence

    assert told("facilitator") == "Ninguna sala de Norte está abierta ahora."
    assert told("other_facilitator") == "No conduce ninguna reunión de Norte."
    assert "Su cargo es alcaldía" in told("cabinet")
    assert "Quien publica, cambia lugares o entrega no cuenta ni verifica, y al revés." in told("cabinet")


def test_who_said_the_levels_is_told_that_another_confirms(people, things):  # noqa: F811
    Issue.objects.filter(pk=things.issue.pk).update(levels_by=people["facilitator"])
    issue = Issue.objects.get(pk=things.issue.pk)
    assert why.reasons(people["facilitator"], Act.CONFIRM_LEVELS, issue)[-1].sentence == (
        "Lo puso la misma persona: lo confirma otra."
    )
    assert why.may(why.reasons(people["control"], Act.CONFIRM_LEVELS, issue))


def test_what_can_be_answered_now_is_named(people, things):  # noqa: F811
    before = why.reasons(people["manager"], Act.REPORT_DONE, things.item.issue)
    assert not why.may(before)
    assert "ahora no hay nada de eso que hacer" in before[-1].sentence
    answers.acknowledge(things.item, people["manager"])
    issue = Issue.objects.get(pk=things.item.issue_id)
    assert "Comprometer una fecha" in why.reasons(people["manager"], Act.ANSWER, issue)[-1].sentence


def test_a_closed_account_may_nothing(manager):
    manager.is_active = False
    assert [why.may(why.reasons(manager, act)) for act in Act] == [False] * len(Act)
    assert why.reasons(manager, Act.ANSWER)[-1].sentence == "Su cuenta está cerrada: no puede hacer nada."


def test_every_post_and_act_has_its_word():
    assert set(words.POSTS) == set(POSTS)
    assert set(words.ACTS) == set(Act)
    assert len(set(map(str, words.ACTS.values()))) == len(Act)


@pytest.mark.parametrize("who", PEOPLE)
def test_only_the_administration_asks(who, request, client):
    client.force_login(request.getfixturevalue(who))
    assert client.get(reverse("why")).status_code == (200 if who == "administrator" else 403)


@pytest.fixture
def asks(client, administrator):
    """Asks by the page; gives what it says."""
    client.force_login(administrator)

    def ask(**words) -> tuple[int, str]:
        answer = client.get(reverse("why"), words)
        return answer.status_code, answer.content.decode()

    return ask


def test_the_page_says_yes_or_no_with_every_step(asks, cabinet, issue):
    status, page = asks(person="alcaldia", act="publish", issue="")
    assert status == 200
    assert "Sí: alcaldia puede publicar una lista." in page
    status, page = asks(person="alcaldia", act="verify", issue=issue.reference)
    assert "No: alcaldia no puede verificar una reparación." in page
    assert issue.reference in page


def test_what_is_no_person_act_or_problem_is_told(asks, cabinet):
    for wrong in ({"person": "nadie"}, {"act": "volar"}, {"issue": "M-2020-999999"}):
        status, page = asks(**({"person": "alcaldia", "act": "publish", "issue": ""} | wrong))
        assert status == 400
        assert "errorlist" in page


# --- Posts in public ---------------------------------------------------------------------------------


def test_everyone_reads_which_posts_were_given_and_nobody_whose(client, facilitator, manager):
    User.objects.filter(pk=facilitator.pk).update(is_head=True)
    page = client.get(reverse("posts")).content.decode()
    assert "jefatura de facilitación" in page
    assert "Instalación" in page
    assert facilitator.username not in page
    assert f"account {facilitator.pk}" not in page
    newest = HistoryEntry.objects.latest("pk")
    assert newest.hash[:12] in page
    assert newest.salt


def test_the_page_asks_the_database_as_often_for_many(client, facilitator, django_assert_num_queries):
    client.get(reverse("posts"))
    for number in range(20):
        User.objects.create_user(f"f{number}", role="cabinet")
    with django_assert_num_queries(2):
        client.get(reverse("posts"))


def test_a_room_can_be_opened_and_then_the_answer_changes(people, things):  # noqa: F811
    Gathering.objects.filter(pk=things.planned.pk).update(state="open")
    assert why.may(why.reasons(people["facilitator"], Act.VERIFY, things.issue))
