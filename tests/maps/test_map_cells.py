"""What the database counts by cells is, after any change, what a plain count of the problems gives."""

from __future__ import annotations

import json
import threading

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.gis.geos import Point
from django.db import connection, transaction
from django.db.models import Count
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from issues.models import Category, Issue
from issues.query.filters import filtered
from maps.cells import clusters_document, question_of
from maps.features import map_document
from maps.models import MapCell
from territories.geo import BBox

TOWN = BBox(-70.80, -33.52, -70.74, -33.50)
WORLD = BBox(-180, -90, 180, 90)
ZOOMS = (0.0, 9.0, 11.5, 12.0, 13.0, 13.5, 14.0)
QUESTIONS = ("", "territory=norte", "status=open", "territory=1,3&status=closed", "status=registered")


def asked(query: str, box: BBox, zoom: float, user: User | None = None) -> tuple[dict, dict]:
    """The answer from the cells and the one from the problems themselves."""
    params, user = QueryDict(query), user or AnonymousUser()
    question = question_of(user, params)
    plain = map_document(filtered(Issue.objects.visible_to(user), params), box, zoom)
    return parsed(clusters_document(question, box, zoom)), parsed(plain)


def parsed(document: str) -> dict:
    read = json.loads(document)
    return read | {"features": sorted(read["features"], key=json.dumps)}


def agree() -> None:
    for query in QUESTIONS:
        for zoom in ZOOMS:
            for box in (TOWN, WORLD):
                counted, plain = asked(query, box, zoom)
                assert counted == plain, (query, zoom, box)


STRAY = """
SELECT * FROM (
  SELECT level, x, y, territory_id, status, sum(count) AS n, sum(sum_x) AS sx, sum(sum_y) AS sy
  FROM maps_mapcell GROUP BY 1, 2, 3, 4, 5 HAVING sum(count) <> 0
) kept FULL JOIN (
  SELECT by AS level, map_cell_x(location) >> by AS x, map_cell_y(location) >> by AS y, territory_id, status,
    count(*) AS n, sum(round(ST_X(location) * 1e6)::bigint) AS sx,
    sum(round(ST_Y(location) * 1e6)::bigint) AS sy
  FROM issues_issue i JOIN issues_category c ON c.id = i.category_id, (VALUES (0), (3)) AS levels (by)
  WHERE i.visibility = 'public' AND c.privacy = 'publico' GROUP BY 1, 2, 3, 4, 5
) counted ON (kept.level, kept.x, kept.y, kept.status, kept.n, kept.sx, kept.sy)
    = (counted.level, counted.x, counted.y, counted.status, counted.n, counted.sx, counted.sy)
  AND coalesce(kept.territory_id, 0) = coalesce(counted.territory_id, 0)
WHERE kept.level IS NULL OR counted.level IS NULL
"""


def by_neighbourhood() -> tuple[dict, dict]:
    """The public problems of each neighbourhood by status: from the cells, and counted one by one."""
    plain = Issue.objects.public().order_by().values_list("territory_id", "status").annotate(Count("pk"))
    from_cells = {row[:2]: row[2] for row in MapCell.objects.by_status() if row[2]}
    return from_cells, {row[:2]: row[2] for row in plain}


def stray() -> list[tuple]:
    """What the cells hold beyond the public problems, or short of them."""
    with connection.cursor() as cursor:
        cursor.execute(STRAY)
        return cursor.fetchall()


place = st.builds(
    lambda x, y: Point(x, y, srid=4326),
    st.sampled_from([-70.7995, -70.7700, -70.7685, -70.7500, -70.7440]) | st.floats(-70.80, -70.74),
    st.sampled_from([-33.5150, -33.5100, -33.50125]) | st.floats(-33.52, -33.50),
)
change = st.one_of(
    st.tuples(st.just("move"), st.integers(0, 7), place),
    st.tuples(st.just("visibility"), st.integers(0, 7), st.sampled_from(["public", "staff", "review"])),
    st.tuples(st.just("category"), st.integers(0, 7), st.sampled_from(["pothole", "insecurity"])),
    st.tuples(st.just("territory"), st.integers(0, 7), st.sampled_from([0, 1, 2])),
    st.tuples(st.just("privacy"), st.integers(0, 7), st.sampled_from(["publico", "reservado"])),
    st.tuples(st.just("all"), st.integers(0, 7), place),
)


@given(changes=st.lists(change, max_size=8))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_after_any_changes_the_cells_say_what_the_problems_say(
    changes, make_issue, pothole, insecurity, norte, centro
):
    categories = {"pothole": pothole, "insecurity": insecurity}
    with transaction.atomic():
        made = [make_issue(1 + n % 3, location=Point(-70.79 + n / 400, -33.51, srid=4326)) for n in range(8)]
        for kind, which, value in changes:
            apply(kind, made[which].pk, value, categories, [None, norte, centro])
        agree()
        from_cells, plain = by_neighbourhood()
        assert from_cells == plain
        assert stray() == []
        transaction.set_rollback(True)


def apply(kind: str, pk: object, value: object, categories: dict, territories: list) -> None:
    one = Issue.objects.filter(pk=pk)
    if kind == "move":
        one.update(location=value)
    elif kind == "visibility":
        one.update(visibility=value)
    elif kind == "category":
        one.update(category=categories[value])
    elif kind == "territory":
        one.update(territory=territories[value])
    elif kind == "all":
        Issue.objects.update(location=value)
    else:
        Category.objects.filter(pk=categories["pothole"].pk).update(privacy=value)


@pytest.mark.parametrize("who", ["cabinet", "manager", "other_manager", "facilitator", "other_facilitator"])
def test_the_team_sees_what_only_it_may_see_in_the_same_cells(
    request, who, make_issue, insecurity, parks, facilitator
):
    """Public and hidden ones alone and together in a cell, hidden ones of the own office, office or walk."""
    spots = [(-70.79, "public"), (-70.79, "staff"), (-70.77, "hidden"), (-70.7501, "review")]
    for lng, visibility in [*spots, (-70.744, "public"), (-70.7999, "staff")]:
        issue = make_issue(location=Point(lng, -33.51, srid=4326), actor=facilitator)
        Issue.objects.filter(pk=issue.pk).update(visibility=visibility, hidden_reason="Nombres")
    make_issue(3, category=insecurity)
    Issue.objects.filter(pk=make_issue(3, category=insecurity).pk).update(department=parks)
    user = request.getfixturevalue(who)
    for query in ("", "territory=norte", "territory=1,3&status=open"):
        for zoom in (9.0, 12.0, 14.0):
            counted, plain = asked(query, TOWN, zoom, user)
            assert counted == plain, (query, zoom)


def test_a_cell_of_one_tells_the_problem_itself(make_issue):
    made = make_issue(1)
    counted, plain = asked("", TOWN, 12.0)
    assert counted == plain
    assert counted["features"][0]["properties"]["reference"] == made.reference


def test_the_address_answers_the_same_from_cells_and_from_problems(client, make_issue, cabinet):
    for n in range(5):
        make_issue(location=Point(-70.79 + n / 5000, -33.51, srid=4326))
    address = "/api/v1/map/?bbox=-70.80,-33.52,-70.74,-33.50&zoom=12"
    from_cells = parsed(client.get(address).content)
    client.force_login(cabinet)
    assert parsed(client.get(address).content) == from_cells
    assert from_cells["total"] == 5


def test_a_change_that_moves_nothing_writes_no_cell(make_issue):
    issue = make_issue(1)
    before = set(MapCell.objects.values_list("pk", flat=True))
    Issue.objects.filter(pk=issue.pk).update(address="Otra esquina")
    assert set(MapCell.objects.values_list("pk", flat=True)) == before


@pytest.mark.django_db(transaction=True)
def test_changes_at_the_same_time_neither_wait_for_each_other_nor_lose_count(make_issue):
    for _ in range(4):
        make_issue(1)
    first, second, *_rest = Issue.objects.order_by("pk").values_list("pk", flat=True)
    inside, done = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            Issue.objects.filter(pk=first).update(visibility="staff")
            inside.set()
            done.wait(20)
        connection.close()

    other = threading.Thread(target=slow)
    other.start()
    assert inside.wait(20)
    Issue.objects.filter(pk=second).update(visibility="staff")
    done.set()
    other.join()
    counted, plain = asked("", TOWN, 12.0)
    assert counted == plain
    assert counted["total"] == 2
    assert stray() == []
