"""Posts in daily life: who heads, who controls, and that nobody lifts oneself."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import Role, User
from gatherings.models import Gathering
from handovers.models import HandoverItem
from issues.life.hiding import decide, hide
from issues.life.levels import confirm_levels, set_levels, to_confirm
from issues.models import Hiding, Issue
from tests.conftest import SUR


def own_page(person: User) -> str:
    return reverse("admin:accounts_user_change", args=[person.pk])


@pytest.mark.parametrize("field", ["role", "is_head", "department", "territory_codes", "is_active"])
def test_nobody_is_offered_to_change_the_own_post(client, administrator, manager, field):
    client.force_login(administrator)
    assert f'name="{field}"' not in client.get(own_page(administrator)).content.decode()
    assert f'name="{field}"' in client.get(own_page(manager)).content.decode()


def test_a_forged_form_does_not_change_it_either(client, administrator):
    client.force_login(administrator)
    facts = {"username": "admin", "email": "admin@example.cl", "role": "cabinet", "is_head": "on"}
    client.post(own_page(administrator), facts)
    administrator.refresh_from_db()
    assert (administrator.role, administrator.is_head) == (Role.ADMINISTRATOR, False)


@pytest.mark.parametrize("role", [Role.CABINET, Role.CONTROL, Role.ADMINISTRATOR])
@pytest.mark.django_db
def test_there_is_no_head_of_other_offices(role):
    with pytest.raises(IntegrityError, match="head_of_something"), transaction.atomic():
        User.objects.create_user("nueva", role=role, is_head=True)


def test_the_head_of_the_facilitation_works_in_every_neighbourhood(facilitation_head, make_issue):
    issue = make_issue(SUR)
    assert facilitation_head.works_in(SUR)
    assert issue in Issue.objects.editable_by(facilitation_head)
    assert issue in Issue.objects.visible_to(facilitation_head)
    assert not Gathering.objects.run_by(facilitation_head).exists()
    assert HandoverItem.objects.in_neighbourhoods_of(facilitation_head).count() == 0


def test_the_control_office_reads_every_problem_and_changes_none(control, make_issue):
    issue = make_issue()
    Issue.objects.filter(pk=issue.pk).update(visibility="staff")
    assert issue in Issue.objects.visible_to(control)
    assert not Issue.objects.editable_by(control).exists()


def test_where_there_is_one_facilitator_the_control_office_confirms_levels(facilitator, control, make_issue):
    levels = {"severity": 2, "reach": 1, "duration": 1, "vulnerability": 1}
    issue = set_levels(make_issue(), levels, actor=facilitator, office="Equipo", evidence="Se midió ahí")
    assert issue in to_confirm(control)
    confirm_levels(issue, (2, 1, 1, 1), actor=control, office=control.office)
    issue.refresh_from_db()
    assert issue.levels_confirmed_by == control
    assert issue.history.latest("pk").office == "Dirección de Control"


def test_and_says_the_second_word_on_what_was_hidden_but_hides_nothing(client, facilitator, control, issue):
    hiding = hide(issue, "insult", actor=facilitator)
    client.force_login(control)
    assert issue.reference in client.get(reverse("hidings")).content.decode()
    assert client.get(reverse("hiding", args=[issue.reference])).status_code == 404
    decide(hiding, actor=control, shows_again=True)
    assert Hiding.objects.get().is_shown_again


@pytest.mark.parametrize(
    ("who", "page"), [("control", "/gestion/puntajes/"), ("facilitation_head", "/caminata/")]
)
def test_they_land_at_their_work_and_it_opens(client, request, who, page):
    client.force_login(request.getfixturevalue(who))
    answer = client.get(reverse("start"))
    assert answer["Location"] == page
    assert client.get(page).status_code == 200


def test_what_waits_in_the_inbox_is_the_head_s_work_too(client, facilitation_head):
    client.force_login(facilitation_head)
    assert client.get(reverse("inbox")).status_code == 200
