"""The tablet: a walk sent over a good and a bad link, and the map dragged with 2,000 problems known.

The real app in Chromium against gunicorn. Sending is given in seconds on the clock, next to the time that the
bytes alone need on that link; dragging in seconds of the page's own thread for each frame.
"""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import SimpleNamespace

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, Request, sync_playwright

from accounts.models import User
from issues.models import Photo
from territories.models import Territory
from tests.bench.harness import Context, Row, must_agree

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
RECORDS = 200
# The whole walk over the bad link takes half an hour; ten problems tell the same ratio in two minutes.
SLOW_RECORDS = int(os.environ.get("BENCH_SLOW_RECORDS", "10"))
SLOWDOWN = 6
MANY = 2_000
ONE_SIZE = 100_000


@dataclass(frozen=True)
class Link:
    """Bits a second both ways, and the delay of each request in milliseconds."""

    name: str
    bits: int
    delay: int
    records: int


LINKS = (
    Link("a good link (20 Mbit/s, 30 ms)", 20_000_000, 30, RECORDS),
    Link("a bad link (300 kbit/s, 300 ms)", 300_000, 300, SLOW_RECORDS),
)

# Problems with a photo of 1600 px at quality 0.75 each, saved by the app's own modules.
MAKE = """async ([modules, count, lng, lat, person, device]) => {
  const [{ openStore }, { save, asPhoto }, { uuid7 }] = await Promise.all(modules.map((url) => import(url)));
  const db = await openStore();
  const canvas = Object.assign(document.createElement("canvas"), { width: 1600, height: 1200 });
  const pen = canvas.getContext("2d");
  const noise = Object.assign(document.createElement("canvas"), { width: 320, height: 240 });
  let bytes = 0;
  for (let n = 0; n < count; n += 1) {
    const dots = new ImageData(320, 240);
    for (let at = 0; at < dots.data.length; at += 4) {
      const grey = 90 + Math.random() * 80;
      dots.data.set([grey, grey + Math.random() * 30, grey - Math.random() * 30, 255], at);
    }
    noise.getContext("2d").putImageData(dots, 0, 0);
    pen.drawImage(noise, 0, 0, 1600, 1200);
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.75));
    const photo = await asPhoto(await blob.arrayBuffer());
    const at = new Date().toISOString();
    const about = { id: uuid7(), kind: "issue", author: person, device, walk: null, at };
    const place = { lat: lat + (n % 20) / 1e6, lng: lng + n / 1e7 };
    const content = { title: `Problema ${n}`, category: "PAV-01", ...place };
    const row = await save(db, { ...about, ...content }, [photo]);
    bytes += photo.size + row.body.length;
  }
  db.close();
  return bytes;
}"""
STATE = "() => document.querySelector('#state-text').textContent"
READY = (
    "() => document.documentElement.dataset.ready === 'true' && Boolean(document.querySelector('.walk-tile'))"
)
# Change the known problems behind the app's back: how many there are now, and keep so many of them.
KEEP_KNOWN = """async (many) => {
  const open = indexedDB.open("caminata");
  const db = await new Promise((resolve) => { open.onsuccess = () => resolve(open.result); });
  const store = () => db.transaction("reference", "readwrite").objectStore("reference");
  const get = store().get("reference");
  const reference = await new Promise((resolve) => { get.onsuccess = () => resolve(get.result); });
  const before = reference.issues.length;
  const put = store().put({ ...reference, issues: reference.issues.slice(0, many) }, "reference");
  await new Promise((resolve) => { put.onsuccess = resolve; });
  db.close();
  return before;
}"""
COUNT_FRAMES = """() => {
  window.frames_ = [];
  const next = (now) => { window.frames_.push(now); window.counter = requestAnimationFrame(next); };
  window.counter = requestAnimationFrame(next);
}"""
FRAMES = """() => {
  cancelAnimationFrame(window.counter);
  const { frames_: seen } = window;
  return [seen.length - 1, seen.at(-1) - seen[0]];
}"""


def run(context: Context) -> list[Row]:
    """Three rows, measured once: none of them depends on how many problems the city has."""
    if context.size > ONE_SIZE:
        return []
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with _server() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        rows = [_send(browser, url, link) for link in LINKS]
        rows.append(_drag(browser, url))
        browser.close()
    return rows


def _send(browser: Browser, url: str, link: Link) -> Row:
    tablet = _tablet(browser, url, "facilitadora")
    page, before = tablet.page, Photo.objects.count()
    names = ("js/data/walk/store.js", "js/data/walk/outbox.js", "js/data/base/uuid7.js")
    modules = [staticfiles_storage.url(name) for name in names]
    device = page.evaluate("async () => (await (await fetch('/api/v1/sync/session/')).json()).device")
    lng, lat = tablet.at
    floor_bytes = page.evaluate(MAKE, [modules, link.records, lng, lat, tablet.user.pk, device])
    requests: list[Request] = []
    page.on("requestfinished", lambda request: requests.append(request))
    _throttle(tablet.devtools, link)
    seconds = _until_received(page)
    must_agree(link.name, Photo.objects.count() - before, link.records)
    sent = sum(one.sizes()["requestBodySize"] + one.sizes()["requestHeadersSize"] for one in requests)
    tablet.context.close()
    note = f"{len(requests)} requests, {sent / 1e6:.1f} MB sent for {floor_bytes / 1e6:.1f} MB; on the clock"
    if link.records < RECORDS:
        note += f"; {link.records} of {RECORDS}, the rest goes alike (BENCH_SLOW_RECORDS)"
    floor = floor_bytes * 8 / link.bits
    return Row(f"a tablet sends a walk with photos over {link.name}", link.records, seconds, floor, note=note)


def _drag(browser: Browser, url: str) -> Row:
    tablet = _tablet(browser, url, "alcaldia")
    known = tablet.page.evaluate(KEEP_KNOWN, MANY)
    must_agree("known problems", known, MANY)
    tablet.context.set_offline(True)
    ours, fast = _dragged(tablet)
    tablet.page.evaluate(KEEP_KNOWN, 0)
    floor, bare = _dragged(tablet)
    tablet.context.close()
    note = (
        f"33 ms allow 30 frames a second; seen with the processor slowed {SLOWDOWN}× and no graphics card: "
        f"{fast:.0f} a second, {bare:.0f} on the empty map"
    )
    work = f"one frame of the dragged map, {MANY:,} problems known, {SLOWDOWN}× slower"
    return Row(work, MANY, ours * SLOWDOWN, floor * SLOWDOWN, note=note)


def _dragged(tablet: SimpleNamespace) -> tuple[float, float]:
    """Seconds of the page's thread for each frame at full speed, and frames a second at the slowdown."""
    page, devtools = tablet.page, tablet.devtools
    page.reload()
    _wait(lambda: page.evaluate(READY))
    for _ in range(3):
        page.locator(".leaflet-control-zoom-out:not(.leaflet-disabled)").click()
        page.wait_for_timeout(600)
    devtools.send("Performance.enable", {"timeDomain": "threadTicks"})
    before = _thread_seconds(devtools)
    frames, _milliseconds = _swing(page, devtools)
    spent = _thread_seconds(devtools) - before
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})
    slow, milliseconds = _swing(page, devtools)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    return spent / frames, slow * 1000 / milliseconds


def _thread_seconds(devtools: CDPSession) -> float:
    data = {one["name"]: one["value"] for one in devtools.send("Performance.getMetrics")["metrics"]}
    return data["TaskDuration"]


def _swing(page: Page, devtools: CDPSession) -> tuple[int, float]:
    """Drag the map to and fro with a finger's speed; (frames, milliseconds)."""
    box = page.locator("#map").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.evaluate(COUNT_FRAMES)
    for way in (-1, 1, -1, 1):
        _mouse(devtools, "mousePressed", x, y, 1)
        for step in range(60):
            _mouse(devtools, "mouseMoved", x + way * step * 4, y + way * step * 2, 0)
            time.sleep(0.012)
        _mouse(devtools, "mouseReleased", x + way * 240, y + way * 120, 1)
    frames, milliseconds = page.evaluate(FRAMES)
    return frames, milliseconds


def _mouse(devtools: CDPSession, kind: str, x: float, y: float, clicks: int) -> None:
    data = {"type": kind, "x": x, "y": y, "button": "left", "buttons": 1, "clickCount": clicks}
    devtools.send("Input.dispatchMouseEvent", data)


def _tablet(browser: Browser, url: str, username: str) -> SimpleNamespace:
    """A signed-in tablet with storage of its own, the app open and kept."""
    user = User.objects.get(username=username)
    client = Client()
    client.force_login(user)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    lng, lat = _inside(user)
    place = {"latitude": lat, "longitude": lng, "accuracy": 8}
    context: BrowserContext = browser.new_context(
        viewport={"width": 1280, "height": 800}, geolocation=place, permissions=["geolocation"]
    )
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": url}])
    page = context.new_page()
    page.goto(f"{url}/caminata/")
    _wait(lambda: page.evaluate(READY))
    _wait(lambda: page.evaluate("() => Boolean(navigator.serviceWorker.controller)"))
    made = {"context": context, "page": page, "devtools": context.new_cdp_session(page)}
    return SimpleNamespace(**made, user=user, at=(lng, lat))


def _inside(user: User) -> tuple[float, float]:
    """A point in the first neighbourhood this person may walk in: what lies outside would only be held."""
    rows = Territory.objects.current().order_by("code")
    home = rows.filter(code__in=user.territory_codes).first() or rows.first()
    return home.label_point.x, home.label_point.y


def _throttle(devtools: CDPSession, link: Link) -> None:
    rate = {"downloadThroughput": link.bits / 8, "uploadThroughput": link.bits / 8, "latency": link.delay}
    devtools.send("Network.enable")
    devtools.send("Network.emulateNetworkConditions", {"offline": False} | rate)


def _until_received(page: Page) -> float:
    """Press «Enviar ahora»; seconds until everything is received."""
    page.get_by_role("button", name="Mi lista").click()
    page.get_by_role("button", name="Enviar ahora").click()
    since = time.perf_counter()
    _wait(lambda: "por enviar" in page.evaluate(STATE))
    _wait(lambda: "Todo recibido" in page.evaluate(STATE), seconds=7_200)
    return time.perf_counter() - since


def _wait(question: Callable[[], object], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not question():
        if time.monotonic() > end:
            raise TimeoutError("the tablet does not come to an end")
        time.sleep(0.1)


@contextlib.contextmanager
def _server() -> Iterator[str]:
    """Gunicorn on the measured database; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "-k", "gthread", "--threads", "4", "--no-control-socket"]
    command += ["--timeout", "300", "-b", f"127.0.0.1:{port}", "config.wsgi"]
    process = subprocess.Popen(command, env=os.environ | {"REQUIRE_SECOND_FACTOR": "0"}, stdout=sys.stderr)
    try:
        _wait(lambda: _answers(f"http://127.0.0.1:{port}/healthz"))
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


def _answers(url: str) -> bool:
    with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=2):
        return True
    return False
