"""One text about a problem (an answer, a note, a verdict) is hidden as a photo is, and the chain holds."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from issues.life import edits
from issues.life.hiding import HidingRefused, by_month, decide, hide, show_again_late, texts_of
from issues.life.seal import broken_lines
from issues.models import CONFIRM_WITHIN, Hiding, HistoryEntry
from maps.persons.expiry import keep_the_register

pytestmark = pytest.mark.django_db
TEXT = "Avisado Zutano Pérez del 1234"


@pytest.fixture
def line(issue, cabinet) -> HistoryEntry:
    return edits.add_note(issue, TEXT, actor=cabinet, office="Operaciones")


def readers(issue) -> list[str]:
    return [
        f"/problemas/{issue.reference}/",
        f"/api/v1/issues/{issue.pk}/history/",
        f"/open311/v2/requests/{issue.reference}.json?extensions=true",
    ]


def saying(issue) -> set[str]:
    client = Client()
    pages = {address: client.get(address) for address in readers(issue)}
    assert {page.status_code for page in pages.values()} == {200}
    return {address for address, page in pages.items() if TEXT in page.content.decode()}


def test_it_goes_at_once_from_page_api_and_open311_and_comes_back(issue, line, cabinet, facilitator):
    assert saying(issue) == set(readers(issue))
    hidden = hide(issue, "personal", actor=cabinet, line=line)
    assert saying(issue) == set()
    assert "Texto oculto" in Client().get(readers(issue)[0]).content.decode()
    decide(hidden, actor=facilitator, shows_again=True)
    assert saying(issue) == set(readers(issue))


def test_the_problem_and_its_other_texts_stay(issue, line, cabinet):
    edits.add_note(issue, "Ya se pidió el asfalto", actor=cabinet, office="Operaciones")
    hide(issue, "personal", actor=cabinet, line=line)
    page = Client().get(readers(issue)[0]).content.decode()
    assert issue.title in page
    assert "Ya se pidió el asfalto" in page


def test_nothing_sealed_changes(issue, line, cabinet):
    before = HistoryEntry.objects.values_list("hash", "public_text").get(pk=line.pk)
    hide(issue, "personal", actor=cabinet, line=line)
    assert HistoryEntry.objects.values_list("hash", "public_text").get(pk=line.pk) == before
    assert not list(broken_lines())


def test_the_office_that_answers_hides_no_text(issue, line, manager):
    with pytest.raises(PermissionDenied):
        hide(issue, "personal", actor=manager, line=line)


def test_what_is_hidden_or_of_another_problem_is_not_hidden_again(issue, line, make_issue, cabinet):
    with pytest.raises(HidingRefused):
        hide(make_issue(), "personal", actor=cabinet, line=line)
    hide(issue, "personal", actor=cabinet, line=line)
    with pytest.raises(HidingRefused):
        hide(issue, "personal", actor=cabinet, line=line)
    assert line not in texts_of(issue)


def test_without_a_second_person_it_shows_again_but_for_persons(issue, line, cabinet):
    hide(issue, "insult", actor=cabinet, line=line)
    assert show_again_late(timezone.now() + CONFIRM_WITHIN) == 1
    assert saying(issue) == set(readers(issue))
    hide(issue, "personal", actor=cabinet, line=line)
    assert show_again_late(timezone.now() + CONFIRM_WITHIN) == 0
    assert saying(issue) == set()


def test_it_is_counted_apart_by_month_and_reason(issue, line, cabinet):
    hide(issue, "personal", actor=cabinet, line=line)
    (row,) = by_month()
    assert (row["hidden"], row["photos"], row["texts"]) == (1, 0, 1)


def test_a_restored_backup_hides_it_again_once(issue, line, cabinet):
    hide(issue, "personal", actor=cabinet, line=line)
    Hiding.objects.all().delete()
    assert saying(issue) == set(readers(issue))
    keep_the_register()
    keep_the_register()
    assert saying(issue) == set()
    assert Hiding.objects.get().hidden_by is None


def test_it_is_chosen_on_the_page_of_hiding_and_shown_to_the_second_person(
    client, issue, line, cabinet, facilitator
):
    client.force_login(cabinet)
    page = client.get(f"/gestion/ocultos/{issue.reference}/").content.decode()
    assert f'value="line-{line.pk}"' in page
    sent = {"what": f"line-{line.pk}", "reason": "personal"}
    assert client.post(f"/gestion/ocultos/{issue.reference}/", sent).status_code == 302
    assert saying(issue) == set()
    client.force_login(facilitator)
    assert TEXT in client.get("/gestion/ocultos/").content.decode()
