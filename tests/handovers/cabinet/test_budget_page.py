"""The cabinet enters what a department may commit; everybody else looks, or does not even that."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from core.postgis import identity
from handovers.models import Budget

ENTRY = {"year": "2027", "track": "gestion", "amount": "120000000"}


@pytest.fixture
def enter(client, streets):
    """Sends the form as somebody; gives the status."""

    def send(person, **more) -> int:
        client.force_login(person)
        return client.post(reverse("budget"), ENTRY | {"department": streets.pk} | more).status_code

    return send


def test_the_cabinet_enters_an_amount_and_corrects_it(enter, cabinet, client):
    assert enter(cabinet) == 302
    assert enter(cabinet, amount="90000000") == 302
    assert Budget.objects.get().amount == 90_000_000
    assert "Operaciones" in client.get(reverse("budget")).content.decode()


def test_the_administration_looks_and_enters_nothing(enter, administrator, client):
    assert enter(administrator) == 403
    page = client.get(reverse("budget")).content.decode()
    assert "Guardar" not in page
    assert not Budget.objects.exists()


@pytest.mark.parametrize("who", ["facilitator", "manager", "department_head", "control"])
def test_nobody_else_reaches_it(who, request, enter, client):
    assert enter(request.getfixturevalue(who)) == 403
    assert client.get(reverse("budget")).status_code == 403


@pytest.mark.parametrize("wrong", [{"amount": "-1"}, {"amount": "1.5"}, {"year": "1999"}, {"track": "x"}])
def test_what_is_no_amount_year_or_track_is_told_and_not_kept(enter, cabinet, wrong):
    assert enter(cabinet, **wrong) == 400
    assert not Budget.objects.exists()


def test_the_administration_s_own_pages_change_no_budget(client, administrator, streets):
    budget = Budget.objects.create(year=2027, department=streets, track="gestion", amount=1)
    client.force_login(administrator)
    assert client.get(reverse("admin:handovers_budget_add")).status_code == 403
    page = reverse("admin:handovers_budget_change", args=[budget.pk])
    assert client.post(page, ENTRY | {"department": streets.pk}).status_code == 403
    assert client.post(reverse("admin:handovers_budget_delete", args=[budget.pk])).status_code == 403
    assert Budget.objects.get().amount == 1


def test_no_program_changes_one_in_the_name_of_another(streets, administrator, cabinet):
    budget = Budget.objects.create(year=2027, department=streets, track="gestion", amount=1)
    with identity.request():
        identity.introduce(administrator.pk)
        with pytest.raises(IntegrityError, match="not the duty"), transaction.atomic():
            Budget.objects.filter(pk=budget.pk).update(amount=2)
    with identity.request():
        identity.introduce(cabinet.pk)
        Budget.objects.filter(pk=budget.pk).update(amount=3)
    assert Budget.objects.get().amount == 3
