"""What programs that read the whole site are told."""

from __future__ import annotations

import datetime as dt
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree

import pytest
import time_machine
from django.utils.dateparse import parse_datetime

from issues.models import Issue, Visibility

SPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def locations(client, address: str) -> list[str]:
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/xml")
    return [each.text for each in ElementTree.fromstring(answer.content).iter(f"{SPACE}loc")]


def whole(client) -> list[str]:
    parts = [part.removeprefix("http://testserver") for part in locations(client, "/sitemap.xml")]
    return [where for part in parts for where in locations(client, part)]


def test_every_page_of_the_sitemap_is_there(client, story):
    pages = whole(client)
    assert len(pages) == len(set(pages))
    assert f"http://testserver/problemas/{story.issue.reference}/" in pages
    for page in pages:
        assert client.get(page.removeprefix("http://testserver")).status_code == 200, page


@pytest.mark.parametrize("visibility", [Visibility.HIDDEN, Visibility.STAFF, Visibility.DRAFT])
def test_a_problem_that_is_not_public_is_not_in_it(client, make_issue, visibility):
    issue = make_issue()
    Issue.objects.filter(pk=issue.pk).update(visibility=visibility, hidden_reason="other")
    assert not [page for page in whole(client) if issue.reference in page]


@pytest.mark.parametrize("name", ["problemas-atlantis", "problemas-", "nada", "PAGINAS"])
def test_a_part_that_the_index_does_not_have_is_not_there(client, town, name):
    assert client.get(f"/sitemap-{name}.xml").status_code == 404


def test_the_sitemap_asks_the_same_of_the_database_whatever_there_is(
    client, make_issue, django_assert_max_num_queries
):
    for _n in range(8):
        make_issue()
    with django_assert_max_num_queries(3):
        client.get("/sitemap-problemas-norte.xml")


@pytest.mark.parametrize(
    ("path", "may"),
    [
        ("/", True), ("/problemas/M-2026-000001/", True), ("/listas/1/lista.json", True), ("/datos/", True),
        ("/informar/", True), ("/gestion/", False), ("/admin/", False), ("/votar/AAAA-BBBB/", False),
        ("/alcaldia/informe.pdf", False), ("/quedo-reparado/x/si/", False), ("/externo/x/", False),
    ],
)  # fmt: skip
def test_robots_leave_alone_what_is_not_for_everyone(client, db, path, may):
    rules = RobotFileParser()
    rules.parse(client.get("/robots.txt").content.decode().splitlines())
    assert rules.can_fetch("anything", path) == may
    assert rules.site_maps() == ["http://testserver/sitemap.xml"]


def test_weaknesses_are_reported_to_who_the_municipality_says(client, db, settings):
    assert client.get("/.well-known/security.txt").status_code == 404
    settings.SECURITY_CONTACT = ["mailto:seguridad@example.cl", "https://example.cl/seguridad"]
    told = client.get("/.well-known/security.txt").content.decode().splitlines()
    assert told[:2] == ["Contact: mailto:seguridad@example.cl", "Contact: https://example.cl/seguridad"]


@pytest.mark.parametrize("day", ["2026-12-01T23:30:00-03:00", "2028-02-29T12:00:00Z"])
def test_security_txt_is_never_out_of_date(client, db, settings, day):
    settings.SECURITY_CONTACT = ["mailto:seguridad@example.cl"]
    with time_machine.travel(day, tick=False):
        lines = client.get("/.well-known/security.txt").content.decode().splitlines()
        expires = parse_datetime(next(line for line in lines if line.startswith("Expires"))[9:])
        left = expires - dt.datetime.now(dt.UTC)
    assert dt.timedelta(days=80) < left < dt.timedelta(days=366)
