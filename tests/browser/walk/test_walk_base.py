"""The base map kept on the tablet: whole and genuine, or not at all; number 41 of offline.md."""

from __future__ import annotations

import gzip
import hashlib
import time
from pathlib import Path

import pytest

from config.staticfiles import as_served
from tests.basemaps import raster, vector
from tests.browser.public.test_base_map import BENEATH, BETWEEN, RED, WATER, colours, shows
from tests.browser.walk.conftest import Walker
from tests.browser.walk.test_walk_hard import quota
from tests.browser.walk.test_walk_pace import SHELL_LIMIT
from tests.storm.proxy import Fault
from walks.app import shell

BIG = 4_200_000
ARCHIVE = "/mapa-base/"
KEEP, GO_ON = "Guardar el mapa de fondo", "Seguir bajando el mapa de fondo"
KEPT = "Mapa de fondo guardado en esta tableta"
ORIENTATION = "se ve el mapa de orientación"
OPEN = """const db = await new Promise((resolve) => {
  const request = indexedDB.open("caminata-mapa-base");
  request.onsuccess = () => resolve(request.result);
});
const finished = (request) => new Promise((resolve) => {
  request.onsuccess = () => resolve(request.result);
});"""
PIECES = f"""async () => {{
  {OPEN}
  const count = await finished(db.transaction("pieces").objectStore("pieces").count());
  db.close();
  return count;
}}"""
SPOIL = f"""async (how) => {{
  {OPEN}
  const store = db.transaction("pieces", "readwrite").objectStore("pieces");
  const [key] = await finished(store.getAllKeys());
  const bytes = new Uint8Array(await finished(store.get(key)));
  bytes[bytes.length >> 1] ^= 255;
  if (how === "lose") await finished(store.delete(key));
  else await finished(store.put(how === "cut" ? bytes.slice(0, 500).buffer : bytes.buffer, key));
  db.close();
}}"""


@pytest.fixture
def archive(settings, tmp_path, street) -> Path:
    """A vector archive of four megabytes that the site serves."""
    path = vector(tmp_path / "maipu.pmtiles", filler=BIG)
    settings.BASEMAP_FILE = str(path)
    return path


def check(walker: Walker) -> Walker:
    """Open the check before a walk."""
    walker.page.get_by_role("button", name="Problema", exact=True).click()
    walker.page.get_by_role("button", name="Revisión").click()
    return walker


def line(walker: Walker, text: str, mark: str) -> None:
    """Wait until the check has a line with this text and this mark."""
    script = """([text, mark]) => [...document.querySelectorAll('#checks li')].some((one) =>
        one.textContent.includes(text) && one.dataset.good === mark)"""
    walker.until(script, [text, mark], 30)


def press(walker: Walker, name: str) -> None:
    walker.page.get_by_role("button", name=name).click()


def keep(walker: Walker) -> Walker:
    press(check(walker), KEEP)
    line(walker, KEPT, "true")
    return walker


def basemap(walker: Walker, shown: str) -> None:
    walker.until("(shown) => document.querySelector('#map').dataset.basemap === shown", shown)


def our_own(walker: Walker) -> None:
    """The orientation layer shows; there is no base map."""
    basemap(walker, "failed")
    end = time.monotonic() + 20
    while len(colours(walker.page, BENEATH)) < 2:
        assert time.monotonic() < end
        # From close by, the drawn town is one colour.
        walker.page.locator(".leaflet-control-zoom-out").click()
        walker.page.wait_for_timeout(300)
    assert colours(walker.page, BETWEEN) == []


def asked(walker: Walker) -> int:
    return sum(path.startswith(ARCHIVE) for _method, path, _status in walker.proxy.log)


def test_kept_it_is_drawn_without_network(archive, walker):
    check(walker)
    line(walker, f"El mapa de fondo no está en esta tableta: sin red {ORIENTATION}.", "warn")
    size = f"{archive.stat().st_size / 1_000_000:.1f}".replace(".", ",")
    press(walker, f"{KEEP} ({size} MB)")
    line(walker, f"{KEPT} ({size} MB)", "true")
    walker.offline().reopen()
    basemap(walker, "vector")
    shows(walker.page, BETWEEN, WATER["light"])
    line(check(walker), KEPT, "true")
    before = asked(walker)
    walker.online().reopen()
    shows(walker.page, BETWEEN, WATER["light"])
    assert asked(walker) == before


def test_pictures_are_kept_too(settings, tmp_path, street, make_walker):
    settings.BASEMAP_FILE = str(raster(tmp_path / "fotos.pmtiles"))
    walker = keep(make_walker().sign_in())
    walker.offline().reopen()
    shows(walker.page, BETWEEN, RED)


def test_not_kept_and_without_network_the_map_is_ours(archive, walker):
    walker.offline().reopen()
    our_own(walker)
    line(check(walker), f"El mapa de fondo no está en esta tableta: sin red {ORIENTATION}.", "warn")
    walker.online()
    basemap(walker, "vector")


def test_what_was_cut_goes_on_where_it_was(archive, walker):
    walker.proxy.spoil("end_early", path=ARCHIVE, times=1)
    press(check(walker), KEEP)
    line(walker, f"La bajada del mapa de fondo se cortó: sin red {ORIENTATION}.", "warn")
    kept = walker.page.evaluate(PIECES)
    assert kept > 0
    walker.reopen()
    line(check(walker), "Del mapa de fondo hay", "warn")
    before = len(walker.proxy.log)
    press(walker, GO_ON)
    line(walker, KEPT, "true")
    answers = [status for _method, path, status in walker.proxy.log[before:] if path.startswith(ARCHIVE)]
    assert answers == [206]
    assert walker.page.evaluate(PIECES) > kept


def test_it_can_be_stopped_and_taken_away(archive, walker):
    fault = walker.proxy.spoil("hang", path=ARCHIVE, times=1)
    press(check(walker), KEEP)
    walker.until("() => !document.querySelector('#base-progress').hidden")
    press(walker, "Detener")
    line(walker, "El mapa de fondo no está en esta tableta", "warn")
    fault.release.set()
    press(walker, KEEP)
    line(walker, KEPT, "true")
    walker.page.on("dialog", lambda dialog: dialog.accept())
    press(walker, "Quitar el mapa de fondo")
    line(walker, "El mapa de fondo no está en esta tableta", "warn")
    assert walker.page.evaluate(PIECES) == 0


def test_another_hash_than_the_published_one_is_not_kept(settings, tmp_path, street, make_walker):
    raster(tmp_path / "fotos.pmtiles", filler=600_000)
    settings.BASEMAP_URL, settings.BASEMAP_SHA256 = "/archivo/maipu.pmtiles", "0" * 64
    walker = make_walker()
    content = (tmp_path / "fotos.pmtiles").read_bytes()
    walker.proxy.chooser = lambda method, path: answering(path, content)
    walker.sign_in()
    press(check(walker), KEEP)
    line(walker, f"llegó distinto del que publica el municipio y se borró: {ORIENTATION}.", "false")
    assert walker.page.evaluate(PIECES) == 0
    walker.offline().reopen()
    our_own(walker)


def answering(path: str, content: bytes):
    """The proxy as a server of the file that knows no ranges."""
    if not path.startswith("/archivo/"):
        return None
    return Fault("answer", path="/archivo/", status=200, body=content, headers={"Content-Type": "x/y"})


def test_a_server_without_ranges_gives_the_whole_to_keep(settings, tmp_path, street, make_walker):
    content = raster(tmp_path / "fotos.pmtiles", filler=600_000).read_bytes()
    settings.BASEMAP_URL = "/archivo/maipu.pmtiles"
    settings.BASEMAP_SHA256 = hashlib.sha256(content).hexdigest()
    walker = make_walker()
    walker.proxy.chooser = lambda method, path: answering(path, content)
    walker.sign_in()
    our_own(walker)
    keep(walker)
    shows(walker.page, BETWEEN, RED)


@pytest.mark.parametrize("how", ["flip", "cut", "lose"])
def test_a_damaged_piece_is_found_by_the_check(archive, walker, how):
    keep(walker).page.evaluate(SPOIL, how)
    walker.offline().reopen()
    line(check(walker), f"El mapa de fondo se dañó en esta tableta y se borró: {ORIENTATION}.", "false")
    our_own(walker)
    assert walker.page.evaluate(PIECES) == 0


SPOILED = {
    "a portal": {"status": 200, "body": b"<h1>WiFi</h1>" * 50_000},
    "not there": {"status": 404},
    "out of order": {"status": 503},
}


@pytest.mark.parametrize("answer", SPOILED.values(), ids=list(SPOILED))
def test_what_is_no_archive_is_not_kept(archive, walker, answer):
    walker.proxy.spoil("answer", path=ARCHIVE, times=1, **answer)
    press(check(walker), KEEP)
    line(walker, f"El municipio no entrega el mapa de fondo: {ORIENTATION}.", "false")
    assert walker.page.evaluate(PIECES) == 0
    press(walker, KEEP)
    line(walker, KEPT, "true")


def test_no_room_is_said_and_leaves_nothing(archive, make_walker):
    walker = make_walker()
    walker.page.goto("/entrar/")
    quota(walker, 3_500_000)
    walker.sign_in()
    press(check(walker), KEEP)
    line(walker, f"El mapa de fondo no cabe en esta tableta: {ORIENTATION}.", "false")
    assert walker.page.evaluate(PIECES) == 0
    quota(walker, None)
    press(walker, KEEP)
    line(walker, KEPT, "true")


def test_room_for_captures_stays_free_where_the_browser_says_how_much_there_is(archive, walker):
    walker.page.evaluate("() => { navigator.storage.estimate = async () => ({ quota: 150e6, usage: 1e6 }); }")
    press(check(walker), KEEP)
    line(walker, f"Faltan 55,2 MB libres para el mapa de fondo: {ORIENTATION}.", "false")
    assert walker.page.evaluate(PIECES) == 0


def test_a_file_that_left_the_server_is_said_and_the_kept_one_stays(archive, make_walker):
    walker, other = keep(make_walker().sign_in()), make_walker()
    archive.unlink()
    other.sign_in()
    line(check(other), f"El municipio no entrega el mapa de fondo: {ORIENTATION}.", "false")
    our_own(other)
    walker.offline().reopen()
    shows(walker.page, BETWEEN, WATER["light"])


def test_the_old_map_is_used_until_the_new_one_is_whole(archive, walker):
    keep(walker)
    raster(archive, filler=BIG)
    update(walker)
    shows(walker.page, BETWEEN, WATER["light"])
    line(check(walker), "Hay un mapa de fondo más nuevo", "warn")
    walker.proxy.spoil("answer", path=ARCHIVE, times=1, status=503)
    press(walker, KEEP)
    line(walker, "No se pudo bajar el mapa de fondo nuevo: se usa el guardado.", "warn")
    press(walker, KEEP)
    line(walker, KEPT, "true")
    shows(walker.page, BETWEEN, RED)


def update(walker: Walker) -> None:
    """Take the new version of the app, which names the new file."""
    walker.page.evaluate("async () => (await navigator.serviceWorker.ready).update()")
    walker.until("() => document.querySelector('#notices').textContent.includes('Hay versión nueva')")
    with walker.page.expect_event("load", timeout=30_000):
        press(walker, "Usar la versión nueva")
    walker.ready()


def test_only_with_an_archive_the_libraries_belong_to_the_shell(settings, tmp_path, street):
    bare = set(shell.files())
    settings.BASEMAP_FILE = str(raster(tmp_path / "fotos.pmtiles"))
    more = set(shell.files()) - bare
    assert {"pmtiles/dist/index.js", "protomaps-leaflet/dist/protomaps-leaflet.js"} < more
    assert not any("pmtiles" in name or "protomaps" in name for name in bare)
    weight = sum(len(gzip.compress(as_served(name, shell.read(name)), 9)) for name in shell.files())
    assert weight < SHELL_LIMIT
    assert not any(file["url"].startswith(ARCHIVE) for file in shell.manifest())


def test_every_file_of_the_base_map_is_in_the_shell(archive, walker):
    asked_for = set()
    walker.page.on("request", lambda request: asked_for.add(request.url.removeprefix(walker.proxy.url)))
    walker.reopen()
    shows(walker.page, BETWEEN, WATER["light"])
    kept = {file["url"] for file in shell.manifest()}
    outside = {url for url in asked_for if not url.startswith(("/api/", ARCHIVE, "blob:", "data:"))} - kept
    assert outside <= {"/caminata/sw.js"}
