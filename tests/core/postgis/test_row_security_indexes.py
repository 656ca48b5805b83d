"""What guards the rows costs no index: asked of a big town as pages are served, whoever asks."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection

from core.postgis import identity
from issues.models import Issue
from territories.geo import BBox
from tests.roles import owner

MANY = 30_000
# As pages ask; the table's own triggers are not what is looked at.
FILLED = """
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE issues_issue DISABLE TRIGGER USER;
INSERT INTO issues_issue ({columns}) SELECT {values}
    FROM issues_issue i, generate_series(1, {many}) n WHERE i.id = %s;
ALTER TABLE issues_issue ENABLE TRIGGER USER;
ANALYZE issues_issue;
"""
OWN = {
    "id": "gen_random_uuid()",
    "reference": "'X' || n",
    "title": "'Bache ' || md5(n::text)",
    "location": "ST_SetSRID(ST_MakePoint(-70.80 + (n %% 173) * 0.0003, -33.52 + (n / 173) * 0.0001), 4326)",
    "visibility": "CASE n %% 10 WHEN 0 THEN 'staff' WHEN 1 THEN 'hidden' ELSE 'public' END",
    "hidden_reason": "CASE n %% 10 WHEN 1 THEN 'x' ELSE '' END",
}


@pytest.fixture
def big_town(issue):
    """So many problems, one in five of them not public."""
    names = [field.column for field in Issue._meta.concrete_fields if field.column != "search_text"]
    values = ", ".join(OWN.get(name, f'i."{name}"') for name in names)
    columns = ", ".join(f'"{name}"' for name in names)
    with owner(), connection.cursor() as cursor:
        for statement in FILLED.format(columns=columns, values=values, many=MANY).split(";\n"):
            if statement.strip():
                cursor.execute(statement, [issue.pk] if "generate_series" in statement else None)
    return issue


QUESTIONS = {
    "in a rectangle": (
        lambda rows: rows.in_bbox(BBox(-70.79, -33.515, -70.789, -33.514)),
        "issues_issue_location",
    ),
    "near a point": (lambda rows: rows.within_metres(Issue.objects.all()[0].location, 30), "issue_geography"),
    "by words": (lambda rows: rows.matching("9c4e1f"), "issue_search_trigram"),
    "one by number": (lambda rows: rows.filter(reference="X77"), "reference"),
}


@pytest.mark.parametrize("who", [None, "facilitator", "manager", "cabinet"])
def test_every_index_serves_whoever_asks(request, big_town, who):
    person = request.getfixturevalue(who) if who else AnonymousUser()
    with identity.request():
        if who:
            identity.introduce(person.pk)
        for name, (ask, index) in QUESTIONS.items():
            plan = ask(Issue.objects.visible_to(person)).explain()
            assert "Index" in plan and "Seq Scan on issues_issue" not in plan, f"{name}: {plan}"
            assert index in plan, f"{name}: {plan}"


def test_what_is_not_public_is_not_there(big_town):
    with identity.request():
        assert Issue.objects.count() == Issue.objects.public().count() == MANY - 2 * (MANY // 10) + 1
        assert not Issue.objects.exclude(visibility="public").exists()
