"""A tablet in a real Chromium, behind a proxy that can spoil requests after they left."""

from __future__ import annotations

import base64
import contextlib
import io
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Error, Page

from issues.models import Issue, Photo
from tests.browser.conftest import CHROMIUM, FLAGS
from tests.conftest import INSIDE, NORTE
from tests.storm.proxy import FaultProxy
from walks.models import SyncPhoto, SyncRecord

TABLET = {"width": 1280, "height": 800}
# The sender's patience, shortened: what takes minutes on the street takes a second here.
TIMES = {"first": 100, "longest": 1_000, "deadline": 4_000, "longestDeadline": 20_000, "steal": 8_000}

READ = """async (stores) => {
  const db = await new Promise((resolve, reject) => {
    const request = indexedDB.open("caminata");
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const all = (name) => new Promise((resolve) => {
    const request = db.transaction(name).objectStore(name).getAll();
    request.onsuccess = () => resolve(request.result.map(({ bytes, ...rest }) => rest));
  });
  const found = {};
  for (const name of stores) found[name] = await all(name);
  db.close();
  return found;
}"""


# A row of the outbox as the app writes it; tests add odd ones to the honest ones.
ROW = {"kind": "issue", "title": "", "state": "saved", "attempts": 0, "photos": [], "made": 1, "walk": None}
OPEN = """const db = await new Promise((resolve) => {
  const request = indexedDB.open("caminata");
  request.onsuccess = () => resolve(request.result);
});
const finished = (request) => new Promise((resolve) => {
  request.onsuccess = () => resolve(request.result);
});"""
PHOTO_OF = f"""async (record) => {{
  {OPEN}
  const photo = await finished(db.transaction("photos").objectStore("photos").index("record").get(record));
  db.close();
  return {{ ...photo, bytes: [...new Uint8Array(photo.bytes)] }};
}}"""
PUT_ROW = f"""async ([row, store, key]) => {{
  {OPEN}
  const target = db.transaction(store, "readwrite").objectStore(store);
  await finished(key ? target.put(row, key) : target.put(row));
  db.close();
}}"""
# Another id for the photo of a record, and the record rewritten to name it, hash and all.
RENAME_PHOTO = f"""async ([record, id]) => {{
  {OPEN}
  const photo = await finished(db.transaction("photos").objectStore("photos").index("record").get(record));
  const row = await finished(db.transaction("records").objectStore("records").get(record));
  const body = row.body.replaceAll(photo.id, id);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(body)));
  const sha256 = [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const tx = db.transaction(["photos", "records"], "readwrite");
  tx.objectStore("photos").delete(photo.id);
  tx.objectStore("photos").put({{ ...photo, id }});
  await finished(tx.objectStore("records").put({{ ...row, body, sha256, photos: [id] }}));
  db.close();
}}"""
SPOIL_PHOTO = f"""async (record) => {{
  {OPEN}
  const photo = await finished(db.transaction("photos").objectStore("photos").index("record").get(record));
  new Uint8Array(photo.bytes)[photo.bytes.byteLength >> 1] ^= 255;
  await finished(db.transaction("photos", "readwrite").objectStore("photos").put(photo));
  db.close();
}}"""


def until(question: Callable[[], object], seconds: float = 20) -> None:
    """Wait until the server's side of the world is so."""
    end = time.monotonic() + seconds
    while not question():
        assert time.monotonic() < end, question
        time.sleep(0.05)


@pytest.fixture(autouse=True)
def street(settings, tmp_path, transactional_db, town, pothole, facilitator):
    """The town, its facilitator, a folder for photos and a short patience."""
    settings.MEDIA_ROOT = str(tmp_path / "media")
    settings.WALK_TIMES = TIMES


@pytest.fixture
def proxy(live_server) -> FaultProxy:
    """The way to the server, spoiled on demand."""
    host, port = live_server.url.removeprefix("http://").split(":")
    made = FaultProxy((host, int(port)))
    yield made
    made.close()


class Walker:
    """A facilitator with a tablet: does what a finger does and reads what an eye sees."""

    def __init__(self, context: BrowserContext, proxy: FaultProxy, page: Page | None = None) -> None:
        self.context, self.proxy = context, proxy
        self.page = page or context.new_page()
        self.page.set_default_timeout(15_000)
        self.captured: list[str] = []

    def sign_in(self, username: str = "facilitadora", password: str = "clave-de-prueba") -> Walker:
        self.page.goto(f"{self.proxy.url}/entrar/?next=/caminata/")
        self.page.get_by_label("Usuario").fill(username)
        self.page.get_by_label("Contraseña").fill(password)
        self.page.get_by_role("button", name="Entrar").click()
        self.page.wait_for_url("**/caminata/")
        return self.ready()

    def ready(self) -> Walker:
        """The app is open, kept for offline use, and knows the neighbourhoods."""
        self.until("() => document.documentElement.dataset.ready === 'true'")
        self.until("async () => Boolean((await navigator.serviceWorker.ready).active)")
        self.until("() => Boolean(navigator.serviceWorker.controller)")
        self.until("() => document.querySelectorAll('.walk-tile').length > 0")
        return self

    def reopen(self) -> Walker:
        self.page.goto(f"{self.proxy.url}/caminata/", wait_until="domcontentloaded")
        return self.ready()

    def until(self, script: str, argument: object = None, seconds: float = 20) -> object:
        """Poll until a script gives something true (a strict CSP forbids wait_for_function)."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            value = self.page.evaluate(script, argument)
            if value:
                return value
            self.page.wait_for_timeout(60)
        raise AssertionError(f"never true: {script} {argument}; state: {self.state!r}; {self.tablet()}")

    def offline(self) -> Walker:
        self.context.set_offline(True)
        return self

    def online(self) -> Walker:
        self.context.set_offline(False)
        return self

    def fill(self, title: str, photo: bytes | None = None) -> Walker:
        if photo is not None:
            self.shoot(photo)
        self.page.locator(".walk-tile", has_text="Bache").click()
        self.page.get_by_label("El problema en una línea").fill(title)
        return self

    def shoot(self, photo: bytes, name: str = "foto.jpg", shown: int | None = 1) -> Walker:
        self.page.set_input_files("#photo", {"name": name, "mimeType": "image/jpeg", "buffer": photo})
        if shown is not None:
            self.until("(n) => document.querySelectorAll('#photos li').length === n", shown)
        return self

    def press_save(self) -> Walker:
        self.page.get_by_role("button", name="Guardar", exact=True).click()
        return self

    def capture(self, title: str = "Hoyo grande", photo: bytes | None = None) -> str:
        """Fill in and save; returns the id once the screen says it is saved."""
        before = {row["id"] for row in self.tablet()["records"]}
        self.fill(title, photo).press_save()
        self.shows("Guardado en esta tableta ✓")
        (made,) = {row["id"] for row in self.tablet()["records"] if row["kind"] == "issue"} - before
        self.captured.append(made)
        return made

    @property
    def state(self) -> str:
        return self.page.locator("#state-text").inner_text()

    def shows(self, text: str) -> Walker:
        """Wait until the form answers with a text."""
        self.until("(text) => document.querySelector('#message').textContent.includes(text)", text)
        return self

    def says(self, text: str, seconds: float = 20) -> Walker:
        """Wait until the line that is always on screen contains a text."""
        self.until(
            "(text) => document.querySelector('#state-text').textContent.includes(text)", text, seconds
        )
        return self

    def delivered(self, seconds: float = 25) -> Walker:
        return self.says("Todo recibido ✓✓", seconds)

    def send(self) -> Walker:
        """Press «Enviar ahora» and come back to the form."""
        self.page.get_by_role("button", name="Mi lista").click()
        self.page.get_by_role("button", name="Enviar ahora").click()
        self.page.get_by_role("button", name="Problema", exact=True).click()
        return self

    def photo_of(self, record_id: str) -> dict:
        """The photo of a record as it lies on the tablet; bytes as a list of numbers."""
        return self.page.evaluate(PHOTO_OF, record_id)

    def put_row(self, row: object, store: str = "records", key: str = "") -> None:
        """Write a row into the tablet's database behind the app's back."""
        self.page.evaluate(PUT_ROW, [row, store, key])

    def rename_photo(self, record_id: str, photo_id: str) -> None:
        """Give the photo of a record another id, in the record too, as an ill-willed tablet could."""
        self.page.evaluate(RENAME_PHOTO, [record_id, photo_id])

    def spoil_photo(self, record_id: str) -> None:
        """Turn one byte of a kept photo, as a bad disk does."""
        self.page.evaluate(SPOIL_PHOTO, record_id)

    def tablet(self, stores: tuple[str, ...] = ("records", "photos", "drafts")) -> dict:
        """What lies in the tablet's own database."""
        return self.page.evaluate(READ, list(stores))


def three_checks(walker: Walker, photos: int = 0) -> None:
    """Nothing lost, nothing twice, the user told the truth."""
    made = set(walker.captured)
    assert {str(pk) for pk in Issue.objects.values_list("pk", flat=True)} == made
    assert Issue.objects.count() == len(walker.captured) == SyncRecord.objects.filter(kind="issue").count()
    assert (SyncPhoto.objects.count(), Photo.objects.count()) == (photos, photos)
    rows = {row["id"]: row["state"] for row in walker.tablet()["records"]}
    assert all(rows.get(pk) == "delivered" for pk in made)
    assert "Todo recibido ✓✓" in walker.state


@pytest.fixture
def make_walker(browser, proxy):
    """Opens tablets, each with storage of its own."""
    contexts = []

    def make(**more) -> Walker:
        lng, lat = INSIDE[NORTE]
        settings = {
            "base_url": proxy.url,
            "viewport": TABLET,
            "has_touch": True,
            "locale": "es-CL",
            "timezone_id": "America/Santiago",
            "geolocation": {"latitude": lat, "longitude": lng, "accuracy": 12},
            "permissions": ["geolocation"],
        }
        context = browser.new_context(**settings | more)
        contexts.append(context)
        return Walker(context, proxy)

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def walker(make_walker) -> Walker:
    """The facilitator of Norte, signed in, ready to walk."""
    return make_walker().sign_in()


class Chromium:
    """A Chromium of our own that can be killed with SIGKILL and started again on the same storage."""

    def __init__(self, browser, profile: Path, proxy) -> None:
        self.browser_type, self.profile, self.proxy = browser.browser_type, profile, proxy

    def start(self) -> Walker:
        port_file = self.profile / "DevToolsActivePort"
        port_file.unlink(missing_ok=True)
        command = [
            CHROMIUM,
            *FLAGS,
            "--headless=new",
            "--remote-debugging-port=0",
            f"--user-data-dir={self.profile}",
        ]
        self.process = subprocess.Popen(
            [*command, "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        until(lambda: port_file.exists() and len(port_file.read_text().splitlines()) == 2)
        port = port_file.read_text().splitlines()[0]
        self.browser = self.browser_type.connect_over_cdp(f"http://127.0.0.1:{port}")
        context = self.browser.contexts[0]
        lng, lat = INSIDE[NORTE]
        context.grant_permissions(["geolocation"], origin=self.proxy.url)
        context.set_geolocation({"latitude": lat, "longitude": lng, "accuracy": 12})
        return Walker(context, self.proxy, context.pages[0])

    def start_again(self) -> Walker:
        """After a kill: cookies may not have reached the disk, so the person signs in."""
        walker = self.start()
        walker.context.clear_cookies()
        return walker.sign_in()

    def close(self) -> None:
        """End it as a person does: everything reaches the disk."""
        with contextlib.suppress(Error):
            self.browser.new_browser_cdp_session().send("Browser.close")
        self.process.wait(20)

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@pytest.fixture
def chromium(browser, tmp_path, proxy):
    made = Chromium(browser, tmp_path / "profile", proxy)
    (tmp_path / "profile").mkdir()
    yield made
    made.kill()


def picture(size: tuple[int, int] = (640, 480), seed: int = 1) -> bytes:
    """A photo of the street: noise does not compress, so its size is its pixels."""
    out = io.BytesIO()
    noise = Image.effect_noise((size[0] // 4, size[1] // 4), 40 + seed).resize(size)
    noise.convert("RGB").save(out, "JPEG", quality=80)
    return out.getvalue()


def noise(size: tuple[int, int]) -> bytes:
    """A photo that stays large however it is compressed."""
    out = io.BytesIO()
    Image.effect_noise(size, 90).convert("RGB").save(out, "JPEG", quality=85)
    return out.getvalue()


def decoded(export: str) -> tuple[list[dict], list[bytes]]:
    """The records and the photo bytes of an exported outbox."""
    body = json.loads(export)
    return body["records"], [base64.b64decode(photo["data"]) for photo in body["photos"]]
