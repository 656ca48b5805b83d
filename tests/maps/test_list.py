"""The list next to the map: the address is the filter, pages go by key."""

from __future__ import annotations

import re

import pytest

from issues.models import Issue
from maps.listing import PAGE_SIZE, counted


def titles(client, query: str = "") -> list[str]:
    answer = client.get(f"/{query}")
    assert answer.status_code == 200
    return re.findall(r'issue-item__title" href="[^"]+">([^<]+)<', answer.content.decode())


def test_every_problem_is_on_exactly_one_page(client, make_issue):
    made = {f"Hoyo {number}" for number in range(2 * PAGE_SIZE + 1)}
    for title in made:
        make_issue(title=title)
    seen, query = [], ""
    while True:
        seen += titles(client, query)
        following = re.search(r'rel="next" href="(\?[^"]+)"', client.get(f"/{query}").content.decode())
        if not following:
            break
        query = following[1].replace("&amp;", "&")
    assert sorted(seen) == sorted(made)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?territory=norte", ["Norte"]),
        ("?territory=1,3", ["Norte", "Sur"]),
        ("?q=sur", ["Sur"]),
        ("?status=finished", []),
        ("?category=PAV-01&territory=sur", ["Sur"]),
        ("?group=PAV", ["Norte", "Sur"]),
        ("?bbox=-70.80,-33.52,-70.781,-33.50", ["Norte"]),
        ("?territory=&status=&q=", ["Norte", "Sur"]),
    ],
)
def test_the_address_is_the_filter(client, make_issue, query, expected):
    make_issue(1, title="Norte")
    make_issue(3, title="Sur")
    assert sorted(titles(client, query)) == expected


def test_the_form_shows_what_is_chosen(client, town):
    text = client.get("/?territory=norte&status=open").content.decode()
    assert re.search(r'value="norte"[^>]*selected', text)
    assert re.search(r'value="open"[^>]*selected', text)


def test_ordering_by_score(client, make_issue):
    for level in (1, 3, 2):
        make_issue(title=f"Nivel {level}", severity=level, reach=level, duration=level, vulnerability=level)
    assert titles(client, "?ordering=-index") == ["Nivel 3", "Nivel 2", "Nivel 1"]


def test_nothing_found_says_what_to_do(client, town):
    assert "No hay problemas con estos filtros" in client.get("/?q=zzz").content.decode()


def test_a_filter_that_cannot_be_read_is_a_page_with_one_sentence(client, town):
    answer = client.get("/?territory=atlantis")
    assert answer.status_code == 400
    assert "«atlantis» no existe" in answer.content.decode()


@pytest.mark.parametrize(("up_to", "expected"), [(2, (2, True)), (3, (3, False)), (9, (3, False))])
def test_a_large_number_is_told_as_a_floor(make_issue, up_to, expected):
    for _ in range(3):
        make_issue()
    assert counted(Issue.objects.all(), up_to) == expected


def test_staff_see_what_they_may_work_on_with_its_label(client, issue, facilitator, other_facilitator):
    Issue.objects.update(visibility="staff")
    for user, count in ((facilitator, 1), (other_facilitator, 0)):
        client.force_login(user)
        assert len(titles(client)) == count
