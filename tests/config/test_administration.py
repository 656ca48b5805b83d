"""Whatever the administration changes is a line of the sealed history."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from accounts.models import Department
from issues.models import HistoryEntry


@pytest.fixture
def admin_client(client, administrator):
    client.force_login(administrator)
    return client


def test_adding_changing_and_deleting_are_recorded(admin_client):
    data = {"code": "dom", "name": "DOM", "is_open": "on"}
    admin_client.post("/admin/accounts/department/add/", data)
    department = Department.objects.get()
    admin_client.post(f"/admin/accounts/department/{department.pk}/change/", data | {"name": "Obras"})
    admin_client.post(f"/admin/accounts/department/{department.pk}/delete/", {"post": "yes"})
    lines = HistoryEntry.objects.filter(kind="config").values_list("from_value", flat=True)
    assert list(lines) == ["added", "changed", "deleted"]


@pytest.mark.parametrize("who", ["facilitator", "manager", "cabinet"])
def test_other_roles_do_not_enter(client, request, who):
    client.force_login(request.getfixturevalue(who))
    assert client.get("/admin/").status_code == 302


@pytest.mark.parametrize("model", ["issue", "historyentry", "dailyhead"])
def test_records_are_read_only(admin_client, issue, model):
    assert admin_client.get(f"/admin/issues/{model}/").status_code == 200
    assert admin_client.get(f"/admin/issues/{model}/add/").status_code == 403


def test_every_page_of_the_administration_opens(admin_client, issue):
    page = admin_client.get("/admin/").content.decode()
    links = {part.split('"')[0] for part in page.split('href="')[1:] if part.startswith("/admin/")}
    lists = [link for link in links if link.count("/") == 4]
    assert len(lists) > 10
    assert {link: admin_client.get(link).status_code for link in lists} == dict.fromkeys(lists, 200)


def test_a_lost_telephone_does_not_lock_a_person_out(admin_client, manager):
    TOTP.activate(manager, generate_totp_secret())
    chosen = {"action": "remove_second_factor", "_selected_action": [manager.pk]}
    admin_client.post("/admin/accounts/user/", chosen)
    assert not Authenticator.objects.filter(user=manager).exists()
    assert HistoryEntry.objects.filter(kind="config", to_value=f"accounts.User {manager.pk}").exists()


def test_the_administration_speaks_spanish_only(admin_client):
    page = admin_client.get("/admin/").content.decode()
    assert not [word for word in ("Authenticators", "Groups", "Email addresses", "MFA") if word in page]


@pytest.mark.parametrize("address", ["/admin/issues/issue/?status=%00", "/admin/accounts/user/?role=a%00b"])
def test_a_nul_in_the_address_is_a_bad_request(admin_client, address):
    assert admin_client.get(address).status_code == 400
