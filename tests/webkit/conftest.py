"""The tablet in WebKitGTK, behind the same spoiling proxy as in Chromium."""

from __future__ import annotations

import time

import pytest

from tests.browser.walk.conftest import READ, proxy, street  # noqa: F401
from tests.storm.proxy import FaultProxy
from tests.webkit.driver import WebKit

READY = """async () => document.documentElement.dataset.ready === "true"
  && Boolean(navigator.serviceWorker.controller) && Boolean(document.querySelector(".walk-tile"))"""
ARROW_UP = "\ue013"


class Walker:
    """Does what a finger does and reads what an eye sees; offline means that the proxy resets everything."""

    def __init__(self, webkit: WebKit, proxy: FaultProxy) -> None:  # noqa: F811
        self.webkit, self.proxy = webkit, proxy
        self.captured: list[str] = []

    def sign_in(self) -> Walker:
        self.webkit.goto(f"{self.proxy.url}/entrar/?next=/caminata/")
        self.webkit.write("#id_login", "facilitadora")
        self.webkit.write("#id_password", "clave-de-prueba")
        self.webkit.click("main form button[type=submit]")
        self.until("() => location.pathname === '/caminata/'")
        return self.ready()

    def ready(self) -> Walker:
        """The app is open, kept for offline use, and knows the neighbourhoods."""
        return self.until(READY, seconds=40)

    def reopen(self) -> Walker:
        self.webkit.goto(f"{self.proxy.url}/caminata/")
        return self.ready()

    def until(self, function: str, *values: object, seconds: float = 20) -> Walker:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                if self.webkit.run(function, *values):
                    return self
            except RuntimeError:  # the page is just being replaced
                pass
            time.sleep(0.1)
        page = self.webkit.run("() => `${location.href} ${document.body.innerText}`")
        raise AssertionError(f"never true: {function} {values}; {page}")

    def offline(self) -> Walker:
        self.proxy.spoil("reset_before", path="/", times=1_000_000)
        return self

    def online(self) -> Walker:
        self.proxy.heal()
        self.webkit.run("() => { window.dispatchEvent(new Event('online')); }")
        return self

    def fill(self, title: str, photo: str = "") -> Walker:
        if photo:
            self.webkit.write("#photo", photo)
            self.until("() => document.querySelectorAll('#photos li').length === 1")
        self.webkit.write("#map", ARROW_UP)  # no GPS here: the place is chosen by hand
        self.webkit.click(".walk-tile")
        self.webkit.write("#title", title)
        return self

    def capture(self, title: str, photo: str = "") -> Walker:
        before = {row["id"] for row in self.tablet()["records"]}
        self.fill(title, photo)
        self.webkit.click("#save")
        self.shows()
        self.captured += [row["id"] for row in self.tablet()["records"] if row["id"] not in before]
        return self

    def shows(self) -> Walker:
        return self.until(
            "() => document.querySelector('#message').textContent.includes('Guardado en esta tableta ✓')"
        )

    def delivered(self) -> Walker:
        script = "() => document.querySelector('#state-text').textContent.includes('Todo recibido ✓✓')"
        return self.until(script, seconds=40)

    @property
    def state(self) -> str:
        return self.webkit.run("() => document.querySelector('#state-text').textContent")

    def tablet(self) -> dict:
        return self.webkit.run(READ, ["records", "photos", "drafts"])


@pytest.fixture
def walker(proxy):  # noqa: F811
    webkit = WebKit()
    yield Walker(webkit, proxy).sign_in()
    webkit.close()
