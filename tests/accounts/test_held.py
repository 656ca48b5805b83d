"""A session ends while somebody writes: what was typed waits for that person, and for nobody else."""

from __future__ import annotations

import re
from html import unescape

import pytest
import time_machine
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts.held import MOST, MOST_BYTES
from handovers.models import SavedView
from issues.models import CategoryGroup
from tests.core.test_once import fields_of

PASSWORD = "clave-de-prueba"
VIEWS, NEW_GROUP = "/gestion/vistas/", "/admin/issues/categorygroup/add/"
ORIGIN = {"HTTP_ORIGIN": "http://testserver"}
FORM = {"name": "Veinte minutos de texto", "query": "?stage=desk"}


def browser() -> Client:
    """One that is held to the token of a form, as real ones are."""
    return Client(enforce_csrf_checks=True)


def sign_in(client: Client, user, next_page: str = "/inicio/") -> str:
    """Through the real form; returns the address it leads to."""
    page = client.get("/entrar/").content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
    told = {"csrfmiddlewaretoken": token, "login": user.username, "password": PASSWORD, "next": next_page}
    answer = client.post("/entrar/", told)
    assert answer.status_code == 302
    return answer["Location"]


def next_of(answer) -> str:
    assert answer["Location"].startswith("/entrar/?next=")
    return answer["Location"].removeprefix("/entrar/?next=")


def all_fields(page: str, action: str) -> dict[str, str]:
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
    return fields_of(page, action) | {"csrfmiddlewaretoken": token}


@pytest.fixture
def desk(manager) -> Client:
    client = browser()
    sign_in(client, manager)
    return client


@pytest.fixture
def form(desk) -> dict[str, str]:
    """The form of a saved view, open on the desk, filled in."""
    return all_fields(desk.get("/gestion/?stage=desk").content.decode(), VIEWS) | FORM


def end_sessions() -> None:
    Session.objects.all().delete()


def test_after_signing_in_it_is_sent_from_a_page_that_shows_it(desk, form, manager):
    end_sessions()
    held = next_of(desk.post(VIEWS, form))
    assert "no se perdió" in desk.get(f"/entrar/?next={held}").content.decode()
    page = desk.get(sign_in(desk, manager, held)).content.decode()
    assert "Veinte minutos de texto" in page
    assert SavedView.objects.count() == 0
    assert desk.post(VIEWS, all_fields(page, VIEWS)).status_code == 302
    assert SavedView.objects.get().owner == manager


def test_sent_twice_it_is_done_once_and_then_it_is_gone(desk, form, manager):
    end_sessions()
    held = next_of(desk.post(VIEWS, form))
    page = desk.get(sign_in(desk, manager, held)).content.decode()
    for _time in range(2):
        assert desk.post(VIEWS, all_fields(page, VIEWS)).status_code == 302
    assert SavedView.objects.count() == 1
    assert desk.get(held).status_code == 302


def test_a_form_that_does_not_say_whose_it_is_waits_for_the_one_who_is_known_here(desk, form, manager):
    end_sessions()
    told = {name: value for name, value in form.items() if not name.startswith("act_")}
    held = next_of(desk.post(VIEWS, told))
    assert "Veinte minutos" in desk.get(sign_in(desk, manager, held)).content.decode()


def test_where_several_are_known_it_waits_for_nobody(desk, form, manager, other_manager):
    end_sessions()
    sign_in(desk, other_manager)
    end_sessions()
    token = all_fields(desk.get("/entrar/").content.decode(), "")["csrfmiddlewaretoken"]
    answer = desk.post(VIEWS, FORM | {"csrfmiddlewaretoken": token})
    assert "/por-enviar/" not in answer["Location"]


def test_nobody_else_who_signs_in_there_sees_or_sends_it(desk, form, other_manager):
    end_sessions()
    held = next_of(desk.post(VIEWS, form))
    answer = desk.get(sign_in(desk, other_manager, held), follow=True)
    assert "Veinte minutos" not in answer.content.decode()
    assert "lo escribió otra cuenta" in answer.content.decode()


def test_no_other_browser_finds_it(desk, form, manager):
    end_sessions()
    held = next_of(desk.post(VIEWS, form))
    other = browser()
    assert other.get(sign_in(other, manager, held)).status_code == 302


def test_a_form_of_another_account_is_not_done_in_ones_own_name(client, form, other_manager):
    client.force_login(other_manager)
    answer = client.post(VIEWS, form)
    assert answer.status_code == 409
    assert "lo abrió otra cuenta" in answer.content.decode()
    assert "Veinte minutos" not in answer.content.decode()
    assert SavedView.objects.count() == 0


def test_what_waits_cannot_be_read_in_the_database(desk, form):
    end_sessions()
    desk.post(VIEWS, form)
    (session,) = Session.objects.all()
    assert "Veinte" not in str(session.get_decoded())
    assert len(session.get_decoded()["held_forms"]) == 1


def test_it_waits_no_longer_than_a_session(desk, form, manager):
    end_sessions()
    held = next_of(desk.post(VIEWS, form))
    late = timezone.now() + timezone.timedelta(seconds=settings.SESSION_COOKIE_AGE + 5)
    sign_in(desk, manager)
    with time_machine.travel(late, tick=True):
        sign_in(desk, manager)
        assert desk.get(held).status_code == 302


def test_signing_out_forgets_it(desk, form, manager):
    end_sessions()
    held = next_of(desk.post(VIEWS, form))
    sign_in(desk, manager)
    token = all_fields(desk.get("/salir/").content.decode(), "/salir/")
    desk.post("/salir/", token)
    assert desk.get(sign_in(desk, manager, held)).status_code == 302


def test_no_more_than_a_few_wait(desk, form):
    end_sessions()
    for number in range(MOST + 3):
        desk.post(VIEWS, form | {"act_key": f"0000000{number}-0000-4000-8000-000000000000"})
    (session,) = Session.objects.all()
    assert len(session.get_decoded()["held_forms"]) == MOST


def test_what_is_too_long_is_not_promised(desk, form):
    end_sessions()
    answer = desk.post(VIEWS, form | {"name": "x" * MOST_BYTES}, HTTP_REFERER="http://testserver/gestion/")
    assert next_of(answer) == "http%3A//testserver/gestion/"
    assert "hazlo de nuevo" in desk.get(answer["Location"]).content.decode()


def test_files_are_asked_for_again_and_passwords_do_not_wait(administrator):
    office = browser()
    sign_in(office, administrator)
    page = office.get("/gestion/bandeja/").content.decode()
    form = all_fields(page, "/gestion/bandeja/importar/")
    end_sessions()
    file = SimpleUploadedFile("tableta.json", b"{}")
    held = next_of(office.post("/gestion/bandeja/importar/", form | {"archivo": file, "password1": "x y"}))
    page = office.get(sign_in(office, administrator, held)).content.decode()
    assert "Elige de nuevo: tableta.json" in page
    assert 'type="file"' in page
    assert "password1" not in page
    assert "data-go-on" not in page


def test_the_administration_goes_on_too(administrator):
    office = browser()
    sign_in(office, administrator)
    form = all_fields(office.get(NEW_GROUP).content.decode(), "")
    form |= {"code": "ARB", "name": "Árboles", "icon": "tree", "position": "0"}
    end_sessions()
    held = next_of(office.post(NEW_GROUP, form))
    page = office.get(sign_in(office, administrator, held)).content.decode()
    assert office.post(NEW_GROUP, all_fields(page, NEW_GROUP)).status_code == 302
    assert CategoryGroup.objects.get().name == "Árboles"


# --- The second tab ----------------------------------------------------------------------------


def test_signed_in_again_in_another_tab_the_first_goes_on_at_once(desk, form, manager):
    end_sessions()
    sign_in(desk, manager)
    answer = desk.post(VIEWS, form, **ORIGIN)
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "Veinte minutos" in page
    assert desk.post(VIEWS, all_fields(page, VIEWS), **ORIGIN).status_code == 302
    assert SavedView.objects.count() == 1


@pytest.mark.parametrize("origin", [{}, {"HTTP_ORIGIN": "null"}, {"HTTP_ORIGIN": "https://otro.example"}])
def test_from_elsewhere_nothing_goes_on(desk, form, manager, origin):
    end_sessions()
    sign_in(desk, manager)
    answer = desk.post(VIEWS, form, **origin)
    assert answer.status_code == 403
    assert "Veinte minutos" not in answer.content.decode()


def test_signed_in_as_another_in_another_tab_nothing_is_shown(desk, form, other_manager):
    end_sessions()
    sign_in(desk, other_manager)
    answer = desk.post(VIEWS, form, **ORIGIN)
    assert answer.status_code == 403
    assert "Veinte minutos" not in answer.content.decode()


def test_what_a_form_brings_is_shown_as_text(desk, form, manager):
    end_sessions()
    held = next_of(desk.post(VIEWS, form | {"name": '"><script>alert(1)</script> y más'}))
    page = desk.get(sign_in(desk, manager, held)).content.decode()
    assert "<script>alert" not in page
    assert "<script>alert(1)</script> y más" in unescape(page)
