"""Passkeys in Chromium with an authenticator of its own: added, used alone, used as the second step."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.django_db(transaction=True)
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def fingers(page) -> Page:
    """A page whose device has a reader of fingers."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    return page


@pytest.fixture
def keyed(fingers, settings, sign_in, manager) -> Page:
    """The manager, who had to choose a second step, added a passkey and left."""
    settings.REQUIRE_SECOND_FACTOR = True
    sign_in(fingers, manager.username)
    expect(fingers.get_by_role("heading", name="Entrada en dos pasos")).to_be_visible()
    fingers.get_by_role("link", name="Agregar una llave").click()
    if fingers.get_by_label("Contraseña").is_visible():
        fingers.get_by_label("Contraseña").fill("clave-de-prueba")
        fingers.get_by_role("button", name="Confirmar").click()
    fingers.get_by_role("button", name="Agregar").click()
    expect(fingers.get_by_role("heading", name="Códigos de respaldo")).to_be_visible()
    assert Authenticator.objects.filter(user=manager, type="webauthn").count() == 1
    fingers.context.clear_cookies()
    return fingers


def test_a_passkey_alone_opens_the_desk(keyed):
    keyed.goto("/entrar/")
    keyed.get_by_role("button", name="Usar mi llave de acceso").click()
    expect(keyed.get_by_role("heading", name="Escritorio de gestión")).to_be_visible()


def test_after_the_password_a_passkey_is_the_second_step(keyed, manager):
    keyed.goto("/entrar/")
    keyed.get_by_label("Usuario").fill(manager.username)
    keyed.get_by_label("Contraseña").fill("clave-de-prueba")
    keyed.get_by_role("button", name="Entrar").click()
    expect(keyed.get_by_role("heading", name="Segundo paso")).to_be_visible()
    keyed.get_by_role("button", name="Usar mi llave de acceso").click()
    expect(keyed.get_by_role("heading", name="Escritorio de gestión")).to_be_visible()


def test_the_passkey_of_a_closed_account_opens_nothing(keyed, manager):
    manager.is_active = False
    manager.save()
    keyed.goto("/entrar/")
    keyed.get_by_role("button", name="Usar mi llave de acceso").click()
    expect(keyed.get_by_text("no son correctos").or_(keyed.get_by_text("incorrect")).first).to_be_visible()


def test_a_device_without_the_key_is_told_on_the_page(page, db):
    page.goto("/entrar/")
    page.evaluate("() => { navigator.credentials.get = () => Promise.reject(new DOMException('no')); }")
    page.get_by_role("button", name="Usar mi llave de acceso").click()
    expect(page.get_by_text("No se pudo usar la llave de acceso")).to_be_visible()
