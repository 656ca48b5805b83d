"""The first places shown are those of the whole list, however few problems were fetched for them."""

from __future__ import annotations

import datetime as dt
import random

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import User
from issues.models import Issue
from issues.workflow import Status
from rankings.asking import NOBODY
from rankings.first_places import first_places
from rankings.models import CoefficientTable
from rankings.publishing import draft, propose_move
from rankings.rules.listing import Queue, own_order, rule_order
from rankings.rules.rounds import Share, enough
from tests.rankings.imaginary import queues as imaginary_queues

REASON = "Cable bajo frente a la escuela, lo pidió bomberos"


@given(imaginary_queues(), st.integers(1, 40))
@settings(deadline=None)
def test_the_rounds_that_are_enough_give_the_same_places(queues: list[Queue], wanted: int):
    shares = {
        each.code: Share(each.name, len(each.candidates), each.coefficient, each.accepted) for each in queues
    }
    many = enough(shares, wanted)
    cut = [each._replace(candidates=own_order(each.candidates)[: many[each.code]]) for each in queues]
    assert rule_order(cut)[:wanted] == rule_order(queues)[:wanted]
    assert len(rule_order(cut)) >= min(wanted, len(rule_order(queues)))


@pytest.fixture
def full_town(make_issue, vote, accept, cabinet: User) -> list[Issue]:
    """Sixty problems of all kinds: voted twice, provisional, unmeasured, equal, accepted ones too."""
    luck = random.Random(7)
    made = [_some(make_issue, luck, n) for n in range(60)]
    ones = [issue for issue in made if issue.territory.code == 1]
    threes = [issue for issue in made if issue.territory.code == 3]
    vote({issue: 9 - n for n, issue in enumerate(ones[:4])}, 1, days_ago=9)
    vote({issue: 5 + n for n, issue in enumerate(ones[2:6])}, 1, days_ago=2)
    vote({threes[0]: 7}, 3)
    accept(ones[0])
    CoefficientTable.objects.create(year=2026, decision="12", hundredths={"1": 140, "2": 70}, author=cabinet)
    return [Issue.objects.get(pk=issue.pk) for issue in made]


def _some(make_issue, luck: random.Random, number: int) -> Issue:
    levels = {"severity": luck.randint(0, 2), "reach": luck.randint(0, 1), "duration": 1, "vulnerability": 0}
    reported_at = timezone.now() - dt.timedelta(days=luck.randint(0, 3))
    return make_issue(
        luck.choice((1, 1, 1, 2, 3)),
        title=f"Problema {number}",
        reported_at=reported_at,
        **(levels if luck.random() < 0.8 else {}),
    )


@pytest.mark.parametrize("first", [1, 2, 7, 20, 59, 300])
def test_the_beginning_is_the_beginning_of_the_whole_list(full_town, first):
    whole = draft("gestion").document
    beginning = first_places("gestion", first)
    assert beginning.items == whole["items"][:first]
    assert (beginning.number, beginning.total) == (whole["number"], len(whole["items"]))
    assert beginning.names == {each["code"]: each["name"] for each in whole["neighbourhoods"]}


@pytest.mark.parametrize("moved", [(0, 40), (50, 1), (59, 2), (20, 300)])
def test_moves_from_anywhere_to_anywhere_are_shown_as_on_the_list(full_town, cabinet, moved):
    start, to = moved
    waiting = draft("gestion").document["items"]
    propose_move(
        Issue.objects.get(reference=waiting[min(start, len(waiting) - 1)]["reference"]), to, REASON,
        asked=NOBODY, actor=cabinet,
    )  # fmt: skip
    propose_move(Issue.objects.get(reference=waiting[3]["reference"]), 9, REASON, asked=NOBODY, actor=cabinet)
    beginning = first_places("gestion", 10)
    assert beginning.items == draft("gestion").document["items"][:10]
    assert len(beginning.moves) == 2


def test_a_move_of_what_waits_no_more_is_left_out(full_town, accept, cabinet):
    issue = next(each for each in full_town if each.status == Status.VALIDATED)
    propose_move(issue, 1, REASON, asked=NOBODY, actor=cabinet)
    assert len(first_places("gestion", 5).moves) == 1
    accept(issue)
    assert first_places("gestion", 5).moves == []
    assert first_places("gestion", 5).items == draft("gestion").document["items"][:5]


def test_nothing_waits_in_an_empty_town(town):
    beginning = first_places("inversion", 300)
    assert (beginning.items, beginning.total, beginning.hidden, beginning.number) == ([], 0, 0, 1)
