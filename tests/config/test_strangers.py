"""A stranger holds sockets, never the site: half requests, too many at once, too much.

The real server on the test's database. Nothing is timed: what waits for somebody else gets no answer at all.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from django.http import HttpResponse

from accounts.callers import KNOWN_PREFIX
from config.lanes import FILES, HOUSE, PAPERS, PUBLIC, WORK, lane_of, lanes
from scripts.cluster import free_port
from tests.strangers import BODY, HEAD, a_locked_table, a_server, ask, crowd, drips
from tests.workers import wait_until

pytestmark = pytest.mark.django_db
FAST = {"WEB_HEADER_SECONDS": "1", "WEB_BODY_SECONDS": "1"}
PAGES = {"/": 200, "/gestion/": 302, "/caminata/": 200, "/api/v1/issues/": 200, "/readyz": 200}


@pytest.fixture(scope="module", autouse=True)
def database(django_db_setup) -> None:
    """The tables, for a process of its own; the tests themselves ask nothing."""


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """The server as `make run` starts it."""
    with a_server() as port:
        yield port


# So long may a page wait for a locked table here.
PATIENT = {"LOCK_SECONDS": "100", "STATEMENT_SECONDS": "100", "BEHIND_PROXY": "1"}
LANES = {lane.name: lane for lane in lanes(threads=2)}
LOCKED, FREE = "/api/v1/issues/", "/como-priorizamos/"


def from_(number: int) -> dict[str, str]:
    """The headers of the proxy for a resident."""
    return {"X_Forwarded_For": f"198.51.100.{number}"}


def staff(value: str = "") -> dict[str, str]:
    """The cookie of a browser in which somebody of staff once signed in."""
    name, answer = f"{KNOWN_PREFIX}012345678901", HttpResponse()
    # As a page sets it: what Django mixes into the signature changed once, and nobody was known any more.
    answer.set_signed_cookie(name, "a" * 32)
    return {"Cookie": f"{name}={value or answer.cookies[name].value}"}


def statuses(port: int, seconds: float = 30) -> dict[str, int]:
    return {page: ask(port, page, seconds=seconds).status for page in PAGES}


def test_pages_answer_while_fifty_send_heads_and_fifty_send_bodies_letter_by_letter(port):
    with drips(port, HEAD, 50) as heads, drips(port, BODY, 50) as bodies:
        for _ in range(3):
            assert statuses(port) == PAGES
            heads.drip()
            bodies.drip()
        assert (len(heads.links), len(bodies.links)) == (50, 50), "nobody was cut off before the time"


def test_planted_a_server_whose_threads_wait_for_letters_answers_nobody():
    with a_server("--worker-class", "gthread") as port, drips(port, HEAD, 50):
        assert statuses(port, seconds=4) == dict.fromkeys(PAGES, 0)


def test_who_never_comes_to_an_end_is_cut_off():
    with a_server(**FAST) as port, drips(port, HEAD, 50) as heads, drips(port, BODY, 50) as bodies:
        wait_until(heads.are_cut)
        wait_until(bodies.are_cut)
        assert statuses(port) == PAGES


@pytest.mark.parametrize(
    ("off", "first", "second"),
    [("WEB_HEADER_SECONDS", HEAD, BODY), ("WEB_BODY_SECONDS", BODY, HEAD)],
)
def test_planted_without_its_deadline_a_half_request_stays_for_ever(off, first, second):
    with (
        a_server(**FAST | {off: "0"}) as port,
        drips(port, first, 5) as unseen,
        drips(port, second, 5) as cut,
    ):
        wait_until(cut.are_cut)
        assert not unseen.are_cut(), "these began earlier"


@pytest.mark.parametrize(
    ("path", "stranger", "of_staff"),
    [
        ("/", PUBLIC, WORK),
        ("/problemas/M-2026-000001/", PUBLIC, WORK),
        ("/api/v1/map/", PUBLIC, WORK),
        ("/tiles/issues/12/1/1.mvt", PUBLIC, WORK),
        ("/listas/3/lista.json", PUBLIC, WORK),
        ("/reuniones/", PUBLIC, WORK),
        ("/reuniones/7/acta/", PUBLIC, WORK),
        ("/reuniones/7/sala/estado.json", WORK, WORK),
        ("/reuniones/7/codigos/", WORK, WORK),
        ("/gestion/", WORK, WORK),
        ("/gestionar/", PUBLIC, WORK),
        ("/caminata/sw.js", WORK, WORK),
        ("/api/v1/sync/photos/1", WORK, WORK),
        ("/votar/AB12/", WORK, WORK),
        ("/datos/", PUBLIC, WORK),
        ("/datos/problemas.geojson", FILES, PAPERS),
        ("/listas/3/lista.pdf", FILES, PAPERS),
        ("/gestion/problemas.xlsx", FILES, PAPERS),
        ("/alcaldia/informe.pdf", FILES, PAPERS),
        ("/static/a.css", HOUSE, HOUSE),
        ("/readyz", HOUSE, HOUSE),
        ("/readyz/more", PUBLIC, WORK),
    ],
)
def test_each_address_waits_in_its_lane(path, stranger, of_staff):
    assert (lane_of(path, is_staff=False), lane_of(path, is_staff=True)) == (stranger, of_staff)


def test_public_pages_that_hang_stop_neither_desk_nor_tablets_and_who_finds_no_place_is_told_at_once():
    room = LANES[PUBLIC].threads + LANES[PUBLIC].waiting
    with a_server(**PATIENT) as port, crowd(port) as residents, a_locked_table("issues_issue"):
        for number in range(room):
            residents.ask(LOCKED, **from_(number))
        wait_until(lambda: ask(port, FREE, seconds=2, **from_(200)).status == 503)
        assert residents.answered() == [], "whoever waits goes on waiting"
        assert statuses(port) == PAGES | {"/": 503, LOCKED: 503}
        assert ask(port, FREE, **staff()).status == 200
        assert ask(port, FREE, **staff("forged:1abcde:signature")).status == 503


def test_planted_without_lanes_two_pages_that_hang_stop_everything():
    server, locked = a_server("--worker-class", "gthread", **PATIENT), a_locked_table("issues_issue")
    with server as port, crowd(port) as residents, locked:
        residents.ask(LOCKED, 2)
        wait_until(lambda: ask(port, "/gestion/", seconds=2).status == 0)


def test_who_waited_is_served_when_the_way_is_free():
    with a_server(**PATIENT) as port, crowd(port) as residents:
        with a_locked_table("issues_issue"):
            residents.ask(LOCKED, 5)
            assert ask(port, "/readyz").status == 200
            assert residents.answered() == []
        wait_until(lambda: residents.answered() == [200] * 5)


def test_one_address_has_its_share_of_all_processes_and_no_more():
    share = LANES[PUBLIC].seats
    with a_server(**PATIENT | {"WEB_CONCURRENCY": "2"}) as port, crowd(port) as greedy:
        with a_locked_table("issues_issue"):
            greedy.ask(LOCKED, share + 3, **from_(1))
            wait_until(lambda: greedy.answered() == [429] * 3)
            assert ask(port, "/gestion/", **from_(1)).status == 302
            page = ask(port, FREE, **from_(1))
            assert (page.status, page.headers["Retry-After"]) == (429, "10")
            assert page.headers["Cache-Control"] == "no-store"
            assert b"se pide mucho a la vez" in page.body
            assert list(json.loads(ask(port, LOCKED, **from_(1)).body)) == ["detail"]
            assert json.loads(ask(port, "/open311/v2/services.json", **from_(1)).body)[0]["code"] == "429"
            assert ask(port, "/open311/v2/services.xml", **from_(1)).body.startswith(b"<?xml")
        wait_until(lambda: greedy.answered() == [200] * share + [429] * 3)
        assert ask(port, FREE, **from_(1)).status == 200, "its seats are free again"


def test_twenty_downloads_from_one_address_are_two_and_leave_the_files_of_staff_alone():
    with a_server(**PATIENT) as port, crowd(port) as greedy, a_locked_table("issues_issue"):
        greedy.ask("/datos/problemas.csv", 20, **from_(1))
        wait_until(lambda: greedy.answered() == [429] * 18)
        assert ask(port, "/datos/sellos.csv", **staff()).status == 200
        assert statuses(port, seconds=3) == PAGES | {"/": 0, LOCKED: 0}


def test_a_resident_cannot_take_another_ones_share_by_a_forged_header_without_a_proxy():
    server, locked = a_server(**PATIENT | {"BEHIND_PROXY": "0"}), a_locked_table("issues_issue")
    with server as port, crowd(port) as greedy, locked:
        for number in range(LANES[PUBLIC].seats + 1):
            greedy.ask(LOCKED, **from_(number))
        wait_until(lambda: greedy.answered() == [429])


@pytest.mark.parametrize(("size", "cookie", "status"), [(40, {}, 413), (400, {}, 413), (400, staff, 413)])
def test_what_is_too_large_is_refused_before_it_is_sent(port, size, cookie, status):
    told = {"Content_Length": str(size * 1024 * 1024)} | (cookie() if cookie else {})
    assert ask(port, "/accounts/login/", method="POST", **told).status == status


def test_a_process_that_is_asked_to_end_lets_who_waits_have_the_answer():
    with crowd(0) as residents:
        with a_server(**PATIENT) as residents.port, a_locked_table("issues_issue"):
            residents.ask(LOCKED, 3)
            ask(residents.port, "/readyz")
            # The server is asked to end here.
        assert residents.answered() == [200] * 3


def test_metrics_have_a_port_of_their_own_and_the_access_log_a_line_for_each_request(tmp_path):
    metrics, log = free_port(9750), tmp_path / "access.log"
    with a_server(METRICS_PORT=str(metrics), ACCESS_LOG=str(log)) as port:
        assert b"mapa_database_up 1.0" in ask(metrics, "/metrics").body
        assert (ask(metrics, "/").status, ask(port, "/metrics").status) == (404, 404)
        assert ask(port, "/readyz").status == 200
    assert '"GET /readyz HTTP/1.1" 200 5 ' in log.read_text()


def test_a_file_is_served_by_ranges_and_from_memory_of_the_browser(port):
    whole = ask(port, "/static/icons/favicon.svg")
    again = ask(port, "/static/icons/favicon.svg", If_Modified_Since=whole.headers["Last-Modified"])
    assert (whole.status, again.status, again.body) == (200, 304, b"")
    part = ask(port, "/static/icons/favicon.svg", Range="bytes=0-3")
    assert (part.status, part.body) == (206, whole.body[:4])
