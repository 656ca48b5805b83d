"""The mayor's page: every number leads to what it counts, one page stays one page."""

from __future__ import annotations

import datetime as dt
import html
import re

import pytest
from django.utils import timezone

from accounts.models import Department
from handovers.cabinet import overview
from handovers.cabinet.views import report_document
from handovers.life import answers
from handovers.life.delivery import hand_over
from handovers.models import HandoverItem
from issues.models import Issue
from tests.town import _territory as add_territory
from tests.town import square

TOMORROW = dt.timedelta(days=1)


@pytest.fixture
def promises(validated, publish, cabinet, manager):
    """Five handed over: one late without receipt, one received, one promised, two fresh."""
    made = [validated(n) for n in (1, 1, 2, 2, 3)]
    hand_over(publish(*made), cabinet)
    late, received, promised, *_rest = (issue.handover_items.get() for issue in made)
    Issue.objects.filter(pk=late.issue_id).update(due_date=timezone.localdate() - TOMORROW)
    answers.acknowledge(received, manager)
    answers.acknowledge(promised, manager)
    answers.accept(
        promised, manager, committed_date=timezone.localdate() + 30 * TOMORROW, public_text="Lo haremos."
    )
    return made


def links_of(page: str, caption: str) -> list[tuple[str, int]]:
    """(address, number) of every number with a link in the table of a caption."""
    table = re.search(rf"<caption>{re.escape(caption)}.*?</table>", page, re.S).group()
    found = re.findall(r'<td class="number"><a(?: class="late")? href="([^"]+)">([\d.]+)</a>', table)
    return [(html.unescape(address), int(number.replace(".", ""))) for address, number in found]


@pytest.mark.parametrize("caption", ["Por dirección", "Por barrio"])
def test_each_number_leads_to_as_many_problems(promises, client, cabinet, caption):
    client.force_login(cabinet)
    links = links_of(client.get("/alcaldia/").content.decode(), caption)
    assert sum(number for _address, number in links) > 5
    for address, number in links:
        page = client.get(address)
        shown = page.context["total"] if "total" in page.context else page.context["listing"].count
        assert shown == number, address


def test_a_neighbourhood_leads_to_its_map(promises, client, cabinet):
    client.force_login(cabinet)
    page = client.get("/alcaldia/").content.decode()
    assert 'href="/?territory=norte&amp;status=handed_over,acknowledged' in page
    assert client.get("/?territory=norte&status=handed_over,acknowledged").status_code == 200


def test_the_tallies_add_up(promises):
    tallies = overview.tallies()
    for name in (*overview.COUNTS, "late"):
        for rows in (tallies.by_department, tallies.by_territory):
            assert sum(row[name] for row in rows) == tallies.totals[name]
    assert tallies.totals | {"handed": 5, "late": 1, "no_answer": 1, "promised": 1} == tallies.totals


def test_without_any_handover_everything_is_nought(db):
    assert set(overview.tallies().totals.values()) == {0}


def test_only_the_department_that_went_on_has_jumped_over(validated, publish, cabinet, manager, parks):
    first, second, third = validated(1), validated(1), validated(2)
    hand_over(publish(first, second, third), cabinet)
    later = third.handover_items.get()
    answers.acknowledge(later, manager)
    answers.accept(later, manager, committed_date=timezone.localdate() + TOMORROW, public_text="Vamos.")
    HandoverItem.objects.filter(issue=second).update(department=parks)
    assert [item.issue_id for item in overview.jumped_over()] == [first.pk]


def test_the_report_of_a_full_town_is_one_page(handed, cabinet, town):
    long = "Un nombre muy largo de dirección municipal con apellido"
    for code in range(4, 22):
        add_territory(town, code, f"Barrio de nombre largo {code}", square(code))
    for n in range(14):
        department = Department.objects.create(code=f"d{n}", name=f"{long} {n}")
        item = handed(1 + n % 3, title="Un problema con un título bien largo que cuenta de todo un poco")
        HandoverItem.objects.filter(pk=item.pk).update(department=department)
        Issue.objects.filter(pk=item.issue_id).update(due_date=timezone.localdate() - n * TOMORROW)
    assert len(report_document().pages) == 1


def test_the_report_of_an_empty_town_is_one_page(db):
    assert len(report_document().pages) == 1
