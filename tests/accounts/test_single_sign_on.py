"""Signing in with the municipality's accounts: a provider in a process of its own, honest and not."""

from __future__ import annotations

import json
import subprocess
import sys
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.models import SocialAccount
from django.conf import settings as project

from accounts.models import Role, User

REFUSED = "No se pudo entrar con la cuenta municipal. Prueba otra vez."
UNKNOWN = "Esa cuenta municipal no tiene entrada en el mapa."


@pytest.fixture(scope="module")
def provider() -> str:
    """The address of a provider."""
    command = [sys.executable, "-m", "tests.accounts.provider"]
    process = subprocess.Popen(command, cwd=project.BASE_DIR, stdout=subprocess.PIPE, text=True)
    yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
    process.terminate()
    process.wait()


@pytest.fixture
def offered(settings, provider) -> str:
    app = {
        "provider_id": "municipal",
        "name": "Municipalidad",
        "client_id": "mapa",
        "secret": "x",
        "settings": {"server_url": provider, "fetch_userinfo": False, "oauth_pkce_enabled": True},
    }
    ours = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": ours | {"APPS": [app]}}
    requests.get(f"{provider}/next", timeout=5)
    return provider


def leave_for(client, address: str = "/entrar/con/municipal/") -> str:
    """Press the button; returns where the provider sends the browser back to."""
    there = client.post(address)["Location"]
    return requests.get(there, allow_redirects=False, timeout=5).headers["Location"]


def come_back(client, location: str):
    where = urlsplit(location)
    return client.get(where.path, parse_qs(where.query), follow=True)


def sign_in(client):
    return come_back(client, leave_for(client))


def is_in(client) -> bool:
    return client.get("/inicio/")["Location"] == "/gestion/"


def test_it_is_not_offered_where_it_is_not_set_up(client, db):
    assert "Usar la cuenta de" not in client.get("/entrar/").content.decode()
    assert client.post("/entrar/con/municipal/").status_code == 404


def test_who_is_known_here_enters_with_the_own_role(client, offered, manager):
    assert "Usar la cuenta de Municipalidad" in client.get("/entrar/").content.decode()
    sign_in(client)
    assert is_in(client)
    manager.refresh_from_db()
    assert (manager.role, manager.is_superuser, manager.is_staff) == (Role.MANAGER, False, False)


def test_the_second_time_the_other_side_s_number_counts_and_not_the_address(client, offered, manager):
    sign_in(client)
    client.post("/salir/")
    User.objects.filter(pk=manager.pk).update(email="otra@example.cl")
    sign_in(client)
    assert is_in(client)


@pytest.mark.parametrize(
    "fault",
    ["audience", "issuer", "expired", "no nonce", "unsigned", "stolen name", "no key name", "no token"],
)
def test_a_token_that_is_wrong_opens_nothing(client, offered, manager, fault):
    if fault == "stolen name":
        requests.get(f"{offered}/rotate", timeout=5)
    requests.get(f"{offered}/next", {"fault": fault}, timeout=5)
    assert REFUSED in sign_in(client).content.decode()
    assert not is_in(client)


def test_a_replayed_nonce_opens_nothing(client, offered, manager):
    sign_in(client)
    client.post("/salir/")
    requests.get(f"{offered}/next", {"fault": "nonce"}, timeout=5)
    assert REFUSED in sign_in(client).content.decode()
    assert not is_in(client)


def test_a_key_that_was_rotated_away_signs_nothing_any_more_and_the_new_one_does(client, offered, manager):
    requests.get(f"{offered}/rotate", timeout=5)
    requests.get(f"{offered}/next", {"fault": "rotated"}, timeout=5)
    assert REFUSED in sign_in(client).content.decode()
    sign_in(client)
    assert is_in(client)


def test_the_answer_to_one_browser_signs_in_no_other(client, offered, manager):
    location = leave_for(client)
    stranger = type(client)()
    come_back(stranger, location)
    assert not is_in(stranger)


def test_an_answer_counts_once(client, offered, manager):
    location = leave_for(client)
    come_back(client, location)
    client.post("/salir/")
    come_back(client, location)
    assert not is_in(client)


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "nadie@example.cl"},
        {"email_verified": False},
        {"email_verified": "true"},
        {"email": None},
        {"email": ["direccion@example.cl"]},
    ],
)
def test_nobody_becomes_known_by_a_token(client, offered, manager, claims):
    requests.get(f"{offered}/next", {"claims": json.dumps(claims)}, timeout=5)
    assert UNKNOWN in sign_in(client).content.decode()
    assert (User.objects.count(), SocialAccount.objects.count()) == (1, 0)


def test_an_address_of_two_accounts_is_nobody_s(client, offered, manager, cabinet):
    User.objects.filter(pk=cabinet.pk).update(email="Direccion@example.cl")
    assert UNKNOWN in sign_in(client).content.decode()


@pytest.mark.parametrize("was_known", [True, False])
def test_disabled_here_is_out_here(client, offered, manager, was_known):
    if was_known:
        sign_in(client)
        client.post("/salir/")
    User.objects.filter(pk=manager.pk).update(is_active=False)
    sign_in(client)
    assert client.get("/inicio/")["Location"].startswith("/entrar/")


def test_the_second_step_stays(client, offered, manager):
    TOTP.activate(manager, generate_totp_secret())
    answer = sign_in(client)
    assert answer.request["PATH_INFO"] == "/entrar/codigo/"
    assert not is_in(client)


def test_nobody_ties_another_account_to_the_own(client, offered, manager, cabinet):
    client.force_login(cabinet)
    come_back(client, leave_for(client, "/entrar/con/municipal/?process=connect"))
    assert SocialAccount.objects.count() == 0


def test_a_provider_that_is_away_leaves_the_other_ways_in(client, offered, settings, manager):
    (app,) = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
    location = leave_for(client)
    app["settings"]["server_url"] = "http://127.0.0.1:9"
    assert REFUSED in come_back(client, location).content.decode()
    client.post("/entrar/", {"login": "direccion", "password": "clave-de-prueba"})
    assert is_in(client)
