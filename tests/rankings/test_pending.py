"""What stands in the queue of each neighbourhood, and what does not."""

import datetime as dt

import pytest
from django.utils import timezone

from issues.index import Weights
from issues.life.lifecycle import Change, move
from issues.models import Issue, Origin, Track, Visibility
from issues.workflow import ClosingKind, Status
from rankings.models import CoefficientTable
from rankings.pending import accepted_by_territory, months_before, queues
from rankings.publishing import document_of, publish
from rankings.rules.listing import own_order
from rankings.rules.texts import opened
from territories.models import Territory
from tests.rankings.conftest import LEVELS
from tests.town import sent_by_hand


def titles(code, track="gestion"):
    queue = next(each for each in queues(track) if each.code == code)
    return [candidate.title for candidate in own_order(queue.candidates)]


def test_voted_problems_stand_in_the_order_of_the_room_before_provisional_ones(make_issue, vote):
    first, second = make_issue(title="Uno", **LEVELS[1]), make_issue(title="Dos", **LEVELS[2])
    make_issue(title="Provisorio", **LEVELS[4])
    vote({second: 9, first: 12})
    assert titles(1) == ["Uno", "Dos", "Provisorio"]


def test_the_latest_gathering_decides_and_older_votes_follow(make_issue, vote):
    old, both, new = (make_issue(title=title) for title in ("Viejo", "Ambos", "Nuevo"))
    vote({old: 12, both: 3}, days_ago=60)
    vote({new: 9, both: 8}, days_ago=2)
    assert titles(1) == ["Nuevo", "Ambos", "Viejo"]


def test_a_vote_carries_the_day_of_its_closing_and_not_the_planned_one(make_issue, vote):
    early, late = make_issue(title="Cerrada antes"), make_issue(title="Cerrada después")
    vote({early: 9}, days_ago=30, planned_days_ago=1)
    vote({late: 9}, days_ago=2, planned_days_ago=60)
    assert titles(1) == ["Cerrada después", "Cerrada antes"]
    queue = next(each for each in queues("gestion") if each.code == 1)
    held = {candidate.title: candidate.vote.held_on for candidate in queue.candidates}
    assert held["Cerrada después"] == timezone.localdate(timezone.now() - dt.timedelta(days=2))


def test_provisional_problems_stand_by_index_then_age(make_issue):
    now = timezone.now()
    make_issue(title="Joven", reported_at=now, **LEVELS[2])
    make_issue(title="Antiguo", reported_at=now - dt.timedelta(days=9), **LEVELS[2])
    make_issue(title="Sin puntaje", reported_at=now - dt.timedelta(days=99))
    make_issue(title="Alto", reported_at=now, **LEVELS[4])
    assert titles(1) == ["Alto", "Antiguo", "Joven", "Sin puntaje"]


def test_every_neighbourhood_has_a_queue_even_an_empty_one(town):
    assert [(queue.code, queue.candidates) for queue in queues("gestion")] == [(1, []), (2, []), (3, [])]


@pytest.mark.parametrize(
    "more",
    [
        {"severity": 3, "reach": 1, "duration": 1, "vulnerability": 1},
        {"visibility": Visibility.REVIEW},
        {"visibility": Visibility.DRAFT},
        {"visibility": Visibility.STAFF},
        {"origin": Origin.RESIDENT},
        {"origin": Origin.OPEN311},
    ],
)
def test_what_does_not_compete_is_left_out(make_issue, more):
    make_issue(**more)
    assert titles(1) == []


def test_problems_shown_only_as_numbers_are_left_out(make_issue, insecurity):
    make_issue(category=insecurity)
    assert titles(1) == []


def test_each_track_is_counted_apart(make_issue, pothole):
    make_issue()
    pothole.track = Track.INVESTMENT
    pothole.save()
    assert titles(1) == []
    assert titles(1, "inversion") == ["Hoyo grande"]


def test_a_report_from_home_competes_once_a_gathering_voted_on_it(make_issue, vote):
    vote({make_issue(title="De la casa", origin=Origin.RESIDENT): 4})
    assert titles(1) == ["De la casa"]


def test_a_council_of_the_whole_commune_changes_no_order(make_issue, vote):
    first, second = make_issue(title="Uno"), make_issue(title="Dos")
    vote({first: 9, second: 3}, days_ago=9)
    vote({second: 20}, code=None, days_ago=1)
    assert titles(1) == ["Uno", "Dos"]


def test_a_vote_of_another_neighbourhood_does_not_count(make_issue, vote):
    own, moved = make_issue(1, title="Propio"), make_issue(1, title="Votado en Sur", **LEVELS[4])
    vote({own: 2}, 1)
    vote({moved: 20}, 3)
    queue = queues("gestion")[0]
    assert {each.title: each.vote is None for each in queue.candidates} == {
        "Propio": False,
        "Votado en Sur": True,
    }


def test_handed_over_and_closed_problems_no_longer_wait(make_issue, vote, cabinet):
    gone, closed = make_issue(), make_issue()
    vote({gone: 3, closed: 2})
    data = {"actor": cabinet, "office": "Alcaldía"}
    sent_by_hand(gone)
    move(gone, Change(to=Status.HANDED_OVER), **data)
    why = Change(to=Status.CLOSED, closing_kind=ClosingKind.WITHDRAWN, public_text="Se retiró")
    move(closed, why, **data)
    assert titles(1) == []


def test_accepted_problems_count_for_twelve_months(make_issue, vote, accept):
    issues = [make_issue() for _ in range(3)]
    vote(dict.fromkeys(issues, 3))
    accept(issues[0], days_ago=1)
    accept(issues[1], days_ago=200)
    accept(issues[2], days_ago=370)
    assert accepted_by_territory("gestion", timezone.now()) == {1: 2}
    assert [queue.accepted for queue in queues("gestion")] == [2, 0, 0]
    assert accepted_by_territory("inversion", timezone.now()) == {}


def test_a_closed_one_gives_its_place_back(make_issue, vote, accept):
    issue = make_issue()
    vote({issue: 3})
    accepted = accept(issue)
    why = Change(to=Status.CLOSED, closing_kind=ClosingKind.NOT_FEASIBLE, public_text="No se puede")
    move(accepted, why, actor=None, office="Operaciones")
    assert accepted_by_territory("gestion", timezone.now()) == {}


def test_work_that_goes_on_counts_from_its_first_acceptance(make_issue, vote, accept):
    issue = make_issue()
    vote({issue: 3})
    accepted = accept(issue, days_ago=370)
    move(accepted, Change(to=Status.IN_PROGRESS), actor=None, office="Operaciones")
    assert accepted_by_territory("gestion", timezone.now()) == {}


def test_the_index_follows_the_weights_that_are_asked_for(make_issue):
    make_issue(**LEVELS[1])
    (candidate,) = queues("gestion", weights=Weights(10, 20, 30, 40))[0].candidates
    assert candidate.index == 10 + 40 + 30


def test_the_newest_coefficients_are_in_force(town, cabinet):
    CoefficientTable.objects.create(year=2025, decision="Acuerdo 1", hundredths={"1": 70}, author=cabinet)
    CoefficientTable.objects.create(year=2026, decision="Acuerdo 2", hundredths={"3": 140}, author=cabinet)
    assert [queue.coefficient for queue in queues("gestion")] == [100, 100, 140]


@pytest.mark.parametrize(("rooms", "problems"), [(1, 2), (4, 20)])
def test_the_number_of_queries_does_not_grow(make_issue, vote, django_assert_num_queries, rooms, problems):
    for _ in range(rooms):
        vote({make_issue(**LEVELS[1]): n for n in range(problems)})
    with django_assert_num_queries(6):
        queues("gestion")


@pytest.mark.parametrize(
    ("day", "expected"),
    [("2026-11-22", "2025-11-22"), ("2024-02-29", "2023-02-28"), ("2026-01-01", "2025-01-01")],
)
def test_twelve_months_before_is_the_same_day_a_year_earlier(day, expected):
    moment = dt.datetime.fromisoformat(f"{day}T12:00:00+00:00")
    assert months_before(moment, 12).date().isoformat() == expected


def test_problems_outside_the_boundaries_in_force_wait_for_a_person(make_issue):
    issue = make_issue()
    Issue.objects.filter(pk=issue.pk).update(territory=None)
    assert titles(1) == []
    assert Territory.objects.current().count() == 3


def test_a_voted_problem_without_confirmed_levels_counts_nothing_and_keeps_its_place_in_the_room(
    make_issue, vote
):
    first, second = make_issue(title="Uno", **LEVELS[4]), make_issue(title="Dos", **LEVELS[1])
    vote({first: 12, second: 9})
    Issue.objects.filter(pk=first.pk).update(levels_confirmed_by=None)
    queue = next(each for each in queues("gestion") if each.code == 1)
    found = {candidate.title: (candidate.index, candidate.levels) for candidate in queue.candidates}
    assert found["Uno"] == (0, None)
    assert found["Dos"][0] == 120
    assert titles(1) == ["Uno", "Dos"]


def test_a_provisional_problem_brings_the_levels_of_one(make_issue):
    make_issue(title="Uno", **LEVELS[4])
    queue = next(each for each in queues("gestion") if each.code == 1)
    assert queue.candidates[0].index == 220


def test_the_list_says_which_voted_problems_have_no_confirmed_levels(published, example, cabinet):
    Issue.objects.filter(pk=example[0].pk).update(levels_confirmed_by=None)
    items = {item["title"]: item for item in opened(document_of(publish("gestion", actor=cabinet)))["items"]}
    assert "sin puntaje confirmado, en su ronda cuenta 0." in items["Norte 1"]["reasons"][0]
    assert (items["Norte 1"]["index"], items["Norte 1"]["levels"]) == (0, None)
    assert "sin puntaje confirmado" not in items["Norte 2"]["reasons"][0]
