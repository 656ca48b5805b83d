"""`/saltos/`: who was passed over, by what, how many days, with what reason, and who asked."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from handovers.indicators.skips import untouched_now
from handovers.life import answers, progress
from handovers.life.delivery import hand_over, hand_over_urgent
from handovers.models import Handover, HandoverItem
from issues.models import Issue, Visibility
from rankings.asking import WhoAsked
from rankings.models import Override, RankedList
from tests.town import judged

AUDIENCE = WhoAsked("audience", "MU163AW1234567")


def text_of(response):
    return " ".join(response.content.decode().split())


@pytest.fixture
def skipped(validated, publish, cabinet, manager, photo_after):
    """Of a list of two places the second is verified and the first untouched; returns both problems."""
    first, second = validated(3, title="Vereda hundida"), validated(1, title="Luminaria apagada")
    hand_over(publish(first, second), cabinet)
    item = HandoverItem.objects.get(issue=second)
    answers.acknowledge(item, manager)
    answers.accept(item, manager, committed_date=timezone.localdate())
    progress.start(item, manager)
    progress.report_done(item, manager, photos=[photo_after(item)])
    judged(second, is_done=True)
    return first, second


def test_without_lists_the_page_says_so(client, town):
    assert "Todavía no hay una lista publicada." in text_of(client.get("/saltos/"))


def test_who_was_passed_over_stands_with_what_passed_and_the_days(client, skipped):
    response = client.get("/saltos/")
    text = text_of(response)
    assert "En 1 de 1 pares el lugar anterior sigue sin tocar" in text
    (row,) = response.context["rows"]
    assert (row.place.issue, row.by.issue, row.days, row.until) == (*skipped, 0, None)
    assert "sigue esperando" in text
    assert "sin motivo publicado" in text


def test_the_indicators_tell_the_pairs_of_the_newest_lists_from_five_on(client, skipped):
    assert untouched_now() == (1, 1)
    assert "Además, en las listas vigentes" not in text_of(client.get("/indicadores/"))


def test_a_hidden_problem_is_counted_without_its_name(client, skipped):
    Issue.objects.filter(pk=skipped[0].pk).update(visibility=Visibility.HIDDEN, hidden_reason="Nombra")
    text = text_of(client.get("/saltos/"))
    assert "Vereda hundida" not in text
    assert "Problema oculto" in text


def test_the_reason_of_a_move_goes_with_its_hidden_problem(client, skipped, cabinet):
    Override.objects.create(
        issue=skipped[0], to_place=1, reason="Lo pidió Canelo Secreto", author=cabinet, office=cabinet.office,
        asked_by="nobody", used_in=RankedList.objects.get(),
    )  # fmt: skip
    told = text_of(client.get("/saltos/"))
    assert told.count("Lo pidió Canelo Secreto") == 2
    Issue.objects.filter(pk=skipped[0].pk).update(visibility=Visibility.HIDDEN, hidden_reason="Nombra")
    hidden = text_of(client.get("/saltos/"))
    assert "Canelo" not in hidden
    assert "cambio de lugar: oculto" in hidden


def test_department_and_month_narrow_the_page(client, skipped):
    month, code = f"{timezone.localdate():%Y-%m}", skipped[0].department.code
    assert len(client.get(f"/saltos/?direccion={code}&mes={month}").context["rows"]) == 1
    assert client.get("/saltos/?mes=2001-01").context["rows"] == []
    assert client.get("/saltos/?lista=1").context["jumps"].months == [(month, 1)]


def test_a_list_in_its_order_has_no_skips(client, handed):
    handed()
    text = text_of(client.get("/saltos/"))
    assert "En 0 de 0 pares" in text
    assert "Ningún problema fue pasado por alto." in text


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("lista=9", 404),
        ("lista=99999999999", 400),
        ("lista=uno", 400),
        ("lista=%00", 400),
        ("direccion=no-hay", 400),
        ("direccion=%00", 400),
        ("mes=2026-13", 400),
        ("mes=noviembre", 400),
        ("mes=2026-11%0a", 400),
    ],
)
def test_what_cannot_be_read_gets_a_4xx(client, handed, query, status):
    handed()
    assert client.get(f"/saltos/?{query}").status_code == status


def test_urgent_sendings_are_counted_by_year_and_by_who_asked(client, make_issue, cabinet):
    hand_over_urgent(make_issue(1, severity=3), cabinet)
    hand_over_urgent(make_issue(1, severity=3), cabinet, asked=AUDIENCE)
    response = client.get("/saltos/")
    (year,) = response.context["years"]
    assert (year.year, year.moves, year.urgent) == (timezone.localdate().year, [0, 0, 0, 0], [1, 0, 0, 1])
    assert "pedido en la audiencia MU163AW1234567 de la Ley del Lobby" in text_of(response)


@pytest.mark.parametrize(
    ("asked_by", "asker"), [("", ""), ("person", "Juan"), ("audience", ""), ("nobody", "Juan")]
)
def test_the_database_refuses_an_urgent_sending_that_does_not_say_who_asked(make_issue, asked_by, asker):
    department = make_issue(1).department
    with pytest.raises(IntegrityError, match="urgent_says_who_asked"), transaction.atomic():
        Handover.objects.create(
            number=1, department=department, handed_at=timezone.now(), asked_by=asked_by, asker=asker
        )


def test_who_asked_for_an_urgent_sending_stays(make_issue, cabinet):
    sent = hand_over_urgent(make_issue(1, severity=3), cabinet, asked=AUDIENCE)
    with pytest.raises(IntegrityError), transaction.atomic():
        Handover.objects.filter(pk=sent.pk).update(asked_by="nobody", asker="")


def test_a_page_of_many_skips_takes_as_many_queries_as_one_of_few(
    client, skipped, django_assert_max_num_queries
):
    with django_assert_max_num_queries(16):
        client.get("/saltos/")
