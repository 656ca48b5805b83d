"""«Me sumo» of residents: once each, for what everybody sees, never in the order."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils import timezone

from issues.life.duplicates import merge
from issues.models import Issue, Support, Visibility
from maps.telling import joining_views
from rankings.publishing import draft, publish
from tests.rankings.conftest import vote
from tests.roles import owner
from walks.models import Presence

pytestmark = pytest.mark.django_db
__all__ = ["vote"]


def address_of(issue: Issue) -> str:
    return f"/problemas/{issue.reference}/me-sumo/"


def join(client: Client, issue: Issue, **more: str):
    """As a browser does it: the page first, which marks the browser, then the button."""
    assert client.get(address_of(issue), **more).status_code == 200
    return client.post(address_of(issue), **more)


def joined(issue: Issue) -> int:
    with owner():
        number = Issue.objects.get(pk=issue.pk).support_count
        assert Support.objects.filter(issue=issue).count() == number
    return number


def test_a_browser_counts_once_however_often_it_comes(client, make_issue):
    issue = make_issue()
    for _ in range(3):
        assert join(client, issue).status_code == 302
    assert joined(issue) == 1
    page = client.get(address_of(issue)).content.decode()
    assert "Ya te sumaste." in page
    assert "Se suma 1 persona." in page


def test_another_browser_counts_too_and_each_problem_by_itself(make_issue):
    one, other = make_issue(), make_issue()
    first, second = Client(), Client()
    join(first, one), join(second, one), join(first, other)
    assert (joined(one), joined(other)) == (2, 1)


def test_a_browser_without_cookies_is_counted_by_its_network(client, make_issue):
    issue = make_issue()
    for address in ("192.0.2.1", "192.0.2.1", "192.0.2.2"):
        client.cookies.clear()
        client.post(address_of(issue), REMOTE_ADDR=address)
    assert joined(issue) == 2


def test_nothing_of_browser_or_network_is_kept(client, make_issue):
    issue = make_issue()
    join(client, issue)
    with owner():
        kept = Support.objects.get().supporter
    assert re.fullmatch(r"[0-9a-f]{64}", kept)
    assert client.cookies[joining_views.COOKIE].value.partition(":")[0] not in kept


def test_a_mark_that_we_did_not_give_is_none(client, make_issue):
    issue = make_issue()
    for mark in ("a", "b"):
        client.cookies[joining_views.COOKIE] = f"{mark}:nada:nada"
        client.post(address_of(issue))
    assert joined(issue) == 1  # by the network


@pytest.mark.parametrize("visibility", [Visibility.REVIEW, Visibility.HIDDEN, Visibility.STAFF])
def test_what_not_everybody_sees_cannot_be_joined(client, make_issue, visibility, facilitator):
    reason = "x" if visibility == Visibility.HIDDEN else ""
    issue = make_issue()
    with owner():
        Issue.objects.filter(pk=issue.pk).update(visibility=visibility, hidden_reason=reason)
    for _visitor in range(2):
        assert client.get(address_of(issue)).status_code == client.post(address_of(issue)).status_code == 404
        client.force_login(facilitator)
    assert joined(issue) == 0


def test_a_closed_one_leads_to_the_one_it_was_joined_to(client, make_issue):
    kept, issue = make_issue(), make_issue()
    with owner():
        merge(issue, kept, actor=None, office="X")
    assert client.post(address_of(issue)).status_code == 409
    assert address_of(kept) in client.get(address_of(issue)).content.decode()
    assert joined(issue) == 0


def test_one_network_joins_one_problem_so_often_a_day_and_is_told(make_issue):
    issue = make_issue()
    most = joining_views.MOST_OF_ONE_PROBLEM_A_DAY
    answers = [join(Client(), issue) for _ in range(most + 1)]
    assert [answer.status_code for answer in answers] == [302] * most + [429]
    assert "prueba más tarde" in answers[-1].content.decode()
    assert join(Client(), issue, REMOTE_ADDR="192.0.2.9").status_code == 302
    assert joined(issue) == most + 1


def test_one_network_joins_so_many_problems_an_hour(client, make_issue):
    issues = [make_issue() for _ in range(joining_views.MOST_AN_HOUR + 1)]
    answers = [join(client, issue).status_code for issue in issues]
    assert answers == [302] * joining_views.MOST_AN_HOUR + [429]


def test_the_page_tells_those_who_join_apart_from_those_on_a_walk(client, make_issue):
    issue = make_issue()
    join(client, issue)
    with owner():
        Presence.objects.create(walk_id=issue.pk, issue=issue, people=7, told_at=issue.reported_at)
    page = client.get(f"/problemas/{issue.reference}/").content.decode()
    assert "Vecinas y vecinos que se suman</dt><dd>1</dd>" in page
    assert "Presentes en una caminata</dt><dd>7</dd>" in page
    assert address_of(issue) in page


def test_nobody_who_joins_moves_the_order_or_the_list(client, make_issue, vote, cabinet):
    last, first = make_issue(title="Último"), make_issue(title="Primero")
    vote({first: 9, last: 1})
    at = timezone.now()
    with owner():
        publish("gestion", actor=cabinet)
        before = draft("gestion", at).document
    published = client.get("/listas/1/lista.json").content
    for _ in range(5):
        join(Client(), last)
    assert joined(last) == 5
    with owner():
        assert draft("gestion", at).document == before
    assert client.get("/listas/1/lista.json").content == published
    assert b"support" not in published
