"""One door for the staff, with a second factor where it is required; each role lands at its work."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

PASSWORD = "clave-de-prueba"


@pytest.mark.parametrize(
    ("who", "page"),
    [
        ("facilitator", "/caminata/"),
        ("manager", "/gestion/"),
        ("cabinet", "/alcaldia/"),
        ("administrator", "/admin/"),
    ],
)
def test_each_role_lands_at_its_work(client, request, who, page):
    user = request.getfixturevalue(who)
    client.post("/entrar/", {"login": user.username, "password": PASSWORD})
    assert client.get("/inicio/")["Location"] == page


@pytest.mark.parametrize(
    "entry", [{"login": "facilitadora", "password": "mala"}, {"login": "nadie", "password": PASSWORD}, {}]
)
def test_a_wrong_entry_is_refused_without_saying_which_half_was_wrong(client, facilitator, entry):
    answer = client.post("/entrar/", entry)
    assert answer.status_code == 200
    assert not answer.wsgi_request.user.is_authenticated


@pytest.mark.parametrize(
    "target", ["//evil.example", "/\\evil.example", "https://evil.example", "%2f%2fevil.example"]
)
def test_nobody_is_sent_to_another_site(client, facilitator, target):
    entry = {"login": "facilitadora", "password": PASSWORD, "next": target}
    location = client.post(f"/entrar/?next={target}", entry)["Location"]
    assert not location.startswith("/\\")
    assert urlsplit(urljoin("http://testserver/entrar/", location)).netloc == "testserver"


def test_nobody_signs_up(client, db):
    assert client.get("/cuenta/registro/").status_code == 404


def test_without_a_second_factor_staff_reach_only_the_page_where_they_choose_one(client, settings, manager):
    settings.REQUIRE_SECOND_FACTOR = True
    client.force_login(manager)
    for path in ("/inicio/", "/admin/", "/"):
        assert client.get(path)["Location"] == "/cuenta/dos-pasos/"


def test_residents_need_no_account(client, settings, town):
    settings.REQUIRE_SECOND_FACTOR = True
    assert client.get("/").status_code == 200


def test_with_a_second_factor_the_password_alone_does_not_open_the_door(client, settings, manager):
    settings.REQUIRE_SECOND_FACTOR = True
    TOTP.activate(manager, generate_totp_secret())
    answer = client.post("/entrar/", {"login": manager.username, "password": PASSWORD})
    assert answer["Location"].startswith("/entrar/codigo/")
    assert client.get("/inicio/")["Location"].startswith("/entrar/")


def test_the_administration_has_no_door_of_its_own(client, administrator):
    answer = client.post("/admin/login/", {"username": "admin", "password": PASSWORD})
    assert answer["Location"].startswith("/entrar/")
