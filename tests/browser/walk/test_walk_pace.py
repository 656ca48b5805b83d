"""Fast enough for a finger on a slow tablet; small enough for a weak signal."""

from __future__ import annotations

import gzip

import pytest

from tests.browser.walk.conftest import picture
from walks import shell

SHELL_LIMIT = 250 * 1024
SLOWDOWN = 6
TAP_TO_SAVED = """() => new Promise((resolve) => {
  const message = document.querySelector("#message");
  const begin = performance.now();
  const saved = () => message.textContent.startsWith("Guardado en esta tableta");
  const look = () => saved() && resolve(performance.now() - begin);
  new MutationObserver(look).observe(message, { childList: true, characterData: true, subtree: true });
  document.querySelector("#save").click();
})"""


def test_the_shell_stays_below_250_kb_compressed():
    sizes = [len(gzip.compress(shell.read(name), 9)) for name in shell.files()]
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
