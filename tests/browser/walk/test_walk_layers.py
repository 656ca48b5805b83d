"""The map on the tablet: boundaries and drawing of one set, whole or as before; number 41 of offline.md."""

from __future__ import annotations

import json

import pytest
from django.contrib.gis.geos import LineString

from accounts.models import User
from issues.models import Issue
from territories.models import BoundarySet, Place
from tests.browser.walk.conftest import three_checks, until
from tests.town import boundary_set, square

ORIENTATION = "/api/v1/map/orientation"
HTML, GEOJSON = {"Content-Type": "text/html"}, {"Content-Type": "application/geo+json"}
KEPT = """async () => {
  const db = await new Promise((resolve) => {
    const request = indexedDB.open("caminata");
    request.onsuccess = () => resolve(request.result);
  });
  const get = (key) => new Promise((resolve) => {
    const request = db.transaction("reference").objectStore("reference").get(key);
    request.onsuccess = () => resolve(request.result);
  });
  const [reference, orientation] = [await get("reference"), await get("orientation")];
  db.close();
  return {
    set: reference?.boundaries.id,
    names: reference?.boundaries.territories.map(({ name }) => name),
    drawn: orientation?.features.find(({ properties }) => properties.kind === "territory")?.properties.set,
    streets: orientation?.features.filter(({ properties }) => properties.kind === "street").length,
  };
}"""
# How many different colours the tiles of the map show.
COLOURS = """() => {
  const seen = new Set();
  for (const tile of document.querySelectorAll("#map canvas.leaflet-tile")) {
    const { data } = tile.getContext("2d").getImageData(0, 0, tile.width, tile.height);
    for (let at = 0; at < data.length; at += 64) seen.add(`${data[at]},${data[at + 1]},${data[at + 2]}`);
  }
  return seen.size;
}"""


def colours(walker) -> int:
    """How many colours the whole neighbourhood is drawn in: one would be a grey map."""
    for _ in range(5):
        walker.page.locator(".leaflet-control-zoom-out").click()
        walker.page.wait_for_timeout(300)
    return walker.page.evaluate(COLOURS)


@pytest.fixture
def street_map(town) -> None:
    way = LineString((-70.80, -33.51), (-70.785, -33.51), srid=4326)
    Place.objects.create(
        kind="street", name="Avenida Pajaritos", search_name="avenida pajaritos", location=way
    )


def replace_boundaries() -> None:
    """Another set comes into force; the facilitator walks in it."""
    BoundarySet.objects.update(is_active=False)
    User.objects.filter(username="facilitadora").update(territory_codes=[9])
    boundary_set({9: "Norte nuevo"}, lambda code: square(1))


SPOILED = {
    "not there": {"status": 404},
    "a portal": {"status": 200, "body": b"<h1>WiFi</h1>", "headers": HTML},
    "json of somebody else": {"status": 200, "body": b'{"features": [{}]}', "headers": GEOJSON},
    "another map under this hash": {
        "status": 200,
        "body": json.dumps({"type": "FeatureCollection", "features": []}).encode(),
        "headers": GEOJSON | {"ETag": f'"{"0" * 32}"'},
    },
}


@pytest.mark.parametrize("answer", SPOILED.values(), ids=SPOILED.keys())
def test_41_a_new_boundary_set_without_its_map_keeps_the_old_pair_whole(walker, proxy, street_map, answer):
    before = walker.page.evaluate(KEPT)
    replace_boundaries()
    fault = proxy.spoil("answer", path=ORIENTATION, times=1_000, **answer)
    walker.reopen()
    until(lambda: fault.seen)
    walker.page.wait_for_timeout(500)
    assert walker.page.evaluate(KEPT) == before
    proxy.heal()
    walker.reopen()
    walker.until("() => document.querySelector('#where').textContent === 'Barrio Norte nuevo'")
    after = walker.page.evaluate(KEPT)
    assert after["set"] == after["drawn"] != before["set"]
    walker.capture()
    walker.delivered()
    three_checks(walker)


def test_41_a_map_cut_on_the_way_is_not_kept(make_walker, proxy, street_map):
    proxy.spoil("cut_answer", path=ORIENTATION, times=1_000)
    walker = make_walker().sign_in()
    assert walker.page.evaluate(KEPT)["drawn"] is None
    assert colours(walker) > 2
    walker.capture()
    walker.delivered()
    three_checks(walker)
    proxy.heal()
    walker.reopen()
    until(lambda: walker.page.evaluate(KEPT)["streets"] == 1)


def test_41_without_any_map_file_the_boundaries_are_drawn_and_capture_goes_on_offline(make_walker, proxy):
    proxy.spoil("answer", path=ORIENTATION, times=1_000, status=404)
    walker = make_walker().sign_in().offline().reopen()
    walker.until("() => document.querySelector('#where').textContent === 'Barrio Norte'")
    assert colours(walker) > 2
    walker.capture()
    walker.page.get_by_role("button", name="Revisión").click()
    walker.page.locator("#checks li[data-good=false]", has_text="Mapa y límites guardados").wait_for()
    walker.online().delivered()
    three_checks(walker)


def test_boundaries_streets_and_search_work_without_network(walker, street_map):
    walker.reopen()
    until(lambda: walker.page.evaluate(KEPT)["streets"] == 1)
    walker.offline().reopen()
    assert colours(walker) > 2
    walker.page.get_by_label("Buscar calle, cruce o lugar").fill("pajaritos")
    walker.page.keyboard.press("Enter")
    walker.until("() => document.querySelector('#where').textContent.startsWith('Barrio')")
    walker.capture("En la avenida")
    walker.online().delivered()
    assert abs(Issue.objects.get().location.y - -33.51) < 1e-4
    three_checks(walker)
