"""Fast enough for a finger on a slow tablet; small enough for a weak signal."""

from __future__ import annotations

import gzip

import pytest

from config.staticfiles import as_served
from tests.browser.walk.conftest import picture
from tests.browser.walk.test_walk_capture import drag
from tests.conftest import INSIDE, NORTE
from walks.app import shell

SHELL_LIMIT = 220 * 1024
SLOWDOWN = 6
TAP_TO_SAVED = """() => new Promise((resolve) => {
  const message = document.querySelector("#message");
  const begin = performance.now();
  const saved = () => message.textContent.startsWith("Guardado en esta tableta");
  const look = () => saved() && resolve(performance.now() - begin);
  new MutationObserver(look).observe(message, { childList: true, characterData: true, subtree: true });
  document.querySelector("#save").click();
})"""


def test_the_shell_stays_below_220_kb_compressed():
    sizes = [len(gzip.compress(as_served(name, shell.read(name)), 9)) for name in shell.files()]
    total = sum(sizes) + len(gzip.compress(shell.page().encode(), 9))
    assert len(sizes) > 20
    assert total < SHELL_LIMIT


def test_every_file_the_app_asks_for_is_in_the_shell(walker):
    asked = set()
    walker.page.on("request", lambda request: asked.add(request.url.removeprefix(walker.proxy.url)))
    walker.reopen()
    kept = {file["url"] for file in shell.manifest()}
    outside = {url for url in asked if not url.startswith(("/api/", "blob:", "data:"))} - kept
    assert outside <= {"/caminata/sw.js"}


@pytest.mark.parametrize("photo", [None, picture((1600, 1200))], ids=["bare", "with a photo"])
def test_from_tap_to_saved_takes_under_300_ms_at_a_sixfold_slowdown(walker, photo):
    walker.offline()
    cdp = walker.context.new_cdp_session(walker.page)
    took = []
    for number in range(5):
        walker.fill(f"Hoyo {number}", photo)
        walker.page.wait_for_timeout(300)
        cdp.send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})
        took.append(walker.page.evaluate(TAP_TO_SAVED))
        cdp.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    # The best of five: what the app needs, not what else the machine was doing.
    assert min(took) < 300, took


def test_the_first_view_comes_from_the_worker_within_a_second(walker):
    walker.offline()
    took = []
    for _ in range(3):
        walker.reopen()
        took.append(walker.page.evaluate("() => performance.getEntriesByType('paint')[0].startTime"))
    assert min(took) < 1_000, took


MANY = 2_000
KNOW_MANY = """async ([lng, lat, many]) => {
  const db = await new Promise((resolve) => {
    const request = indexedDB.open("caminata");
    request.onsuccess = () => resolve(request.result);
  });
  const store = () => db.transaction("reference", "readwrite").objectStore("reference");
  const finished = (request) => new Promise((resolve) => {
    request.onsuccess = () => resolve(request.result);
  });
  const reference = await finished(store().get("reference"));
  reference.issues = [...Array(many).keys()].map((n) => [
    `00000000-0000-7000-8000-${String(n).padStart(12, "0")}`, `M-${n}`, `Problema ${n}`, "PAV-01",
    "registered", "registrado", lng + ((n % 50) - 25) / 5_000, lat + (Math.floor(n / 50) - 20) / 5_000,
  ]);
  await finished(store().put(reference, "reference"));
  db.close();
}"""
# What the map holds, and how many of its spots were made again while something happened.
ELEMENTS = "() => document.querySelectorAll('#map *:not(.leaflet-tile)').length"


def test_two_thousand_known_problems_cost_the_map_no_element_and_no_redrawing(walker):
    few = walker.page.evaluate(ELEMENTS)
    walker.offline()
    walker.page.evaluate(KNOW_MANY, [*INSIDE[NORTE], MANY])
    walker.reopen()
    assert walker.page.evaluate(ELEMENTS) <= few + 2
    drag(walker, 150, 40)
    walker.capture("Entre dos mil")
    assert walker.page.evaluate(ELEMENTS) <= few + 2
    assert walker.page.evaluate("() => document.querySelectorAll('#map svg path').length") <= 2
    # The cross is back on the tablet, where one of the two thousand lies.
    walker.until("() => document.querySelector('#accuracy').textContent === 'precisión 12 m'")
    walker.page.wait_for_timeout(400)
    box = walker.page.locator("#map").bounding_box()
    walker.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    walker.page.get_by_role("heading", name="Problema 1025").wait_for()
