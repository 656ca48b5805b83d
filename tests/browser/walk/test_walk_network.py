"""The network fails in every way it can; the outbox does not. Numbers are those of offline.md."""

from __future__ import annotations

import pytest

from issues.models import Issue
from tests.browser.walk.conftest import noise, picture, three_checks

HTML = {"Content-Type": "text/html"}
JSON = {"Content-Type": "application/json"}


def test_01_saved_offline_survives_a_reload_and_goes_when_the_network_is_back(walker):
    walker.offline()
    walker.capture(photo=picture())
    walker.says("1 por enviar · 1 foto · sin red")
    walker.reopen().says("1 por enviar · 1 foto · sin red")
    assert Issue.objects.count() == 0
    walker.online().delivered()
    three_checks(walker, photos=1)


def test_02_a_500_before_the_commit_loses_nothing(walker, proxy):
    fault = proxy.spoil("answer", method="POST", status=500, times=3)
    walker.capture()
    walker.delivered()
    assert fault.seen == 3
    three_checks(walker)


def test_03_a_reset_after_the_commit_does_not_double(walker, proxy):
    fault = proxy.spoil("reset_after", method="POST", times=2)
    walker.capture(photo=picture())
    walker.delivered()
    assert fault.seen == 2
    three_checks(walker, photos=1)


def test_04_a_request_that_hangs_and_arrives_late_does_not_double(walker, proxy):
    late = proxy.spoil("late", method="POST")
    hang = proxy.spoil("hang", method="POST")
    walker.capture()
    walker.delivered()
    late.release.set()
    hang.release.set()
    walker.page.wait_for_timeout(500)
    three_checks(walker)


def test_05_a_cut_answer_proves_nothing_and_is_asked_again(walker, proxy):
    proxy.spoil("cut_answer", method="POST", times=2)
    walker.capture(photo=picture())
    walker.delivered()
    three_checks(walker, photos=1)


PORTALS = {
    "200 html": {"status": 200, "body": b"<h1>Bienvenido al WiFi</h1>", "headers": HTML},
    "200 html that says json": {"status": 200, "body": b"<h1>WiFi</h1>", "headers": JSON},
    "302": {"status": 302, "body": b"", "headers": {"Location": "http://127.0.0.1:9/portal"}},
    "another json": {"status": 200, "body": b'{"ok": true, "results": []}', "headers": JSON},
    "empty json": {"status": 200, "body": b"", "headers": JSON},
}


@pytest.mark.parametrize("answer", PORTALS.values(), ids=PORTALS.keys())
def test_06_a_wifi_portal_is_never_taken_for_the_server(walker, proxy, answer):
    fault = proxy.spoil("answer", times=10_000, **answer)
    walker.capture()
    walker.until("() => !document.getElementById('state-text').textContent.includes('enviando')")
    assert "1 por enviar" in walker.state or "Entra para enviar 1" in walker.state
    assert walker.tablet()["records"][0]["state"] == "saved"
    assert fault.seen
    proxy.heal()
    walker.send().delivered()
    three_checks(walker)


def test_07_an_upload_cut_again_and_again_arrives_in_parts(walker, proxy):
    fault = proxy.spoil("cut_upload", method="PUT", times=5)
    walker.capture(photo=noise((1600, 1200)))
    walker.delivered(40)
    assert fault.seen == 5
    assert sum("part=" in path for _method, path, _status in proxy.log) >= 3
    three_checks(walker, photos=1)


def test_08_at_300_bytes_a_second_the_record_arrives(walker, proxy):
    fault = proxy.spoil("slow", method="POST", times=1, rate=300)
    walker.capture()
    walker.delivered(40)
    assert fault.seen == 1
    three_checks(walker)


@pytest.mark.parametrize(
    ("status", "headers"),
    [(413, HTML), (429, HTML | {"Retry-After": "1"}), (503, HTML | {"Retry-After": "1"}), (502, HTML)],
)
def test_09_a_refusal_for_now_is_waited_out(walker, proxy, status, headers):
    proxy.spoil("answer", method="POST", times=2, status=status, headers=headers)
    walker.capture()
    assert "1 por enviar" in walker.state
    walker.delivered()
    three_checks(walker)


def test_09_a_batch_that_is_too_large_is_sent_in_smaller_ones(walker, proxy):
    walker.offline()
    for number in range(6):
        walker.capture(f"Hoyo {number}")
    proxy.spoil("answer", method="POST", times=1, status=413)
    walker.online().delivered()
    three_checks(walker)
