"""Failures of the machine itself, made for real: a dead renderer, a full disk, a lost database, odd clocks.

Numbers are those of offline.md; each test ends with the same three checks.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import re
import shutil
import signal
import uuid
from zoneinfo import ZoneInfo

import psycopg
import pytest
from django.db import connection
from django.utils import timezone
from playwright.sync_api import expect

from issues.models import Issue, Photo
from tests.browser.walk.conftest import ROW, Walker, noise, picture, three_checks, until
from tests.conftest import INSIDE, NORTE
from tests.walks.conftest import canonical, sha256
from walks.models import Held, HoldReason, SyncPhoto, SyncRecord

CHILE = ZoneInfo("America/Santiago")


def devtools(walker: Walker):
    return walker.context.new_cdp_session(walker.page)


def title_of(walker: Walker) -> str:
    return walker.page.get_by_label("El problema en una línea").input_value()


def saved(walker: Walker) -> Walker:
    """Press save, wait for the mark and take all problems on the tablet as captured."""
    walker.press_save().shows("Guardado en esta tableta ✓")
    walker.captured = [row["id"] for row in walker.tablet()["records"] if row["kind"] == "issue"]
    return walker


# --- 24: the page dies behind the camera --------------------------------------------------------
def kill_renderers(walker: Walker) -> None:
    """SIGKILL to every renderer of our Chromium, as a tablet short of memory does behind the camera."""
    browser = walker.context.browser.new_browser_cdp_session()
    processes = browser.send("SystemInfo.getProcessInfo")["processInfo"]
    with walker.page.expect_event("crash"):
        for process in processes:
            if process["type"] == "renderer":
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process["id"], signal.SIGKILL)
    walker.page.close()
    walker.page = walker.context.new_page()
    walker.page.set_default_timeout(15_000)


@pytest.mark.parametrize("shots", [1, 2], ids=["first photo", "second photo"])
def test_24_a_renderer_killed_while_the_camera_is_open_gives_everything_back(walker, shots):
    walker.fill("Detrás de la cámara", picture() if shots == 2 else None)
    with walker.page.expect_file_chooser():
        walker.page.locator("#photo").dispatch_event("click")
    kill_renderers(walker)
    walker.reopen()
    assert title_of(walker) == "Detrás de la cámara"
    walker.until("(n) => document.querySelectorAll('#photos li').length === n", shots - 1)
    walker.shoot(picture(seed=2), shown=shots)
    saved(walker).delivered()
    assert (Issue.objects.get().accuracy_m, Issue.objects.get().moved_by_hand) == (12, False)
    three_checks(walker, photos=shots)


def test_24_a_form_that_was_saved_just_before_the_kill_does_not_come_back(walker):
    made = walker.capture("Ya guardado")
    walker.delivered()
    left = {"id": made, "title": "Ya guardado", "category": "PAV-01", "levels": {}, "reason": ""}
    walker.put_row(left | {"made": 1, "photos": [], "position": None}, store="drafts")
    walker.put_row(made, store="meta", key="draft")
    walker.reopen()
    assert title_of(walker) == ""
    walker.page.get_by_role("button", name="Mi lista").click()
    assert walker.page.get_by_role("button", name="Seguir").count() == 0
    three_checks(walker)


# --- 25: no room --------------------------------------------------------------------------------
def quota(walker: Walker, size: int | None) -> None:
    """What the browser really grants this origin, in bytes; None for the usual."""
    data = {"origin": walker.proxy.url} | ({} if size is None else {"quotaSize": size})
    devtools(walker).send("Storage.overrideQuotaForOrigin", data)


def test_25_a_quota_exceeded_inside_a_photo_says_not_saved_and_keeps_the_form(make_walker):
    walker = make_walker()
    walker.page.goto("/entrar/")
    quota(walker, 5_000_000)
    walker.sign_in().offline()
    kept = fill_up(walker)
    assert len(walker.tablet()["records"]) == len(walker.tablet()["photos"]) == kept
    assert title_of(walker) == f"Foto {kept}"
    quota(walker, None)
    saved(walker).online().delivered(60)
    assert len(walker.captured) == kept + 1
    three_checks(walker, photos=kept + 1)


SAID = "() => document.querySelector('#message').textContent.match(/(NO se guardó|Guardado en esta).*/)?.[0]"


def fill_up(walker: Walker) -> int:
    """Save problems with large photos until one does not fit; how many did."""
    for number in range(8):
        walker.fill(f"Foto {number}", noise((1600, 1200))).press_save()
        said = walker.until(SAID)
        if said.startswith("NO se guardó: la tableta no tiene espacio"):
            return number
    raise AssertionError("everything fitted")


# --- 27: summer time ----------------------------------------------------------------------------
def last_change(direction: int) -> dt.datetime:
    """The last moment at which Chile's clocks went forward (1) or back (-1)."""
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    while True:
        offsets = [(hour + dt.timedelta(minutes=m)).astimezone(CHILE).utcoffset() for m in (-1, 1)]
        if (offsets[1] > offsets[0]) - (offsets[1] < offsets[0]) == direction:
            return hour
        hour -= dt.timedelta(hours=1)


@pytest.mark.parametrize("direction", [-1, 1], ids=["an hour twice", "an hour skipped"])
def test_27_a_change_to_or_from_summer_time_keeps_order_distance_and_the_hour_on_the_screen(
    make_walker, direction
):
    before, after = (last_change(direction) + dt.timedelta(minutes=m) for m in (-20, 20))
    walker = make_walker()
    walker.page.clock.set_system_time(after)
    walker.sign_in().offline()
    walker.page.clock.set_system_time(before)
    walker.capture("Antes del cambio")
    walker.page.clock.set_system_time(after)
    walker.capture("Después del cambio")
    walker.page.get_by_role("button", name="Mi lista").click()
    facts = walker.page.locator(".walk-item .walk-hint")
    hours = [re.compile(f"{moment.astimezone(CHILE):%H:%M}$") for moment in (after, before)]
    expect(facts).to_have_text(hours)
    walker.page.get_by_role("button", name="Problema", exact=True).click()
    walker.online().send().delivered()
    first, second = Issue.objects.order_by("reported_at")
    assert (first.title, second.title) == ("Antes del cambio", "Después del cambio")
    assert abs(second.reported_at - first.reported_at - dt.timedelta(minutes=40)) < dt.timedelta(minutes=1)
    three_checks(walker)


# --- 28: the database is lost or cannot be opened -----------------------------------------------
def elsewhere(database: str | None = None) -> psycopg.Connection:
    """A connection of our own to the server of the tests."""
    parameters = connection.get_connection_params()
    names = {name: parameters[name] for name in ("host", "port", "user", "password") if parameters.get(name)}
    return psycopg.connect(**names, dbname=database or parameters["dbname"], autocommit=True)


def test_28_a_database_connection_lost_in_the_middle_is_waited_out(walker):
    walker.offline()
    walker.capture(photo=picture())
    with elsewhere() as keeper, elsewhere() as killer, keeper.transaction():
        keeper.execute("LOCK TABLE walks_syncrecord IN ACCESS EXCLUSIVE MODE")
        walker.online()
        until(lambda: killer.execute(CUT).fetchall())
        assert "1 por enviar" in walker.state
    walker.delivered()
    three_checks(walker, photos=1)


CUT = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock'"""


def test_28_a_database_that_takes_no_connections_is_waited_out(walker, proxy):
    walker.offline()
    walker.capture()
    name = connection.settings_dict["NAME"]
    with elsewhere("postgres") as server:
        server.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        try:
            server.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> %s",
                [name, connection.connection.info.backend_pid],
            )
            walker.online()
            until(lambda: any(status >= 500 for method, _p, status in proxy.log if method == "POST"))
            assert "1 por enviar" in walker.state
            assert walker.tablet()["records"][0]["state"] == "saved"
        finally:
            server.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
    walker.delivered()
    three_checks(walker)


NEWER = """async (row) => {
  const db = await new Promise((resolve) => {
    const request = indexedDB.open("caminata", 99);
    request.onupgradeneeded = () => request.result.createObjectStore("records", { keyPath: "id" });
    request.onsuccess = () => resolve(request.result);
  });
  const tx = db.transaction("records", "readwrite");
  tx.objectStore("records").put(row);
  await new Promise((resolve) => { tx.oncomplete = resolve; });
  db.close();
}"""
OLDER = """async () => {
  window.held = await new Promise((resolve) => {
    const request = indexedDB.open("caminata", 1);
    request.onupgradeneeded = () => {
      const { result: db } = request;
      const indexes = { records: ["state", "walk"], photos: ["state", "record"], drafts: [] };
      for (const [name, fields] of Object.entries(indexes)) {
        const store = db.createObjectStore(name, { keyPath: "id" });
        for (const field of fields) store.createIndex(field, field);
      }
      for (const name of ["track", "log"]) db.createObjectStore(name, { autoIncrement: true });
      for (const name of ["reference", "meta"]) db.createObjectStore(name);
    };
    request.onsuccess = () => resolve(request.result);
  });
}"""


def enter(walker: Walker) -> None:
    """Sign in and open the app, which may not come up."""
    walker.page.goto("/entrar/?next=/caminata/")
    walker.page.get_by_label("Usuario").fill("facilitadora")
    walker.page.get_by_label("Contraseña").fill("clave-de-prueba")
    walker.page.get_by_role("button", name="Entrar").click()
    walker.page.wait_for_url("**/caminata/")


def test_28_a_tablets_database_of_a_newer_app_is_left_alone_and_told(make_walker):
    walker = make_walker()
    walker.page.goto("/entrar/")
    row = ROW | {
        "id": str(uuid.uuid4()),
        "title": "De la versión nueva",
        "body": "{}",
        "sha256": sha256("{}"),
    }
    walker.page.evaluate(NEWER, row)
    enter(walker)
    walker.page.get_by_text("es de una versión más nueva").wait_for()
    assert walker.state == "No se puede guardar aquí"
    assert not walker.page.get_by_role("button", name="Guardar", exact=True).is_visible()
    assert walker.tablet(["records"])["records"] == [row]
    assert SyncRecord.objects.count() == 0


def test_28_a_tablets_database_held_by_an_old_tab_waits_and_says_for_what(make_walker):
    walker = make_walker()
    old = walker.context.new_page()
    old.goto("/entrar/")
    old.evaluate(OLDER)
    enter(walker)
    walker.page.get_by_text("ciérrala para seguir").wait_for()
    old.close()
    walker.ready()
    assert walker.page.get_by_text("ciérrala para seguir").count() == 0
    walker.capture()
    walker.delivered()
    three_checks(walker)


def test_28_a_tablets_database_lost_under_the_open_app_is_told_and_the_open_form_survives(walker):
    walker.offline()
    walker.capture("Perdido")
    walker.fill("En el formulario", picture())
    data = {"origin": walker.proxy.url, "storageTypes": "indexeddb"}
    devtools(walker).send("Storage.clearDataForOrigin", data)
    walker.page.get_by_text("La tableta perdió lo que tenía guardado: 1 sin enviar").wait_for()
    walker.reopen()
    walker.page.get_by_text("La tableta perdió lo que tenía guardado: 1 sin enviar").wait_for()
    walker.page.get_by_role("button", name="Entendido").click()
    assert title_of(walker) == "En el formulario"
    saved(walker).online().delivered()
    three_checks(walker, photos=1)


def after_damage(chromium, spoil) -> Walker:
    """A problem saved, the browser closed, its database spoiled on the disk, the browser opened again."""
    walker = chromium.start().sign_in()
    walker.offline()
    walker.capture("Solo en esta tableta")
    chromium.close()
    (database,) = (chromium.profile / "Default" / "IndexedDB").glob("*.leveldb")
    spoil(database)
    again = chromium.start()
    again.page.goto(f"{chromium.proxy.url}/caminata/")
    return again


def test_28_a_tablets_database_corrupt_on_the_disk_is_told_and_the_tablet_works_on(chromium):
    again = after_damage(chromium, lambda database: (database / "CURRENT").write_bytes(b"\x00garbage\x00"))
    again.page.get_by_text("La tableta perdió lo que tenía guardado: 1 sin enviar").wait_for()
    again.sign_in()
    again.page.get_by_role("button", name="Entendido").click()
    again.capture("Anotado de nuevo")
    again.delivered()
    three_checks(again)


def test_28_a_tablets_database_that_cannot_be_opened_lets_nobody_type_into_the_void(chromium):
    def spoil(database):
        shutil.rmtree(database)
        database.write_bytes(b"no folder")

    again = after_damage(chromium, spoil)
    again.page.get_by_text("no captures aquí").wait_for()
    assert again.state == "No se puede guardar aquí"
    assert not again.page.get_by_role("button", name="Guardar", exact=True).is_visible()
    assert Issue.objects.count() == 0


# --- 33: no satellites --------------------------------------------------------------------------
def test_33_a_gps_that_does_not_answer_is_told_and_the_place_is_chosen_by_hand(make_walker, settings):
    settings.WALK_TIMES = settings.WALK_TIMES | {"gps": 1_000}
    walker = make_walker(geolocation=None).sign_in()
    walker.until("() => document.querySelector('#accuracy').textContent.includes('El GPS no responde')")
    walker.page.locator("#map").focus()
    walker.page.keyboard.press("ArrowUp")
    walker.until("() => document.querySelector('#accuracy').textContent.includes('movido a mano')")
    walker.capture()
    walker.delivered()
    assert (Issue.objects.get().moved_by_hand, Issue.objects.get().accuracy_m) == (True, None)
    three_checks(walker)


def test_33_a_gps_that_answers_after_the_time_out_is_believed(make_walker, settings):
    settings.WALK_TIMES = settings.WALK_TIMES | {"gps": 1_000}
    walker = make_walker(geolocation=None).sign_in()
    walker.until("() => document.querySelector('#accuracy').textContent.includes('El GPS no responde')")
    lng, lat = INSIDE[NORTE]
    walker.context.set_geolocation({"latitude": lat, "longitude": lng, "accuracy": 8})
    walker.until("() => document.querySelector('#accuracy').textContent.includes('precisión 8 m')")
    walker.capture()
    walker.delivered()
    assert Issue.objects.get().accuracy_m == 8
    three_checks(walker)


# --- 42: what no honest tablet sends ------------------------------------------------------------
def test_42_ten_megabytes_in_the_line_are_refused_on_the_tablet_and_the_form_stays(walker):
    walker.fill("x")
    walker.page.evaluate(
        "() => { const line = document.querySelector('#title'); line.value = 'x'.repeat(10_000_000);"
        " line.dispatchEvent(new Event('input')); }"
    )
    walker.press_save().shows("NO se guardó: el texto es demasiado largo")
    assert walker.tablet()["records"] == []
    walker.page.get_by_label("El problema en una línea").fill("Más corto")
    saved(walker).delivered()
    three_checks(walker)


def test_42_ten_megabytes_in_the_outbox_do_not_hold_up_the_others_and_can_be_exported(walker):
    walker.offline()
    walker.capture("Antes")
    body = canonical(
        {"id": "00000000-0000-7000-8000-00000000000a", "kind": "remark", "text": "x" * 10_000_000}
    )
    pk = "00000000-0000-7000-8000-00000000000a"
    walker.put_row(
        {**ROW, "kind": "remark", "id": pk, "title": "Larguísimo", "body": body, "sha256": sha256(body)}
    )
    walker.capture("Después")
    walker.online().says("Todo recibido").says("1 por revisar")
    walker.page.get_by_role("button", name="Mi lista").click()
    walker.page.get_by_text("el texto es demasiado largo").wait_for()
    with walker.page.expect_download() as download:
        walker.page.get_by_role("button", name="Guardar en un archivo").click()
    assert download.value.path().stat().st_size > 10_000_000
    three_checks(walker)


def test_42_a_photo_id_of_somebody_else_takes_nothing_and_loses_nothing(make_walker):
    other, walker = make_walker().sign_in(), make_walker().sign_in()
    theirs = other.capture("La otra", picture(seed=5))
    other.delivered()
    photo = other.photo_of(theirs)
    walker.offline()
    mine = walker.capture("La mía", picture(seed=9))
    walker.rename_photo(mine, photo["id"])
    walker.online().delivered()
    first, second = Issue.objects.get(pk=theirs), Issue.objects.get(pk=mine)
    assert str(first.photos.get().pk) == photo["id"]
    assert first.photos.get().pk != second.photos.get().pk
    walker.captured += other.captured
    hashes = set(SyncPhoto.objects.values_list("sha256", flat=True))
    assert hashes == {photo["sha256"], walker.photo_of(mine)["sha256"]}


def test_42_a_photo_gone_bad_on_the_tablet_arrives_for_a_person_and_the_list_says_so(walker):
    walker.offline()
    made = walker.capture("Foto dañada", picture())
    walker.spoil_photo(made)
    walker.online().delivered()
    assert (SyncPhoto.objects.count(), Photo.objects.count()) == (1, 0)
    assert Held.objects.get().reason == HoldReason.FOREIGN_PHOTO
    walker.page.get_by_role("button", name="Mi lista").click()
    walker.page.get_by_text("una foto se dañó en la tableta").wait_for()
    assert Issue.objects.count() == 1


def test_42_a_record_gone_bad_on_the_tablet_is_told_and_does_not_hold_up_the_others(walker):
    walker.offline()
    walker.capture("Bueno")
    lng, lat = INSIDE[NORTE]
    pk = "00000000-0000-7000-8000-00000000000b"
    body = canonical({"id": pk, "kind": "issue", "title": "Dañado", "lat": lat, "lng": lng})
    walker.put_row({**ROW, "id": pk, "title": "Dañado", "body": body + " ", "sha256": sha256(body)})
    walker.online().says("Todo recibido").says("1 por revisar")
    walker.page.get_by_role("button", name="Mi lista").click()
    walker.page.get_by_text("se dañó en la tableta").wait_for()
    three_checks(walker)
