"""One door for every problem: what it refuses, what it works out by itself."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.gis.geos import Point
from django.utils import timezone

from issues.life.registration import IssueRefused, NewIssue, register
from issues.models import Category, HistoryEntry, IndexWeights, Issue, RoutingRule, Visibility
from tests.conftest import CENTRO, INSIDE, NORTE, OUTSIDE, SUR

REFUSED = [
    ({"title": "   "}, "title"),
    ({"title": "x" * 141}, "text"),
    ({"description": "x" * 4001}, "text"),
    ({"title": "hoyo\x00"}, "text"),
    ({"severity": 4}, "levels"),
    ({"vulnerability": -1}, "levels"),
    ({"location": Point(*OUTSIDE, srid=4326)}, "outside"),
    ({"location": Point(-33.51, -70.79, srid=4326)}, "outside"),
]


@pytest.mark.parametrize(("wrong", "code"), REFUSED)
def test_what_cannot_be_right_is_refused_and_nothing_is_stored(make_issue, wrong, code):
    with pytest.raises(IssueRefused) as refusal:
        make_issue(**wrong)
    assert (refusal.value.code, Issue.objects.count(), HistoryEntry.objects.count()) == (code, 0, 0)


def test_a_closed_category_is_refused(make_issue, pothole):
    Category.objects.update(is_open=False)
    pothole.refresh_from_db()
    with pytest.raises(IssueRefused, match="cerrada"):
        make_issue(category=pothole)


@pytest.mark.parametrize("code", [NORTE, CENTRO, SUR])
def test_the_neighbourhood_comes_from_the_point(make_issue, code):
    issue = make_issue(code)
    assert issue.territory.code == issue.reported_territory.code == code


def test_a_point_on_a_shared_line_belongs_to_the_lowest_code(make_issue):
    assert make_issue(location=Point(-70.78, -33.51, srid=4326)).territory.code == NORTE


def test_references_of_a_year_have_no_gap(make_issue):
    year = timezone.localdate().year
    assert [make_issue().reference for _ in range(3)] == [f"M-{year}-{n:06d}" for n in (1, 2, 3)]


def test_a_refused_problem_uses_up_no_reference(make_issue):
    with pytest.raises(IssueRefused):
        make_issue(location=Point(*OUTSIDE, srid=4326))
    assert make_issue().reference.endswith("-000001")


@pytest.mark.parametrize(
    ("levels", "index"),
    [((2, 2, 3, 2), 220), ((2, 1, 3, 2), 190), ((1, 2, 1, 0), 120), ((1, 2, 1, None), None)],
)
def test_the_index_needs_all_four_levels(make_issue, levels, index):
    names = ("severity", "reach", "duration", "vulnerability")
    assert make_issue(**dict(zip(names, levels, strict=True))).index == index


def test_the_newest_weights_count(make_issue):
    for weights in ((40, 30, 20, 10), (10, 20, 30, 40)):
        names = ("severity", "reach", "duration", "vulnerability")
        IndexWeights.objects.create(reason="acuerdo", **dict(zip(names, weights, strict=True)))
    assert make_issue(severity=3, reach=0, duration=0, vulnerability=0).index == 30


def test_the_first_rule_that_fits_sends_it_to_its_department(make_issue, pothole, parks, streets):
    RoutingRule.objects.create(position=2, category=pothole, department=streets)
    RoutingRule.objects.create(position=1, category=pothole, territory_code=CENTRO, department=parks)
    assert make_issue(NORTE).department == streets
    assert make_issue(CENTRO).department == parks


def test_a_category_that_is_never_public_makes_no_public_problem(make_issue, insecurity):
    Category.objects.filter(pk=insecurity.pk).update(privacy="nunca_publico")
    insecurity.refresh_from_db()
    assert make_issue(category=insecurity).visibility == Visibility.STAFF


def test_a_clock_in_the_future_is_set_back_to_now(make_issue):
    issue = make_issue(reported_at=timezone.now() + dt.timedelta(days=400))
    assert issue.reported_at <= timezone.now()


def test_the_same_client_made_id_twice_is_refused_by_the_database(town, pothole, make_issue):
    new = NewIssue(title="Hoyo", category=pothole, location=Point(*INSIDE[NORTE], srid=4326))
    register(new, actor=None, office="Caminata")
    with pytest.raises(Exception, match="duplicate key"):
        register(new, actor=None, office="Caminata")
