"""A form that was sent is done once; who sends it late is told what changed, and keeps what was typed."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import threading
import uuid
from html import unescape

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import Department
from core.models import DoneAct, Letter
from core.together.once import DONE, KEEP, OUTSIDE, forget_old
from handovers.models import SavedView
from issues.models import CategoryGroup
from tests.roles import owner

NEW_GROUP = "/admin/issues/categorygroup/add/"


def fields_of(page: str, action: str = "") -> dict[str, str]:
    """The hidden fields of a page's form: the one with this action, or the first that sends."""
    forms = re.findall(r"<form[^>]*method=\"post\".*?</form>", page, re.S)
    form = next(each for each in forms if action in each.split(">", 1)[0])
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
    return {name: unescape(value) for name, value in found if not name.startswith("csrf")}


def keyed(client, address: str, action: str = "") -> dict[str, str]:
    """What the form of a page brings along by itself."""
    return fields_of(client.get(address).content.decode(), action)


@pytest.fixture
def office(client, administrator):
    client.force_login(administrator)
    return client


@pytest.fixture
def group(db) -> CategoryGroup:
    return CategoryGroup.objects.create(code="PAV", name="Calles", icon="street")


def group_form(**more) -> dict[str, str]:
    return {"code": "ARB", "name": "Árboles", "icon": "tree", "position": "0"} | more


# --- The key ------------------------------------------------------------------------------------


def test_every_form_of_a_page_has_its_own_key(office, group):
    page = office.get("/gestion/?stage=desk").content.decode()
    keys = re.findall(r'name="act_key" value="([^"]+)"', page)
    assert len(keys) == len(set(keys)) == page.count('name="csrfmiddlewaretoken"') > 1


def test_what_concerns_the_account_alone_gets_no_key(client, db):
    page = client.get("/entrar/").content.decode()
    assert "csrfmiddlewaretoken" in page
    assert "act_key" not in page


def test_the_same_form_sent_twice_is_done_once_and_answered_alike(office, db):
    form = group_form() | keyed(office, NEW_GROUP, "")
    first, second = office.post(NEW_GROUP, form), office.post(NEW_GROUP, form)
    assert (first.status_code, second.status_code) == (302, 302)
    assert first["Location"] == second["Location"]
    assert CategoryGroup.objects.count() == 1
    assert LogEntry.objects.count() == 1


def test_the_second_is_told_what_the_first_was_told(manager, client, db):
    client.force_login(manager)
    form = {"name": "Mis atrasados", "query": "?stage=desk", "act_key": str(uuid.uuid4())}
    first = client.post("/gestion/vistas/", form)
    second = client.post("/gestion/vistas/", form, follow=True)
    assert first.status_code == 302
    assert SavedView.objects.count() == 1
    assert "Vista «Mis atrasados» guardada." in second.content.decode()


def test_the_same_key_with_another_content_is_refused_and_the_text_is_kept(office, db):
    form = group_form() | keyed(office, NEW_GROUP)
    office.post(NEW_GROUP, form)
    answer = office.post(NEW_GROUP, form | {"code": "ARD", "name": "Árboles y plazas"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "ya se envió con otros datos" in page
    assert "Árboles y plazas" in page
    assert CategoryGroup.objects.count() == 1


def test_what_was_refused_so_can_be_sent_all_the_same(office, db):
    form = group_form() | keyed(office, NEW_GROUP)
    office.post(NEW_GROUP, form)
    page = office.post(NEW_GROUP, form | {"code": "ARD"}).content.decode()
    answer = office.post(NEW_GROUP, fields_of(page, NEW_GROUP))
    assert answer.status_code == 302
    assert set(CategoryGroup.objects.values_list("code", flat=True)) == {"ARB", "ARD"}


def test_the_key_of_a_refused_form_is_still_good(office, db):
    form = group_form() | keyed(office, NEW_GROUP)
    assert office.post(NEW_GROUP, form | {"name": ""}).status_code == 200
    assert office.post(NEW_GROUP, form).status_code == 302
    assert CategoryGroup.objects.count() == 1


@pytest.mark.parametrize("key", ["", "x", "0" * 5000, "' OR 1=1"])
def test_an_odd_key_is_none(office, db, key):
    assert office.post(NEW_GROUP, group_form(act_key=key)).status_code == 302
    assert DoneAct.objects.count() == 0


def test_a_key_counts_for_its_person_alone(office, manager, administrator, db):
    form = group_form() | keyed(office, NEW_GROUP)
    office.post(NEW_GROUP, form)
    other = Client()
    other.force_login(manager)
    stolen = {"name": "Vista", "query": "?stage=desk", "act_key": form["act_key"]}
    assert other.post("/gestion/vistas/", stolen).status_code == 302
    assert SavedView.objects.filter(owner=manager).count() == 1


def test_the_answer_of_another_person_is_not_given_away(office, client, manager, db):
    form = group_form() | keyed(office, NEW_GROUP)
    office.post(NEW_GROUP, form)
    other = Client()
    other.force_login(manager)
    answer = other.post(NEW_GROUP, form)
    assert answer.status_code == 409
    assert "lo abrió otra cuenta" in answer.content.decode()
    assert "Árboles" not in answer.content.decode()
    assert CategoryGroup.objects.count() == 1


def test_what_was_typed_is_not_kept_with_the_key(office, db):
    form = {"name": "Vista", "query": "?q=secreto", "act_key": str(uuid.uuid4())}
    office.post("/gestion/vistas/", form)
    kept = DoneAct.objects.get()
    assert len(kept.digest) == 64
    assert (kept.office, kept.path) == ("Administración", "/gestion/vistas/")


def test_files_belong_to_what_was_sent(office, db):
    key = {"act_key": str(uuid.uuid4())}
    first = office.post("/gestion/bandeja/importar/", key | {"archivo": SimpleUploadedFile("a", b"1")})
    again = office.post("/gestion/bandeja/importar/", key | {"archivo": SimpleUploadedFile("a", b"1")})
    other = office.post("/gestion/bandeja/importar/", key | {"archivo": SimpleUploadedFile("a", b"2")})
    assert [first.status_code, again.status_code, other.status_code] == [302, 302, 409]
    assert "elegirlos de nuevo" in other.content.decode()


def test_what_may_be_under_way_still_is_told_and_not_begun_again(office, db):
    key = {"act_key": str(uuid.uuid4())}
    office.post("/gestion/bandeja/importar/", key | {"archivo": SimpleUploadedFile("a", b"1")})
    # As a process leaves it that died half way.
    DoneAct.objects.update(answer={})
    answer = office.post("/gestion/bandeja/importar/", key | {"archivo": SimpleUploadedFile("a", b"1")})
    assert answer.status_code == 409
    assert "todavía no termina" in answer.content.decode()


def test_keys_are_forgotten_by_a_chore(office, db):
    office.post(NEW_GROUP, group_form() | keyed(office, NEW_GROUP))
    assert forget_old(timezone.now() + KEEP - dt.timedelta(minutes=1)) == 0
    assert forget_old(timezone.now() + KEEP + dt.timedelta(minutes=1)) == 1


@pytest.mark.django_db(transaction=True)
def test_twelve_arrivals_of_one_form_at_once_are_one_act(administrator):
    form, start, said = group_form(act_key=str(uuid.uuid4())), threading.Barrier(12), []

    def send() -> None:
        client = Client()
        client.force_login(administrator)
        start.wait(30)
        answer = client.post(NEW_GROUP, form)
        said.append((answer.status_code, answer.get("Location")))
        connection.close()

    threads = [threading.Thread(target=send) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert said == [(302, "/admin/issues/categorygroup/")] * 12
    assert (CategoryGroup.objects.count(), LogEntry.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_an_act_that_fails_in_the_middle_leaves_no_key(manager, streets, client):
    client.force_login(manager)
    client.raise_request_exception = False
    key = str(uuid.uuid4())
    with owner(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE handovers_savedview ADD CONSTRAINT planted CHECK (name <> 'Vista')")
    try:
        broken = client.post("/gestion/vistas/", {"name": "Vista", "query": "?stage=desk", "act_key": key})
        assert broken.status_code == 500
        assert DoneAct.objects.count() == 0
    finally:
        with owner(), connection.cursor() as cursor:
            cursor.execute("ALTER TABLE handovers_savedview DROP CONSTRAINT planted")
    again = client.post("/gestion/vistas/", {"name": "Vista", "query": "?stage=desk", "act_key": key})
    assert again.status_code == 302
    assert SavedView.objects.count() == 1


# --- Without a session --------------------------------------------------------------------------


FOLLOW = "/seguir/barrio/norte/"


def test_a_strangers_form_sent_twice_is_done_once(client, norte, mailoutbox):
    form = {"email": "ana@example.cl"} | keyed(client, FOLLOW)
    first, second = client.post(FOLLOW, form), client.post(FOLLOW, form, follow=True)
    assert first.status_code == 200
    assert second.redirect_chain == [(FOLLOW, 302)]
    assert "Ya lo recibimos" in second.content.decode()
    assert Letter.objects.filter(address="ana@example.cl").count() == 1


def test_what_is_kept_of_a_strangers_form_names_and_opens_nothing(client, norte):
    client.post(FOLLOW, {"email": "ana@example.cl"} | keyed(client, FOLLOW))
    kept = DoneAct.objects.get()
    assert (kept.person, kept.path, list(kept.answer)) == (0, "follow", ["sealed"])
    guessed = hashlib.sha256(json.dumps([FOLLOW, [["email", "ana@example.cl"]], []]).encode()).hexdigest()
    assert kept.digest != guessed


def test_what_a_stranger_sent_wrong_may_be_sent_right(client, norte):
    form = keyed(client, FOLLOW)
    assert client.post(FOLLOW, {"email": "ana"} | form).status_code == 400
    assert client.post(FOLLOW, {"email": "ana@example.cl"} | form).status_code == 200


def test_of_a_vote_nobody_notes_who_sent_it_or_when():
    assert all(name.startswith(OUTSIDE) for name in ("vote", "vote-code"))


def test_the_next_page_is_told_which_forms_were_done(office, db):
    form = group_form() | keyed(office, NEW_GROUP)
    assert DONE not in office.post(NEW_GROUP, form | {"name": ""}).cookies
    assert office.post(NEW_GROUP, form).cookies[DONE].value == form["act_key"]
    assert office.post(NEW_GROUP, form).cookies[DONE].value.endswith(form["act_key"])


# --- What was seen ------------------------------------------------------------------------------


def test_a_stale_change_in_the_administration_is_told_who_changed_what(office, group, administrator):
    address = f"/admin/issues/categorygroup/{group.pk}/change/"
    mine, theirs = keyed(office, address), keyed(office, address)
    assert office.post(address, group_form(code="PAV", name="Calles y veredas") | theirs).status_code == 302
    answer = office.post(address, group_form(code="PAV", name="Pistas y calles") | mine)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "ahora es «Calles y veredas»" in page
    assert "Administración, " in page
    assert "Pistas y calles" in page
    group.refresh_from_db()
    assert group.name == "Calles y veredas"


def test_the_stale_one_may_go_on(office, group):
    address = f"/admin/issues/categorygroup/{group.pk}/change/"
    mine = keyed(office, address)
    CategoryGroup.objects.filter(pk=group.pk).update(name="Otra cosa")
    page = office.post(address, group_form(code="PAV", name="La mía") | mine).content.decode()
    assert office.post(address, fields_of(page, address)).status_code == 302
    group.refresh_from_db()
    assert group.name == "La mía"


def test_who_saw_nothing_new_is_not_stopped(office, group):
    address = f"/admin/issues/categorygroup/{group.pk}/change/"
    for name in ("Una", "Dos"):
        assert (
            office.post(address, group_form(code="PAV", name=name) | keyed(office, address)).status_code
            == 302
        )


@pytest.mark.parametrize("token", ["", "x", "{}", "e30:1:abc"])
def test_a_token_that_cannot_be_read_has_seen_nothing(office, group, token):
    address = f"/admin/issues/categorygroup/{group.pk}/change/"
    form = group_form(code="PAV", act_key=str(uuid.uuid4()), act_seen=token)
    assert office.post(address, form).status_code == 409


def test_no_value_goes_into_the_page_with_what_was_seen(office, streets):
    address = f"/admin/accounts/department/{streets.pk}/change/"
    token = keyed(office, address)["act_seen"]
    assert "operaciones" not in token.lower()
    assert Department.objects.get(pk=streets.pk)
