"""The central scenarios of the tablet in WebKitGTK (`make webkit`). Numbers are those of offline.md.

Not among the tests of `make test`: the browser comes from packages that a server does not need.
"""

from __future__ import annotations

import pytest

from issues.models import Issue
from tests.browser.walk.conftest import picture, three_checks


@pytest.fixture
def photo(tmp_path) -> str:
    """A picture of the street as a file."""
    file = tmp_path / "foto.jpg"
    file.write_bytes(picture())
    return str(file)


def test_01_saved_offline_survives_a_reload_and_goes_when_the_network_is_back(walker, photo):
    walker.offline().capture("Sin red", photo)
    assert "1 por enviar · 1 foto" in walker.state
    walker.reopen()
    assert "1 por enviar · 1 foto" in walker.state
    assert Issue.objects.count() == 0
    walker.online().delivered()
    three_checks(walker, photos=1)


def test_03_a_reset_after_the_commit_does_not_double(walker, proxy, photo):
    fault = proxy.spoil("reset_after", path="/api/v1/sync/", method="POST", times=2)
    walker.capture("Respuesta perdida", photo).delivered()
    assert fault.seen == 2
    three_checks(walker, photos=1)


def test_11_a_double_tap_saves_once(walker):
    walker.fill("Dos veces")
    walker.webkit.run(
        "() => { const save = document.querySelector('#save'); save.click(); save.click(); save.click(); }"
    )
    walker.shows().delivered()
    walker.captured = [row["id"] for row in walker.tablet()["records"]]
    assert len(walker.captured) == 1
    three_checks(walker)


def test_22_signing_out_with_a_queue_keeps_the_queue(walker):
    walker.offline().capture("Con la sesión cerrada")
    walker.webkit.forget_cookie("mapa_session")
    walker.online().reopen().delivered()
    three_checks(walker)


def test_29_caches_deleted_and_the_database_alive(walker):
    walker.offline().capture("Sin caché")
    walker.webkit.run("async () => { for (const name of await caches.keys()) await caches.delete(name); }")
    walker.online().reopen().delivered()
    walker.offline().reopen()
    three_checks(walker)


def test_29_the_database_deleted_and_the_caches_alive_is_told(walker):
    walker.offline().capture("Perdido")
    walker.online().offline()
    walker.captured = []
    walker.webkit.run(
        "() => new Promise((done) => { const gone = indexedDB.deleteDatabase('caminata');"
        " gone.onsuccess = () => done(true); })"
    )
    walker.webkit.goto(f"{walker.proxy.url}/caminata/")
    walker.until(
        "() => document.querySelector('#notices').textContent.includes('perdió lo que tenía guardado')"
    )
