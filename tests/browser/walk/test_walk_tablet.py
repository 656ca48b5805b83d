"""The tablet itself fails: killed, full, confused, old. Numbers are those of offline.md."""

from __future__ import annotations

import datetime as dt
import io
import time

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from PIL import Image

from issues.models import Issue, Photo
from tests.browser.walk.conftest import ROW, TABLET, TIMES, Walker, picture, three_checks, until
from tests.conftest import INSIDE, NORTE
from tests.walks.conftest import canonical, sha256
from walks.models import Device, Held, HoldReason, SyncPhoto

JSON = {"Content-Type": "application/json"}


def test_23_a_browser_killed_in_mid_upload_sends_the_rest_later(chromium, proxy):
    walker = chromium.start().sign_in()
    hang = proxy.spoil("hang", method="PUT", times=1)
    made = walker.capture(photo=picture())
    until(lambda: hang.seen)
    chromium.kill()
    hang.release.set()
    again = chromium.start_again()
    again.captured = [made]
    again.delivered()
    three_checks(again, photos=1)


@pytest.mark.parametrize("delay", [0, 0.01, 0.03, 0.06, 0.12])
def test_23_a_browser_killed_around_saving_has_the_record_or_the_draft(chromium, delay):
    walker = chromium.start().sign_in().fill("Justo al guardar")
    until(lambda: any(draft["title"] == "Justo al guardar" for draft in walker.tablet()["drafts"]))
    walker.page.evaluate("() => { setTimeout(() => document.querySelector('#save').click(), 0); }")
    time.sleep(delay)
    chromium.kill()
    again = chromium.start_again()
    if not again.tablet()["records"]:
        assert again.page.get_by_label("El problema en una línea").input_value() == "Justo al guardar"
        again.press_save().shows("Guardado en esta tableta ✓")
    again.captured = [row["id"] for row in again.tablet()["records"]]
    again.delivered()
    three_checks(again)


@pytest.mark.parametrize(
    "broken",
    [b"\xff\xd8\xff\xe0 roto", b"\x00\x00\x00\x18ftypheic", picture()[:90]],
    ids=["corrupt", "heic", "cut"],
)
def test_26_a_photo_that_cannot_be_decoded_is_kept_byte_for_byte_and_flagged(walker, broken):
    walker.shoot(broken).shows("No se pudo abrir")
    made = walker.capture()
    walker.delivered()
    until(lambda: SyncPhoto.objects.exists())
    assert SyncPhoto.objects.get().sha256 == sha256(broken)
    assert (Issue.objects.get().pk.hex, Held.objects.get().reason) == (
        made.replace("-", ""),
        HoldReason.PHOTO,
    )


def test_26_an_empty_photo_is_refused_with_a_sentence(walker):
    walker.shoot(b"", shown=0).shows("La foto llegó vacía")
    walker.capture()
    walker.delivered()
    three_checks(walker)


def test_26_a_photo_of_48_megapixels_becomes_1600_pixels_without_metadata(walker):
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "marca secreta"
    Image.new("RGB", (8000, 6000), "teal").save(out, "JPEG", quality=60, exif=exif)
    walker.shoot(out.getvalue())
    walker.capture()
    walker.delivered()
    photo = Photo.objects.get()
    assert (photo.width, photo.height) == (1600, 1200)
    assert b"marca secreta" not in bytes(walker.photo_of(walker.captured[0])["bytes"])
    three_checks(walker, photos=1)


@pytest.mark.parametrize("days", [-1, 1])
def test_27_a_clock_a_day_wrong_is_corrected_by_the_servers(make_walker, days):
    walker = make_walker()
    walker.page.clock.set_system_time(dt.datetime.now(dt.UTC) + dt.timedelta(days=days))
    walker.sign_in()
    walker.capture()
    walker.delivered()
    assert abs(Issue.objects.get().reported_at - timezone.now()) < dt.timedelta(minutes=5)
    three_checks(walker)


def test_27_a_clock_that_jumps_an_hour_in_the_middle_keeps_the_order_and_loses_nothing(walker):
    walker.offline()
    first = walker.capture("Antes")
    walker.page.clock.set_system_time(dt.datetime.now(dt.UTC) - dt.timedelta(hours=1))
    second = walker.capture("Después")
    assert first < second
    walker.online().send().delivered()
    three_checks(walker)


def test_29_caches_deleted_and_the_database_alive(walker):
    walker.offline()
    walker.capture()
    walker.page.evaluate("async () => { for (const name of await caches.keys()) await caches.delete(name); }")
    walker.online().reopen().delivered()
    walker.offline().reopen()
    three_checks(walker)


def test_29_the_database_deleted_and_the_caches_alive(walker):
    walker.capture("Antes")
    walker.delivered()
    walker.page.goto("/entrar/")
    walker.page.evaluate(
        "() => new Promise((done) => { indexedDB.deleteDatabase('caminata').onsuccess = () => done(); })"
    )
    walker.reopen().says("Nada por enviar")
    walker.capture("Después")
    walker.delivered()
    assert set(Issue.objects.values_list("title", flat=True)) == {"Antes", "Después"}


def test_30_two_tabs_send_everything_once(walker):
    other = Walker(walker.context, walker.proxy)
    other.reopen()
    walker.offline()
    walker.capture("Pestaña uno")
    other.capture("Pestaña dos")
    walker.online()
    until(lambda: Issue.objects.count() == 2)
    walker.captured += other.captured
    walker.reopen().delivered()
    three_checks(walker)


def test_31_what_is_saved_while_a_sync_runs_goes_too(walker, proxy):
    hang = proxy.spoil("hang", method="POST", times=1)
    walker.capture("Primero")
    until(lambda: hang.seen)
    walker.capture("Mientras tanto")
    hang.release.set()
    walker.delivered()
    three_checks(walker)


def test_32_a_frozen_tab_that_holds_the_lock_loses_it(walker):
    frozen = walker.context.new_page()
    frozen.goto("/entrar/")
    frozen.evaluate("() => { navigator.locks.request('caminata-sync', () => new Promise(() => {})); }")
    walker.capture()
    assert "1 por enviar" in walker.state
    walker.delivered(TIMES["steal"] / 1000 + 20)
    three_checks(walker)


def test_33_without_gps_the_place_is_chosen_by_hand(make_walker):
    walker = make_walker(permissions=[]).sign_in()
    walker.until("() => document.querySelector('#accuracy').textContent.includes('no da su posición')")
    walker.page.locator("#map").focus()
    walker.page.keyboard.press("ArrowUp")
    walker.until("() => document.querySelector('#accuracy').textContent.includes('movido a mano')")
    walker.capture()
    walker.delivered()
    issue = Issue.objects.get()
    assert (issue.moved_by_hand, issue.accuracy_m) == (True, None)
    three_checks(walker)


def test_33_an_accuracy_of_two_kilometres_is_told_and_shows_the_neighbours(make_walker):
    lng, lat = INSIDE[NORTE]
    far = {"latitude": lat, "longitude": lng, "accuracy": 2000}
    walker = make_walker(geolocation=far).sign_in()
    walker.until("() => document.querySelector('#accuracy').textContent.includes('2000 m')")
    walker.until("() => document.querySelector('#where').textContent.includes('Norte / Centro')")
    walker.capture()
    walker.delivered()
    assert Issue.objects.get().accuracy_m == 2000
    three_checks(walker)


def test_34_storage_that_is_not_protected_is_told_before_the_walk(make_walker):
    walker = make_walker()
    walker.page.add_init_script("navigator.storage.persisted = async () => false")
    walker.sign_in()
    walker.page.get_by_role("button", name="Revisión").click()
    walker.page.get_by_text("La tableta podría borrar datos").wait_for()
    walker.page.get_by_role("button", name="Problema", exact=True).click()
    walker.capture()
    walker.delivered()
    three_checks(walker)


def test_35_a_new_version_waits_for_the_open_form_and_the_queue_survives_it(walker, settings):
    walker.offline()
    walker.capture("Antes de la versión nueva")
    walker.fill("Formulario abierto")
    settings.WALK_TIMES = TIMES | {"first": 120}
    walker.proxy.spoil("answer", method="POST", times=1_000, status=503)
    walker.online()
    walker.page.get_by_role("button", name="Usar la versión nueva").click()
    walker.page.wait_for_timeout(1_000)
    assert walker.page.get_by_label("El problema en una línea").input_value() == "Formulario abierto"
    with walker.page.expect_event("load", timeout=30_000):
        walker.press_save()
        walker.proxy.heal()
    walker.ready().delivered()
    walker.captured = [row["id"] for row in walker.tablet()["records"]]
    assert walker.page.locator("#walk-settings").text_content().count('"first": 120')
    three_checks(walker)


def test_35_a_broken_update_keeps_the_old_app(walker, settings, proxy):
    walker.capture()
    settings.WALK_TIMES = TIMES | {"first": 130}
    portal = {"status": 200, "body": b"<h1>WiFi</h1>", "times": 1_000}
    fault = proxy.spoil("answer", path="/caminata/", exact=True, **portal)
    walker.page.evaluate("async () => { (await navigator.serviceWorker.ready).update().catch(() => {}); }")
    until(lambda: fault.seen)
    walker.offline().reopen().online()
    proxy.heal()
    walker.send().delivered()
    assert '"first": 100' in walker.page.locator("#walk-settings").text_content()
    three_checks(walker)


def test_36_a_tablet_away_for_60_days_still_delivers_and_after_100_asks_to_sign_in(walker):
    """What comes after two weeks without use arrives all the same, and waits for the office."""
    walker.offline()
    late = walker.capture()
    day = dt.timedelta(days=1)
    Session.objects.all().delete()
    Device.objects.update(last_seen_at=timezone.now() - 60 * day, expires_at=timezone.now() + 30 * day)
    walker.online().delivered()
    assert [(str(each.record_id), each.reason) for each in Held.objects.all()] == [(late, HoldReason.IDLE)]
    assert not Issue.objects.exists()
    walker.offline()
    later = walker.capture("Cien días después")
    Device.objects.update(expires_at=timezone.now() - 10 * day)
    walker.online().says("Entra para enviar 1")
    walker.sign_in().delivered()
    assert [str(pk) for pk in Issue.objects.values_list("pk", flat=True)] == [later]


OLD_DATABASE = """async (rows) => {
  const db = await new Promise((resolve) => {
    const request = indexedDB.open("caminata", 1);
    request.onupgradeneeded = () => {
      const records = request.result.createObjectStore("records", { keyPath: "id" });
      records.createIndex("state", "state");
      records.createIndex("walk", "walk");
      const photos = request.result.createObjectStore("photos", { keyPath: "id" });
      photos.createIndex("state", "state");
      photos.createIndex("record", "record");
      for (const name of ["drafts"]) request.result.createObjectStore(name, { keyPath: "id" });
      for (const name of ["track", "log"]) request.result.createObjectStore(name, { autoIncrement: true });
      for (const name of ["reference", "meta"]) request.result.createObjectStore(name);
    };
    request.onsuccess = () => resolve(request.result);
  });
  const tx = db.transaction("records", "readwrite");
  rows.forEach((row) => tx.objectStore("records").put(row));
  await new Promise((resolve) => { tx.oncomplete = resolve; });
  db.close();
}"""


def test_37_a_full_queue_survives_the_migration_of_the_tablets_database(make_walker, facilitator):
    lng, lat = INSIDE[NORTE]
    rows = []
    for number in range(30):
        pk = f"01900000-0000-7000-8000-{number:012d}"
        data = {"schema": 1, "id": pk, "kind": "issue", "author": facilitator.pk, "title": f"Viejo {number}"}
        body = canonical(data | {"category": "PAV-01", "lat": lat, "lng": lng, "photos": []})
        rows.append(ROW | {"id": pk, "title": f"Viejo {number}", "body": body, "sha256": sha256(body)})
    walker = make_walker()
    walker.page.goto("/entrar/")
    walker.page.evaluate(OLD_DATABASE, rows)
    walker.sign_in().delivered()
    walker.captured = [row["id"] for row in rows]
    three_checks(walker)


SMALL = """() => [...document.querySelectorAll('button, input, .segments__one')]
  .filter((one) => one.checkVisibility() && !['radio', 'file'].includes(one.type))
  .filter((one) => !one.closest('.leaflet-control') && one.className !== 'walk-photos__drop')
  .filter((one) => one.getBoundingClientRect().height < 56)
  .map((one) => one.id || one.className)"""


def test_the_tablets_view_is_made_for_touch(make_walker):
    walker = make_walker(viewport={"width": TABLET["height"], "height": TABLET["width"]}).sign_in()
    assert walker.page.evaluate(SMALL) == []
