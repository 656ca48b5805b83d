"""Secrets of second steps: encrypted at rest, readable with the keys that count, and only with those."""

from __future__ import annotations

import secrets

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from cryptography.fernet import InvalidToken
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from accounts.second_step import has_second_step
from core.together import sealing

PASSWORD = "clave-de-prueba"
OLD, NEW = secrets.token_hex(32), secrets.token_hex(32)


def code_of(secret: str) -> str:
    return totp.format_hotp_value(totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time())))


@pytest.fixture
def secret(manager, settings) -> str:
    """The manager's second step, made while OLD was the key."""
    settings.SECRET_KEY = OLD
    made = totp.generate_totp_secret()
    totp.TOTP.activate(manager, made)
    RecoveryCodes.activate(manager)
    return made


def sign_in(client, manager, code: str):
    client.post("/entrar/", {"login": manager.username, "password": PASSWORD})
    return client.post("/entrar/codigo/", {"code": code})


@given(st.text())
def test_what_is_sealed_comes_back(text):
    assert sealing.unseal(sealing.seal(text)) == text


def test_the_database_holds_no_secret(secret):
    kept = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in kept
    assert RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).get_unused_codes()[0] not in kept


def test_codes_open_the_door(client, secret, manager):
    assert sign_in(client, manager, code_of(secret))["Location"] == "/inicio/"


def test_a_code_opens_it_once_for_all_processes(client, secret, manager):
    code = code_of(secret)
    sign_in(client, manager, code)
    client.post("/salir/")
    assert "/inicio/" not in sign_in(client, manager, code).headers.get("Location", "")


def test_after_a_new_key_the_one_of_before_still_counts(client, secret, manager, settings):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [OLD]
    assert sign_in(client, manager, code_of(secret))["Location"] == "/inicio/"


def test_after_sealing_all_anew_it_can_be_taken_away(client, secret, manager, settings):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [OLD]
    call_command("encrypt_second_steps", verbosity=0)
    settings.SECRET_KEY_FALLBACKS = []
    assert sign_in(client, manager, code_of(secret))["Location"] == "/inicio/"


def test_without_the_key_nothing_opens_and_the_person_is_told(client, secret, manager, settings):
    settings.SECRET_KEY = NEW
    answer = sign_in(client, manager, code_of(secret))
    assert answer.status_code == 200
    assert "Pide a la administración que lo quite" in answer.content.decode()


def test_sealing_anew_without_the_key_changes_nothing(secret, settings):
    before = list(Authenticator.objects.order_by("pk").values_list("data", flat=True))
    settings.SECRET_KEY = NEW
    with pytest.raises(CommandError, match="SECRET_KEY_FALLBACKS"):
        call_command("encrypt_second_steps")
    assert list(Authenticator.objects.order_by("pk").values_list("data", flat=True)) == before


@pytest.mark.parametrize("kept", ["", "JBSWY3DPEHPK3PXP", "gAAAAA"])
def test_what_was_never_sealed_is_no_secret(kept):
    with pytest.raises(InvalidToken):
        sealing.unseal(kept)


@pytest.mark.parametrize(
    ("kinds", "has"),
    [
        ([], False),
        (["recovery_codes"], False),
        (["totp"], True),
        (["webauthn"], True),
        (["totp", "webauthn"], True),
    ],
)
def test_codes_on_paper_alone_are_no_second_step(manager, kinds, has):
    for kind in kinds:
        Authenticator.objects.create(user=manager, type=kind, data={})
    assert has_second_step(manager) == has


def test_who_sees_a_strange_session_ends_it_and_keeps_the_own(client, manager):
    other = type(client)()
    for each in (other, client):
        each.post("/entrar/", {"login": manager.username, "password": PASSWORD})
    assert client.get("/cuenta/sesiones/").content.decode().count("127.0.0.1") == 2
    client.post("/cuenta/sesiones/")
    assert other.get("/inicio/")["Location"].startswith("/entrar/")
    assert client.get("/inicio/")["Location"] == "/gestion/"


def test_the_administration_ends_the_sessions_of_who_lost_a_computer(client, manager, administrator):
    lost = type(client)()
    lost.post("/entrar/", {"login": manager.username, "password": PASSWORD})
    client.force_login(administrator)
    client.post("/admin/accounts/user/", {"action": "end_sessions", "_selected_action": [manager.pk]})
    assert lost.get("/inicio/")["Location"].startswith("/entrar/")


def test_a_stranger_has_no_sessions_to_look_at(client, db):
    assert client.get("/cuenta/sesiones/")["Location"].startswith("/entrar/")
