"""The page of a problem: its story, and nothing that is not public."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import escape

from issues.models import EntryKind, HistoryEntry, Issue
from issues.workflow import Status
from maps.dossier import steps


def page(client, issue: Issue) -> str:
    answer = client.get(f"/problemas/{issue.reference}/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_tells_the_whole_story(client, story):
    text = page(client, story.issue)
    for words in (
        "Hoyo frente al paradero",
        "Caben dos personas.",
        "Los Aromos 12",
        story.issue.reference,
        "Entregado",
        "lista 1",
        f"Reunión {story.gathering.number} del",
        "9 fichas",
        "Operaciones",
        f"/fotos/{story.photo.pk}.jpg",
        "Cada línea queda sellada",
    ):
        assert words in text, words


def test_a_lower_case_reference_is_understood(client, issue):
    assert client.get(f"/problemas/{issue.reference.lower()}/").status_code == 200


@pytest.mark.parametrize("visibility", ["draft", "review", "staff", "hidden"])
def test_what_is_not_public_does_not_exist_for_strangers(client, issue, cabinet, visibility):
    Issue.objects.update(visibility=visibility, hidden_reason="motivo")
    assert client.get(f"/problemas/{issue.reference}/").status_code == 404
    client.force_login(cabinet)
    assert client.get(f"/problemas/{issue.reference}/").status_code == 200


def test_a_reserved_category_does_not_exist_one_by_one(client, make_issue, insecurity):
    reserved = make_issue(category=insecurity)
    assert client.get(f"/problemas/{reserved.reference}/").status_code == 404


def test_only_reviewed_photos_are_shown(client, story):
    text = page(client, story.issue)
    unseen = story.issue.photos.exclude(pk=story.photo.pk).get()
    assert str(story.photo.pk) in text
    assert str(unseen.pk) not in text


def test_history_names_the_office_and_never_the_person_or_the_inner_reason(client, secrets, story):
    text = page(client, story.issue)
    assert "Pasamos a mirar." in text
    assert secrets["reason"] not in text
    assert "facilitadora" not in text


def test_what_people_write_is_shown_as_text(client, make_issue):
    nasty = '<script>alert("hola")</script><img src=x onerror=1>'
    text = page(client, make_issue(title=nasty, description=nasty, address=nasty))
    assert nasty not in text
    assert escape(nasty) in text


@pytest.mark.parametrize(
    ("status", "current"),
    [
        ("registered", "Registrado"),
        ("acknowledged", "Entregado"),
        ("scheduled", "Programado"),
        ("on_hold", "En ejecución"),
        ("done_unverified", "Listo"),
        ("verified", "Verificado"),
    ],
)
def test_the_way_shows_where_it_stands(status, current):
    way = steps(status)
    at = [step.state for step in way].index("current")
    assert way[at].label == current
    assert {step.state for step in way[:at]} <= {"done"}
    assert {step.state for step in way[at + 1 :]} <= {"ahead"}


def test_a_closed_problem_left_the_way():
    assert steps("closed") == []
    assert all(steps(status) for status in Status if status != Status.CLOSED)


def test_a_repeated_problem_and_its_first_link_to_each_other(client, make_issue):
    first, again = make_issue(title="El primero"), make_issue(title="Otra vez")
    Issue.objects.filter(pk=again.pk).update(duplicate_of=first)
    assert again.reference in page(client, first).split("informado otra vez")[1]
    assert first.reference in page(client, again).split("informado otra vez")[1]


@pytest.mark.parametrize("count", [2, 20])
def test_the_number_of_lines_and_neighbours_costs_no_query(client, make_issue, issue, count):
    for number in range(count):
        make_issue(title=f"Otro {number}")
        HistoryEntry.objects.create(
            issue=issue, kind=EntryKind.NOTE, office="Operaciones", at=timezone.now(), public_text="Avance"
        )
    with CaptureQueriesContext(connection) as asked:
        text = page(client, issue)
    assert text.count("Avance") >= count
    assert len(asked) <= 11


def test_problem_neighbourhood_and_category_can_be_followed_from_the_page(client, story):
    text = page(client, story.issue)
    links = [f"/seguir/problema/{story.issue.reference}/", f"/seguir/categoria/{story.issue.category.code}/"]
    assert [client.get(link).status_code for link in links if f'href="{link}"' in text] == [200, 200]
