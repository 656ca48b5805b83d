"""Levels are said by one and confirmed by another; confirmed ones change only by both again, in public."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import Role
from issues.life.levels import confirm_levels, set_levels, to_confirm
from issues.life.registration import IssueRefused
from issues.models import Issue, LevelsProposal

SAID = {"severity": 2, "reach": 1, "duration": 3, "vulnerability": 2}
SHOWN = (2, 1, 3, 2)
HIGHER = {**SAID, "reach": 3}
WHY = "lo vimos en la caminata"


@pytest.fixture
def second(django_user_model):
    """A facilitator of another neighbourhood."""
    return django_user_model.objects.create_user("segunda", role=Role.FACILITATOR, territory_codes=[3])


@pytest.fixture
def said(make_issue, facilitator) -> Issue:
    issue = make_issue()
    return set_levels(issue, SAID, actor=facilitator, office=facilitator.office, evidence=WHY)


@pytest.fixture
def confirmed(said, second) -> Issue:
    return confirm_levels(said, SHOWN, actor=second, office=second.office)


def test_what_one_said_counts_for_nothing_confirmed_until_another_confirms_it(said, second):
    assert (said.index, said.confirmed_index) == (190, None)
    confirmed = confirm_levels(said, SHOWN, actor=second, office=second.office)
    assert (confirmed.index, confirmed.confirmed_index) == (190, 190)
    line = confirmed.history.last()
    assert "63,3 (gravedad 2, alcance 1, tiempo 3, vulnerabilidad 2)" in line.public_text
    assert WHY in line.public_text


def test_who_said_them_does_not_confirm_them(said, facilitator):
    with pytest.raises(IssueRefused, match="otra persona"):
        confirm_levels(said, SHOWN, actor=facilitator, office="x")


@pytest.mark.parametrize("who", ["manager", "cabinet", "administrator"])
def test_others_confirm_nothing(said, request, who):
    with pytest.raises(PermissionDenied):
        confirm_levels(said, SHOWN, actor=request.getfixturevalue(who), office="x")


def test_what_changed_meanwhile_is_not_confirmed_unseen(said, facilitator, second):
    set_levels(said, HIGHER, actor=facilitator, office="x", evidence=WHY)
    with pytest.raises(IssueRefused, match="Otra persona cambió"):
        confirm_levels(said, SHOWN, actor=second, office="x")


def test_levels_without_anything_they_rest_on_are_not_confirmed(make_issue, facilitator, second):
    issue = set_levels(make_issue(), SAID, actor=facilitator, office="x")
    with pytest.raises(IssueRefused, match="en qué se basa"):
        confirm_levels(issue, SHOWN, actor=second, office="x")
    assert confirm_levels(issue, SHOWN, actor=second, office="x", evidence=WHY).confirmed_index == 190


def test_incomplete_levels_are_not_confirmed(make_issue, facilitator, second):
    issue = make_issue()
    Issue.objects.filter(pk=issue.pk).update(severity=None, index=None)
    with pytest.raises(IssueRefused, match="Faltan niveles"):
        confirm_levels(issue, (None, *issue.levels[1:]), actor=second, office="x", evidence=WHY)


def test_confirmed_levels_change_only_by_both_again_with_before_and_after(confirmed, facilitator, second):
    changed = set_levels(confirmed, HIGHER, actor=facilitator, office="x", evidence="ahora corta la avenida")
    assert (changed.index, changed.confirmed_index) == (190, 190)
    told = changed.history.last().public_text
    assert "Ahora: 63,3" in told
    assert "Propuesto: 83,3" in told
    with pytest.raises(IssueRefused, match="otra persona"):
        confirm_levels(changed, (2, 3, 3, 2), actor=facilitator, office="x")
    agreed = confirm_levels(changed, (2, 3, 3, 2), actor=second, office="x")
    assert agreed.confirmed_index == 250
    told = agreed.history.last().public_text
    assert "Antes: 63,3" in told
    assert "Ahora: 83,3" in told
    assert "ahora corta la avenida" in told
    assert not LevelsProposal.objects.exists()


def test_who_confirmed_may_propose_and_who_said_may_agree(confirmed, facilitator, second):
    set_levels(confirmed, HIGHER, actor=second, office="x", evidence="otro motivo")
    assert confirm_levels(confirmed, (2, 3, 3, 2), actor=facilitator, office="x").confirmed_index == 250


def test_a_change_of_confirmed_levels_says_why(confirmed, facilitator):
    with pytest.raises(IssueRefused, match="en qué se basa el cambio"):
        set_levels(confirmed, HIGHER, actor=facilitator, office="x")


def test_the_same_levels_again_withdraw_what_was_proposed(confirmed, facilitator):
    set_levels(confirmed, HIGHER, actor=facilitator, office="x", evidence="otro motivo")
    set_levels(confirmed, SAID, actor=facilitator, office="x")
    assert not LevelsProposal.objects.exists()


def test_confirmed_twice_is_told(confirmed, second):
    with pytest.raises(IssueRefused, match="ya está confirmado"):
        confirm_levels(confirmed, SHOWN, actor=second, office="x")


@pytest.mark.parametrize("change", ["same account", "nobody said it", "no evidence"])
def test_the_database_refuses_one_account_alone(said, facilitator, second, change):
    values = {
        "same account": {"levels_confirmed_by": facilitator},
        "nobody said it": {"levels_by": None, "levels_confirmed_by": second},
        "no evidence": {"levels_evidence": "", "levels_confirmed_by": second},
    }
    with pytest.raises(IntegrityError, match="confirmed_by_another"), transaction.atomic():
        Issue.objects.filter(pk=said.pk).update(**values[change])


def test_the_page_shows_what_others_said_and_confirms_it(client, said, facilitator, second):
    client.force_login(facilitator)
    assert said.reference not in client.get(reverse("levels-confirm")).content.decode()
    client.force_login(second)
    page = client.get(reverse("levels-confirm")).content.decode()
    assert said.reference in page
    assert 'value="2,1,3,2"' in page
    sent = {"reference": said.reference, "shown": "2,1,3,2"}
    assert client.post(reverse("levels-confirm"), sent).status_code == 302
    assert not to_confirm(second).exists()
    refused = client.post(reverse("levels-confirm"), sent)
    assert (refused.status_code, "ya está confirmado" in refused.content.decode()) == (400, True)


def test_the_page_shows_a_change_with_before_and_after(client, confirmed, facilitator, second):
    set_levels(confirmed, HIGHER, actor=facilitator, office="x", evidence="ahora corta la avenida")
    client.force_login(second)
    page = client.get(reverse("levels-confirm")).content.decode()
    assert "Ahora: 63,3" in page
    assert "83,3 (gravedad 2, alcance 3" in page
    public = client.get(f"/problemas/{confirmed.reference}/").content.decode()
    assert "Nada cambia hasta que otra persona" in public


@pytest.mark.parametrize("sent", [{}, {"reference": "M-1999-000001"}, {"reference": "x\x00"}])
def test_a_problem_that_is_not_there_is_not_found(client, second, town, sent):
    client.force_login(second)
    assert client.post(reverse("levels-confirm"), sent).status_code in (400, 404)


def test_the_public_page_says_when_nobody_has_confirmed(client, said, second):
    address = f"/problemas/{said.reference}/"
    assert "Sin puntaje confirmado" in client.get(address).content.decode()
    confirm_levels(said, SHOWN, actor=second, office="x")
    assert "Sin puntaje confirmado" not in client.get(address).content.decode()
