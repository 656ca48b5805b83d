"""`/avisos/` and its choices, and what an installation lacks."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Department, User
from handovers.cabinet import gaps
from handovers.life import inbox
from handovers.models import Budget, Notification, NotificationChoice
from handovers.models import NotificationKind as Kind

CHOSEN = {kind.value: "inside" for kind in Kind} | {"quiet_from": "19:00", "quiet_until": "09:00"}


def test_the_menu_counts_the_unread_and_opening_leads_on(client, item, manager):
    Notification.objects.all().delete()
    inbox.tell(Kind.CHARGE, [manager], item=item)
    client.force_login(manager)
    assert "Avisos (1)" in client.get("/avisos/").content.decode()
    (told,) = Notification.objects.of(manager)
    assert client.post(f"/avisos/{told.pk}/").url == f"/gestion/{item.issue.reference}/"
    assert "Avisos (" not in client.get("/avisos/").content.decode()


def test_nobody_opens_what_another_was_told(client, item, manager, cabinet):
    Notification.objects.all().delete()
    inbox.tell(Kind.CHARGE, [manager], item=item)
    client.force_login(cabinet)
    assert client.post(f"/avisos/{Notification.objects.get().pk}/").status_code == 404
    client.post("/avisos/leidos/")
    assert Notification.objects.unread().count() == 1


def test_all_are_marked_at_once(client, manager):
    for _time in range(3):
        inbox.tell(Kind.ESCALATED, [manager])
    client.force_login(manager)
    client.post("/avisos/leidos/")
    assert not Notification.objects.unread().filter(person=manager).exists()


def test_the_page_asks_as_often_for_many_as_for_one(client, item, manager, django_assert_num_queries):
    client.force_login(manager)
    inbox.tell(Kind.CHARGE, [manager], item=item)
    client.get("/avisos/")
    with CaptureQueriesContext(connection) as few:
        client.get("/avisos/")
    for _time in range(20):
        inbox.tell(Kind.CHARGE, [manager], item=item)
    with django_assert_num_queries(len(few)):
        client.get("/avisos/")


def test_what_was_chosen_is_kept(client, manager):
    client.force_login(manager)
    answer = client.post("/avisos/opciones/", CHOSEN | {"urgent": "at_once", "delivery": "daily"})
    assert answer.status_code == 302
    kept = NotificationChoice.objects.get(person=manager)
    assert (kept.at_once, kept.daily, kept.urgent_any_time) == (["urgent"], ["delivery"], False)
    assert (kept.quiet_from, kept.quiet_until) == (dt.time(19), dt.time(9))


@pytest.mark.parametrize("wrong", [{"urgent": "nunca"}, {"quiet_from": "25:00"}, {"charge": ""}])
def test_a_choice_that_is_none_is_refused_and_changes_nothing(client, manager, wrong):
    client.force_login(manager)
    assert client.post("/avisos/opciones/", CHOSEN | wrong).status_code == 400
    assert not NotificationChoice.objects.exists()


# --- What lacks ----------------------------------------------------------------------------------


def lacking() -> dict[str, list[str]]:
    return {str(gap.what): gap.where for gap in gaps.gaps()}


def test_what_an_office_lacks_is_named_with_its_name(streets, manager, town):
    Department.objects.filter(pk=streets.pk).update(email="")
    found = lacking()
    assert "Operaciones" in found["Direcciones sin correo"]
    assert "Operaciones" in found["Direcciones sin presupuesto para este año"]
    assert "Operaciones" not in found.get("Direcciones sin personas", [])
    Department.objects.filter(pk=streets.pk).update(email="o@example.cl")
    Budget.objects.create(year=timezone.localdate().year, department=streets, track="gestion", amount=1)
    User.objects.filter(pk=manager.pk).update(is_active=False)
    found = lacking()
    assert "Operaciones" not in found.get("Direcciones sin correo", [])
    assert "Operaciones" not in found.get("Direcciones sin presupuesto para este año", [])
    assert "Operaciones" in found["Direcciones sin personas"]


def test_a_neighbourhood_without_a_facilitator_is_named(town, facilitator):
    found = lacking()["Barrios sin quien facilite"]
    assert "Norte" not in found
    assert "Sur" in found


def test_an_office_out_of_function_lacks_nothing(streets):
    Department.objects.filter(pk=streets.pk).update(is_open=False, email="")
    assert "Operaciones" not in lacking().get("Direcciones sin correo", [])


def test_the_administration_is_told_once_a_week_while_something_lacks(streets, administrator):
    now = timezone.now()
    moments = [now, now + dt.timedelta(days=6), now + gaps.AGAIN_AFTER + dt.timedelta(minutes=1)]
    assert [gaps.tell_gaps(each) for each in moments[:2]] == [1, 0]
    assert gaps.tell_gaps(moments[2]) == 1


def test_the_page_names_it_to_cabinet_and_administration(client, streets, administrator):
    Department.objects.filter(pk=streets.pk).update(email="")
    client.force_login(administrator)
    page = client.get("/alcaldia/por-configurar/").content.decode()
    assert "Direcciones sin correo" in page
    assert "Operaciones" in page
