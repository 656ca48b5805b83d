"""The server is old, elsewhere or strict; the tablet still tells the truth. Numbers as in offline.md."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import User
from issues.life.duplicates import merge
from issues.models import Category, Issue, Photo
from issues.workflow import Status
from territories.models import BoundarySet
from tests.browser.walk.conftest import ROW, decoded, picture, three_checks, until
from tests.roles import owner
from tests.town import boundary_set, square
from tests.walks.conftest import HEADERS, canonical, sha256
from walks.models import ConflictingBody, Device, Held, HoldReason, Presence, SyncPhoto, SyncRecord, Walk

SEND = "Enviar ahora"


def forget_everything_received() -> None:
    """What a server looks like that was restored from yesterday's backup."""
    with owner(), connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE walks_syncphoto, walks_syncrecord, walks_held, walks_decision, walks_conflictingbody,"
            " issues_photo, issues_issue, issues_historyentry CASCADE"
        )


def reasons() -> list[str]:
    return list(Held.objects.open().values_list("reason", flat=True))


def test_10_a_server_restored_from_yesterday_is_healed_by_reconcile(walker):
    walker.capture("Uno", picture())
    walker.delivered()
    forget_everything_received()
    walker.reopen()
    until(Photo.objects.exists)
    walker.delivered()
    three_checks(walker, photos=1)


def test_11_a_double_tap_saves_once(walker):
    walker.fill("Dos veces")
    walker.page.evaluate(
        "() => { const save = document.querySelector('#save'); save.click(); save.click(); save.click(); }"
    )
    walker.shows("Guardado en esta tableta ✓").delivered()
    walker.captured = [row["id"] for row in walker.tablet()["records"]]
    assert len(walker.captured) == 1
    three_checks(walker)


def test_12_the_same_items_by_file_and_by_network_arrive_once(walker, cabinet):
    walker.offline()
    walker.capture("En el archivo", picture())
    walker.page.get_by_role("button", name="Mi lista").click()
    with walker.page.expect_download() as download:
        walker.page.get_by_role("button", name="Guardar en un archivo").click()
    exported = download.value.path().read_text()
    records, photos = decoded(exported)
    assert (len(records), len(photos)) == (1, 1)
    assert import_file(cabinet, exported).status_code == 302
    assert (Issue.objects.count(), Photo.objects.count()) == (1, 1)
    walker.online().delivered()
    three_checks(walker, photos=1)


def import_file(user, text: str):
    client = Client()
    client.force_login(user)
    upload = SimpleUploadedFile("caminata.json", text.encode(), "application/json")
    return client.post("/gestion/bandeja/importar/", {"archivo": upload})


def test_13_photos_that_come_before_their_record_wait_for_it(walker, proxy):
    walker.offline()
    made = walker.capture("Foto primero", picture())
    proxy.spoil("answer", method="POST", times=1_000, status=503)
    row = walker.photo_of(made)
    walker.online()
    put = walker.page.request.put(
        f"/api/v1/sync/photos/{row['id']}?record={made}&sha256={row['sha256']}",
        data=bytes(row["bytes"]),
        headers=HEADERS | {"Content-Type": "application/octet-stream"},
    )
    assert (put.status, Issue.objects.count(), Photo.objects.count()) == (201, 0, 0)
    proxy.heal()
    walker.send().delivered()
    three_checks(walker, photos=1)


def test_14_a_poison_item_does_not_hold_up_the_batch(walker):
    walker.offline()
    walker.capture("Bueno")
    author = User.objects.get(username="facilitadora").pk
    poison = {"id": "00000000-0000-7000-8000-000000000001", "kind": "issue", "author": author, "lat": "x"}
    body = canonical(poison)
    walker.put_row({**ROW, "id": poison["id"], "title": "Veneno", "body": body, "sha256": sha256(body)})
    walker.capture("También bueno")
    walker.online().says("1 por revisar")
    walker.says("Todo recibido")
    assert set(Issue.objects.values_list("title", flat=True)) == {"Bueno", "También bueno"}
    walker.page.get_by_role("button", name="Mi lista").click()
    walker.page.get_by_text("El servidor no lo pudo leer").wait_for()


def test_15_the_session_expired_offline_and_the_outbox_still_goes(walker):
    walker.offline()
    walker.capture()
    Session.objects.all().delete()
    walker.online().delivered()
    three_checks(walker)


def test_16_a_401_between_the_check_and_the_post_asks_to_sign_in(walker, proxy):
    proxy.spoil(
        "answer",
        method="POST",
        times=1_000,
        status=401,
        body=b"{}",
        headers={"Content-Type": "application/json"},
    )
    walker.capture()
    walker.says("Entra para enviar 1")
    assert walker.tablet()["records"][0]["state"] == "saved"
    proxy.heal()
    walker.send().delivered()
    three_checks(walker)


def test_17_a_csrf_token_rotated_in_another_tab_changes_nothing(walker):
    walker.offline()
    walker.capture()
    walker.online()
    other = walker.context.new_page()
    other.goto("/entrar/")
    walker.context.clear_cookies(name="mapa_csrf")
    walker.send().delivered()
    three_checks(walker)


def test_18_cookies_cleared_and_storage_alive_asks_to_sign_in_and_then_sends(walker):
    walker.offline()
    walker.capture(photo=picture())
    walker.context.clear_cookies()
    walker.online().says("Entra para enviar 2")
    walker.sign_in().delivered()
    assert SyncRecord.objects.get().author.username == "facilitadora"
    three_checks(walker, photos=1)


def test_19_another_person_signs_in_and_the_author_stays(walker, other_facilitator):
    walker.offline()
    walker.capture()
    walker.context.clear_cookies(name="mapa_session")
    walker.online()
    walker.proxy.spoil("answer", method="POST", path="/api/v1/sync/", times=2, status=503)
    walker.sign_in("facilitador-sur").delivered()
    record = SyncRecord.objects.get()
    assert (record.author.username, Issue.objects.get().created_by.username) == (
        "facilitadora",
        "facilitadora",
    )
    three_checks(walker)


def test_20_a_revoked_tablet_is_told_so_and_what_it_sends_is_held(walker):
    walker.offline()
    walker.capture(photo=picture())
    Device.objects.update(revoked_at=timezone.now())
    Session.objects.all().delete()
    walker.online().delivered()
    assert (reasons(), Issue.objects.count(), SyncPhoto.objects.count()) == ([HoldReason.DEVICE], 0, 1)
    walker.page.reload()
    walker.page.get_by_text("Esta tableta fue revocada").wait_for()
    walker.page.get_by_role("button", name="Mi lista").click()
    walker.page.get_by_text("Recibido ✓✓ · lo revisa una persona").wait_for()


def test_21_a_role_lost_while_away_is_held_for_a_person(walker, streets):
    walker.offline()
    walker.capture()
    User.objects.filter(username="facilitadora").update(role="manager", department=streets)
    walker.online().delivered()
    assert (reasons(), SyncRecord.objects.count(), Issue.objects.count()) == ([HoldReason.ROLE], 1, 0)
    assert walker.tablet()["records"][0]["state"] == "held"


def test_22_logging_out_with_a_queue_keeps_the_queue(walker):
    walker.offline()
    walker.capture()
    walker.online()
    walker.proxy.spoil("answer", method="POST", path="/api/v1/sync/", times=3, status=503)
    walker.page.request.post("/salir/")
    walker.context.clear_cookies(name="mapa_session")
    walker.reopen().delivered()
    three_checks(walker)


def test_28_a_database_that_is_away_is_waited_out(walker):
    walker.offline()
    walker.capture()
    with owner(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE walks_syncrecord RENAME TO walks_syncrecord_away")
    try:
        walker.online()
        walker.page.wait_for_timeout(1_500)
        assert "1 por enviar" in walker.state
    finally:
        with owner(), connection.cursor() as cursor:
            cursor.execute("ALTER TABLE walks_syncrecord_away RENAME TO walks_syncrecord")
    walker.delivered()
    three_checks(walker)


def test_38_a_category_withdrawn_while_away_is_held(walker):
    walker.offline()
    walker.capture()
    Category.objects.update(is_open=False)
    walker.online().delivered()
    assert (reasons(), Issue.objects.count()) == ([HoldReason.CATEGORY], 0)


def test_38_boundaries_replaced_while_away_hold_what_is_now_in_another_neighbourhood(walker):
    walker.offline()
    walker.capture()
    BoundarySet.objects.update(is_active=False)
    User.objects.filter(username="facilitadora").update(territory_codes=[1, 9])
    boundary_set({9: "Norte nuevo"}, lambda code: square(1))
    walker.online().delivered()
    assert (reasons(), Issue.objects.count()) == ([HoldReason.BOUNDARIES], 0)


def test_38_a_walk_closed_while_away_holds_what_was_made_after_it(walker):
    walker.page.get_by_role("button", name="Revisión").click()
    walker.page.get_by_role("button", name="Empezar la caminata").click()
    walker.page.get_by_role("button", name="Problema", exact=True).click()
    walker.delivered().offline()
    walker.capture()
    Walk.objects.update(ended_at=timezone.now() - dt.timedelta(hours=1))
    walker.online().delivered()
    assert (reasons(), Issue.objects.count()) == ([HoldReason.WALK], 0)


def test_39_two_tablets_of_one_person_on_one_problem_make_no_crowd(make_walker, make_issue):
    issue = make_issue()
    for tablet in (make_walker().sign_in(), make_walker().sign_in()):
        tablet.page.locator(".walk-tile", has_text="Bache").click()
        tablet.page.get_by_role("button", name="Me sumo").first.click()
        tablet.shows("Sumado").delivered()
    issue.refresh_from_db()
    present = list(Presence.objects.values_list("people", flat=True))
    assert (issue.support_count, present, Issue.objects.count()) == (0, [1], 1)


def test_39_what_is_told_about_a_merged_problem_goes_to_the_one_that_stayed(make_walker, make_issue):
    gone, kept = make_issue(title="El mismo"), make_issue(title="El que queda")
    walker = make_walker().sign_in().offline()
    walker.page.locator(".walk-tile", has_text="Bache").click()
    walker.page.locator(".walk-near__one", has_text="El mismo").get_by_role("button", name="Me sumo").click()
    walker.shows("Sumado")
    merge(gone, kept, actor=None, office="Oficina")
    walker.online().delivered()
    gone.refresh_from_db()
    assert [present.issue_id for present in Presence.objects.all()] == [kept.pk]
    assert gone.status == Status.CLOSED


def test_40_the_same_pothole_by_two_people_is_offered_as_one(walker, make_walker):
    walker.capture("Hoyo de la esquina")
    walker.delivered()
    other = make_walker().sign_in()
    other.page.locator(".walk-tile", has_text="Bache").click()
    other.page.get_by_text("¿Es el mismo problema?").wait_for()
    other.page.get_by_role("button", name="Es otro").click()
    other.capture("Otro hoyo")
    other.delivered()
    assert Issue.objects.count() == 2


@pytest.mark.parametrize("text", ["<img src=x onerror=alert(1)>", "<b>negrita</b> & 'comillas' \"dobles\""])
def test_42_html_in_the_text_is_only_text(walker, text):
    walker.capture(text)
    walker.delivered()
    walker.page.get_by_role("button", name="Mi lista").click()
    walker.page.get_by_text(text, exact=True).wait_for()
    assert Issue.objects.get().title == text
    three_checks(walker)


def test_42_a_body_changed_under_a_known_id_keeps_both(walker):
    made = walker.capture()
    walker.delivered()
    stored = SyncRecord.objects.get()
    other = stored.body.replace("Hoyo grande", "Hoyo falso")
    payload = {"records": [{"id": made, "sha256": sha256(other), "body": other}]}
    answer = walker.page.request.post(
        "/api/v1/sync/", data=json.dumps(payload), headers=HEADERS | {"Content-Type": "application/json"}
    )
    assert answer.json()["results"][0]["result"] == "conflict"
    assert (Issue.objects.get().title, ConflictingBody.objects.count()) == ("Hoyo grande", 1)
