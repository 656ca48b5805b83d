"""Who is told inside of what, in the transaction of the act, and who reads it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from core.postgis import identity
from handovers import mail
from handovers.acts import forwarding
from handovers.life import answers, inbox, progress
from handovers.life.delivery import hand_over, hand_over_urgent
from handovers.models import Notification
from handovers.models import NotificationKind as Kind
from issues.models import Issue

OUTSIDE = {"body": "Metro", "email": "metro@example.cl", "message": "¿Pueden repararlo?"}


def told(person: User) -> list[str]:
    return list(
        Notification.objects.filter(person=person).order_by("at", "pk").values_list("kind", flat=True)
    )


@pytest.fixture
def mate(manager) -> User:
    """Somebody else of the same office."""
    person = User(
        username="colega", role=manager.role, department=manager.department, email="colega@example.cl"
    )
    person.set_unusable_password()
    person.save()
    return person


@pytest.fixture
def sent(item):
    """What was told before the act in question is forgotten."""
    Notification.objects.all().delete()
    return item


def test_a_delivery_reaches_each_person_of_the_office_once_and_nobody_else(
    validated, publish, cabinet, manager, mate, other_manager
):
    hand_over(publish(validated(), validated()), cabinet)
    assert (told(manager), told(mate)) == ([Kind.DELIVERY], [Kind.DELIVERY])
    assert told(other_manager) == told(cabinet) == []


def test_an_urgent_problem_reaches_the_office_at_once(make_issue, manager):
    hand_over_urgent(make_issue(severity=3), None)
    assert told(manager) == [Kind.URGENT]


def test_who_is_put_in_charge_is_told_and_who_takes_it_is_not(sent, manager, mate):
    progress.assign(sent, manager, person=mate)
    assert (told(mate), told(manager)) == ([Kind.CHARGE], [])
    progress.assign(sent, manager, person=manager)
    assert told(manager) == []


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("Mira esto, @colega.", {"colega"}),
        ("@colega y @alcaldia, ¿lo ven?", {"colega", "alcaldia"}),
        ("escribe a jefa@colega.cl", set()),
        ("@daoga ya lo sabe", set()),
        ("@nadie", set()),
    ],
)
def test_who_is_named_in_an_internal_note_and_may_open_it_is_told(
    sent, manager, mate, cabinet, other_manager, text, who
):
    User.objects.filter(pk=cabinet.pk).update(username="alcaldia")
    User.objects.filter(pk=other_manager.pk).update(username="daoga")
    progress.note(sent, manager, internal_text=text)
    assert set(Notification.objects.values_list("person__username", flat=True)) == who


def test_a_redirected_problem_reaches_the_other_office(sent, manager, other_manager):
    answers.redirect(sent, manager, department=other_manager.department, public_text="Es de ellos.")
    assert (told(other_manager), told(manager)) == ([Kind.REDIRECTED], [])


def test_an_answer_from_outside_reaches_who_is_in_charge(sent, manager, mate):
    progress.assign(sent, manager, person=mate)
    forwarding.answer(forwarding.forward(sent, manager, **OUTSIDE), text="En marzo.")
    assert (told(mate), told(manager)) == ([Kind.CHARGE, Kind.OUTSIDE], [])


def test_without_a_holder_or_with_one_who_left_it_reaches_the_office(sent, manager, mate):
    progress.assign(sent, manager, person=mate)
    User.objects.filter(pk=mate.pk).update(is_active=False)
    forwarding.answer(forwarding.forward(sent, manager, **OUTSIDE), text="En marzo.")
    assert told(manager) == [Kind.OUTSIDE]


def test_an_outside_body_that_is_silent_is_told_once_after_fifteen_days(sent, manager):
    forwarding.forward(sent, manager, **OUTSIDE)
    now = timezone.now()
    early, late = now + forwarding.SILENT_AFTER - dt.timedelta(minutes=1), now + forwarding.SILENT_AFTER
    assert [forwarding.tell_silent(at) for at in (early, late, late)] == [0, 1, 0]
    assert told(manager) == [Kind.SILENT]


def test_a_missed_deadline_is_public_and_told_inside_also_without_an_address(post, sent, manager):
    Issue.objects.update(due_date=timezone.localdate() - dt.timedelta(days=1))
    assert (mail.escalate(), mail.escalate()) == (1, 0)
    assert told(manager) == [Kind.ESCALATED]
    line = sent.issue.history.last().public_text
    assert "se avisó a Operaciones" in line
    assert "jefatura" not in line
    assert post.mails == []


def test_what_was_rolled_back_tells_nobody(sent, manager, mate):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        progress.assign(sent, manager, person=mate)
        raise ZeroDivisionError
    assert told(mate) == []


def test_a_year_later_it_is_forgotten(sent, manager):
    inbox.tell(Kind.DELIVERY, [manager])
    almost = timezone.now() + dt.timedelta(days=inbox.KEEP_DAYS, minutes=-5)
    assert inbox.forget_old(almost) == 0
    assert inbox.forget_old(almost + dt.timedelta(minutes=6)) == 1


def test_the_database_shows_and_marks_only_ones_own_and_removes_none(sent, manager, mate):
    inbox.tell(Kind.DELIVERY, [manager, mate])
    with identity.request(), connection.cursor() as cursor:
        identity.introduce(mate.pk)
        assert [each.person_id for each in Notification.objects.all()] == [mate.pk]
        cursor.execute("UPDATE handovers_notification SET read_at = now()")
        assert cursor.rowcount == 1
        cursor.execute("DELETE FROM handovers_notification")
        assert cursor.rowcount == 0
