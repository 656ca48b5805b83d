"""Invitations: one use, three days, nothing for closed accounts, nothing used up by opening the link."""

from __future__ import annotations

import datetime as dt
import re
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core import mail
from django.test import Client

from accounts.invitations import InvitationRefused, invite
from accounts.models import User

NEW = "tres gatos miran la lluvia"


@pytest.fixture
def address(manager) -> str:
    """The path of the link in the mail that the manager got."""
    manager.set_unusable_password()
    manager.save()
    invite(manager)
    return urlsplit(re.search(r"http\S+", mail.outbox[-1].body)[0]).path


def choose(address: str, password: str = NEW):
    client = Client()
    page = client.get(address, follow=True)
    if not page.context["validlink"]:
        return page
    return client.post(page.request["PATH_INFO"], {"new_password1": password, "new_password2": password})


def test_the_link_lets_choose_a_password_once(address, manager):
    for _program in range(3):
        Client().get(address, follow=True)
    assert choose(address)["Location"] == "/entrar/"
    manager.refresh_from_db()
    assert manager.check_password(NEW)
    assert "ya no sirve" in choose(address, "cuatro perros duermen al sol").content.decode()
    manager.refresh_from_db()
    assert manager.check_password(NEW)


def test_the_secret_leaves_the_address_at_once_and_no_cache_keeps_the_page(address):
    answer = Client().get(address, follow=True)
    assert answer.request["PATH_INFO"].endswith("/set-password/")
    assert answer["Referrer-Policy"] == "strict-origin"
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("password", ["maipu2026", "direccion2026", "123456789012", ""])
def test_a_guessable_password_is_refused_and_the_link_stays_good(address, manager, password):
    assert choose(address, password).status_code == 200
    assert choose(address)["Location"] == "/entrar/"


def test_choosing_signs_nobody_in(address):
    client = Client()
    page = client.get(address, follow=True)
    client.post(page.request["PATH_INFO"], {"new_password1": NEW, "new_password2": NEW})
    assert "_auth_user_id" not in client.session


def test_a_second_invitation_ends_with_the_first_use(address, manager):
    invite(manager)
    assert choose(address)["Location"] == "/entrar/"
    second = urlsplit(re.search(r"http\S+", mail.outbox[-1].body)[0]).path
    assert "ya no sirve" in choose(second).content.decode()


def test_after_three_days_it_is_over(manager, settings):
    class Earlier(PasswordResetTokenGenerator):
        def _now(self) -> dt.datetime:
            return super()._now() - dt.timedelta(days=3, minutes=1)

    token = Earlier().make_token(manager)
    invite(manager)
    address = urlsplit(re.search(r"http\S+", mail.outbox[-1].body)[0]).path
    assert "ya no sirve" in choose(re.sub(r"[^/]+/$", f"{token}/", address)).content.decode()


@pytest.mark.parametrize(
    "path", ["/invitacion/x/y/", "/invitacion/MQ/set-password/", "/invitacion/AAAA/1-a/"]
)
def test_an_invented_link_says_so(path, db):
    assert "ya no sirve" in Client().get(path).content.decode()


def test_closed_while_the_mail_was_under_way_it_opens_nothing(address, manager):
    User.objects.filter(pk=manager.pk).update(is_active=False)
    assert "ya no sirve" in choose(address).content.decode()


@pytest.mark.parametrize("change", [{"is_active": False}, {"email": ""}])
def test_who_cannot_be_invited_is_named(manager, change):
    User.objects.filter(pk=manager.pk).update(**change)
    manager.refresh_from_db()
    with pytest.raises(InvitationRefused, match="direccion"):
        invite(manager)
    assert mail.outbox == []


def test_the_administration_invites_from_its_list(client, administrator, manager):
    client.force_login(administrator)
    words = {"action": "send_invitations", "_selected_action": [manager.pk]}
    page = client.post("/admin/accounts/user/", words, follow=True).content.decode()
    assert "Invitación enviada a direccion@example.cl" in page
    assert mail.outbox[-1].to == ["direccion@example.cl"]


def test_nobody_else_invites(client, cabinet, manager):
    client.force_login(cabinet)
    client.post("/admin/accounts/user/", {"action": "send_invitations", "_selected_action": [manager.pk]})
    assert mail.outbox == []
