"""A base map of one file on every page with a map; whatever fails, the map draws itself."""

# ruff: noqa: F811

from __future__ import annotations

import time

import pytest
from playwright.sync_api import Page, expect

from tests.basemaps import SHAPES, ArchiveServer, raster, vector
from tests.browser.conftest import PHONE
from tests.browser.room.test_room_count import come_in, evening  # noqa: F401
from tests.maps.conftest import gazetteer, media, story, vote  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)
# Tokens of static/css/base/tokens.css.
WATER = {"light": [195, 219, 226], "dark": [24, 52, 61], "sun": [207, 227, 238]}
RED = [200, 30, 40]
BENEATH, BETWEEN, ABOVE = 1, 2, 3
# The colours that the tiles of one layer show, by its place in the pile.
COLOURS = """(place) => {
  const layers = [...document.querySelectorAll(".leaflet-tile-pane .leaflet-layer")];
  const tiles = layers.filter(({ style }) => style.zIndex === String(place)).flatMap((layer) =>
    [...layer.querySelectorAll(".leaflet-tile-loaded")]);
  const seen = new Set();
  for (const tile of tiles) {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 256;
    const context = canvas.getContext("2d");
    context.drawImage(tile, 0, 0, 256, 256);
    const { data } = context.getImageData(0, 0, 256, 256);
    for (let at = 0; at < data.length; at += 4) {
      if (data[at + 3] === 255) seen.add(`${data[at]},${data[at + 1]},${data[at + 2]}`);
    }
  }
  return [...seen].map((colour) => colour.split(",").map(Number));
}"""


def colours(page: Page, place: int) -> list[list[int]]:
    return page.evaluate(COLOURS, place)


def shows(page: Page, place: int, colour: list[int], seconds: float = 20) -> None:
    """Wait until a layer shows a colour (a strict CSP forbids wait_for_function)."""
    end = time.monotonic() + seconds
    while colour not in colours(page, place):
        assert time.monotonic() < end, (colour, colours(page, place)[:20])
        page.wait_for_timeout(100)


def opened(page: Page, shown: str, path: str = "/", place: str = "#map") -> None:
    page.goto(path)
    expect(page.locator(place)).to_have_attribute("data-basemap", shown)


@pytest.fixture
def drawn(tmp_path, settings, issue, gazetteer):
    """A vector archive that the site serves."""
    settings.BASEMAP_FILE = str(vector(tmp_path / "maipu.pmtiles"))


@pytest.fixture
def allow(settings):
    """Names a host in the policy, as settings.py does for BASEMAP_URL."""

    def permit(origin: str) -> None:
        policy = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
        more = {name: [*policy[name], origin] for name in ("img-src", "connect-src")}
        settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": policy | more}

    return permit


@pytest.fixture
def serve(settings, tmp_path):
    """Puts an archive on another origin and names it in BASEMAP_URL."""
    servers = []

    def start(path, **more) -> ArchiveServer:
        servers.append(ArchiveServer(path, **more))
        settings.BASEMAP_URL = f"{servers[-1].origin}/maipu.pmtiles"
        return servers[-1]

    yield start
    for server in servers:
        server.close()


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_a_vector_archive_lies_between_ground_and_lines(make_page, drawn, live_server, size):
    page = make_page(**({"viewport": PHONE} if size == "phone" else {}))
    asked, said = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    opened(page, "vector")
    shows(page, BETWEEN, WATER["light"])
    # The boundaries of the neighbourhoods above, our own ground beneath.
    assert len(colours(page, ABOVE)) > 1
    assert len(colours(page, BENEATH)) > 2
    expect(page.locator(".leaflet-control-attribution")).to_have_text("© OpenStreetMap")
    assert [url for url in asked if not url.startswith((live_server.url, "data:", "blob:"))] == []
    assert [text for text in said if "Content Security Policy" in text] == []


def test_the_colours_follow_the_theme(make_page, drawn):
    page = make_page(color_scheme="dark")
    opened(page, "vector")
    shows(page, BETWEEN, WATER["dark"])
    page.emulate_media(color_scheme="light")
    shows(page, BETWEEN, WATER["light"])
    page.evaluate("() => document.documentElement.classList.add('theme-sun')")
    shows(page, BETWEEN, WATER["sun"])


def test_an_archive_of_pictures_is_shown_with_its_own_words_as_text(page, settings, tmp_path, issue):
    settings.BASEMAP_FILE = str(raster(tmp_path / "fotos.pmtiles"))
    opened(page, "raster")
    shows(page, BETWEEN, RED)
    expect(page.locator(".leaflet-control-attribution")).to_have_text("Fotos del municipio")
    assert page.locator(".leaflet-control-attribution b").count() == 0


def test_the_words_of_the_setting_go_first(page, drawn, settings):
    settings.BASEMAP_ATTRIBUTION = '<a href="https://maipu.example/">Municipio</a>'
    opened(page, "vector")
    expect(page.locator(".leaflet-control-attribution a")).to_have_text("Municipio")


def test_an_archive_of_another_origin_is_read_by_ranges(page, tmp_path, issue, serve, allow):
    allow(serve(raster(tmp_path / "fotos.pmtiles")).origin)
    opened(page, "raster")
    shows(page, BETWEEN, RED)


def test_without_a_base_map_its_libraries_are_not_fetched(page, issue):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    opened(page, "")
    page.wait_for_load_state("networkidle")
    assert len(asked) > 10
    assert [url for url in asked if "pmtiles" in url or "protomaps" in url or "archive" in url] == []
    assert page.locator(".leaflet-control-attribution").count() == 0


def missing(settings, tmp_path, serve, allow, page):
    settings.BASEMAP_FILE = str(tmp_path / "nothing.pmtiles")


def not_found(settings, tmp_path, serve, allow, page):
    settings.BASEMAP_URL = "/mapa-base/0000000000000000.pmtiles"


def without_ranges(settings, tmp_path, serve, allow, page):
    allow(serve(raster(tmp_path / "fotos.pmtiles", filler=40_000), ranges=False).origin)


def not_shared(settings, tmp_path, serve, allow, page):
    allow(serve(raster(tmp_path / "fotos.pmtiles"), shared=False).origin)


def not_in_the_policy(settings, tmp_path, serve, allow, page):
    serve(raster(tmp_path / "fotos.pmtiles"))


def cut(settings, tmp_path, serve, allow, page):
    path = vector(tmp_path / "maipu.pmtiles")
    path.write_bytes(path.read_bytes()[:200])
    settings.BASEMAP_FILE = str(path)


def corrupt(settings, tmp_path, serve, allow, page):
    path = vector(tmp_path / "maipu.pmtiles")
    content = bytearray(path.read_bytes())
    content[127:160] = bytes(33)
    path.write_bytes(content)
    settings.BASEMAP_FILE = str(path)


def another_schema(settings, tmp_path, serve, allow, page):
    settings.BASEMAP_FILE = str(vector(tmp_path / "maipu.pmtiles", {"transportation": SHAPES["roads"]}))


def no_library(settings, tmp_path, serve, allow, page):
    settings.BASEMAP_FILE = str(vector(tmp_path / "maipu.pmtiles"))
    page.route("**/protomaps-leaflet*.js", lambda route: route.abort())


FAULTS = [
    missing,
    not_found,
    without_ranges,
    not_shared,
    not_in_the_policy,
    cut,
    corrupt,
    another_schema,
    no_library,
]


@pytest.mark.parametrize("spoil", FAULTS)
def test_a_map_that_cannot_be_opened_leaves_our_own(
    page,
    settings,
    tmp_path,
    serve,
    allow,
    issue,
    gazetteer,
    spoil,
):
    spoil(settings, tmp_path, serve, allow, page)
    opened(page, "failed")
    page.wait_for_load_state("networkidle")
    assert len(colours(page, BENEATH)) > 3
    assert (colours(page, BETWEEN), colours(page, ABOVE)) == ([], [])
    assert page.locator(".leaflet-control-attribution").count() == 0
    assert page.locator(".issue-item__title").count() == 1


@pytest.mark.parametrize("make", [vector, raster])
def test_a_tile_that_fails_leaves_ours_visible_and_is_asked_again_with_the_network(
    page,
    settings,
    tmp_path,
    issue,
    gazetteer,
    make,
):
    path = make(tmp_path / "maipu.pmtiles")
    settings.BASEMAP_FILE = str(path)
    tile_data = int.from_bytes(path.read_bytes()[56:64], "little")

    def only_the_directory(route):
        start = int(route.request.headers["range"].removeprefix("bytes=").split("-")[0])
        return route.abort() if start >= tile_data else route.continue_()

    page.route("**/mapa-base/**", only_the_directory)
    opened(page, make.__name__)
    page.wait_for_load_state("networkidle")
    assert colours(page, BETWEEN) == []
    assert len(colours(page, BENEATH)) > 2
    page.unroute("**/mapa-base/**")
    page.evaluate("() => window.dispatchEvent(new Event('online'))")
    shows(page, BETWEEN, WATER["light"] if make is vector else RED)


def test_raster_tiles_of_an_address_fail_one_by_one(page, settings, issue, gazetteer):
    settings.BASEMAP_URL, settings.BASEMAP_ATTRIBUTION = "/azulejos/{z}/{x}/{y}.png", "© Municipio"
    opened(page, "raster")
    page.wait_for_load_state("networkidle")
    assert colours(page, BETWEEN) == []
    assert len(colours(page, BENEATH)) > 2


def test_public_pages_share_one_base_map(page, drawn, story):
    for path in (f"/problemas/{story.issue.reference}/", "/barrios/norte/"):
        opened(page, "vector", path)
    opened(page, "vector", "/listas/1/", "#list-map")


def test_desk_room_and_projector_share_it(make_page, come_in, drawn, evening, cabinet):
    page = make_page()
    come_in(page, cabinet)
    opened(page, "vector", "/gestion/", "#desk-map")
    opened(page, "vector", f"/reuniones/{evening.pk}/sala/?vista=proyector", "#room-map")
    opened(page, "vector", "/reuniones/nueva/", "#place-map")
