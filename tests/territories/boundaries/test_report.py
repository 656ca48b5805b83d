"""What the report says about a file: each kind of trouble, measured, placed and in words."""

from __future__ import annotations

import json

import pytest
from django.contrib.gis.geos import GEOSGeometry
from shapely.geometry import MultiPolygon, Polygon, box
from shapely.ops import unary_union

from territories.boundaries import reports
from territories.boundaries.loading import Options, load
from territories.boundaries.metadata import Metadata
from territories.importing.checks import geodesic_area
from tests.territories.importing import files

pytestmark = pytest.mark.django_db
# Metres in degrees at the town: the side of a square is some 1,857 m by 2,218 m.
LNG_METRE, LAT_METRE = 1 / 92_890, 1 / 110_920


def found(tmp_path, shape=files.square, names=files.TOWN, **options) -> dict[str, list[dict]]:
    """What was found in a file, by kind."""
    path = files.geojson(tmp_path / "a.geojson", files.town(names, shape))
    report = load(path, Options(**({"expect": 3} | options)), Metadata(), dry_run=True).report
    by_kind: dict[str, list[dict]] = {}
    for one in reports.with_texts(report):
        by_kind.setdefault(one["kind"], []).append(one)
    return by_kind


def changed(code: int, change):
    """The squares, one of them changed."""
    return lambda each: change(files.square(each)) if each == code else files.square(each)


def wider(metres: float):
    return lambda square: box(
        square.bounds[0] - metres * LNG_METRE, square.bounds[1], square.bounds[2], square.bounds[3]
    )


def test_a_file_without_trouble_has_nothing_to_report(town, tmp_path):
    assert found(tmp_path) == {}


def test_areas_are_geodesic(tmp_path):
    report = load(files.geojson(tmp_path / "a.geojson"), Options(expect=3), Metadata(), dry_run=True).report
    (area,) = {round(one["area_m2"]) for one in report["territories"]}
    ellipsoid = GEOSGeometry(files.square(1).wkt, srid=4326).transform(32719, clone=True).area
    assert area == pytest.approx(ellipsoid, rel=0.001)
    assert area == pytest.approx(geodesic_area(files.square(1)), abs=1)


def test_an_overlap_is_measured_and_placed(town, tmp_path):
    (one,) = found(tmp_path, changed(2, wider(10)))["overlap"]
    assert one["area_m2"] == pytest.approx(22_180, rel=0.01)
    assert one["where"][0] == pytest.approx(-70.78, abs=0.001)
    assert one["text"].startswith("«Norte» y «Centro» se traslapan. Superficie: 22.")
    assert one["shape"]["type"] == "Polygon"


def test_an_overlap_below_the_tolerance_is_no_trouble(town, tmp_path):
    assert "overlap" not in found(tmp_path, changed(2, wider(10)), tolerance_m2=30_000)


def test_a_gap_between_neighbourhoods_is_measured_and_placed(town, tmp_path):
    bite = box(-70.78, -33.512, -70.779, -33.511)
    (one,) = found(tmp_path, changed(2, lambda square: square.difference(bite)))["gap"]
    assert one["area_m2"] == pytest.approx(geodesic_area(bite), rel=0.01)
    assert one["level"] == "warning"


def test_a_hole_and_a_loose_sliver_are_told(town, tmp_path):
    def damaged(square):
        holed = square.difference(box(-70.771, -33.511, -70.770, -33.510))
        return MultiPolygon([holed, box(-70.7000, -33.51, -70.69995, -33.50995)])

    problems = found(tmp_path, changed(2, damaged))
    assert problems["hole"][0]["details"]["name"] == "Centro"
    assert problems["sliver"][0]["area_m2"] < 100


def test_a_part_outside_todays_commune_and_a_part_left_without_are_told(town, tmp_path):
    def further_south(square):
        west, south, east, north = square.bounds
        return box(west, south - 0.005, east, north - 0.005)

    problems = found(tmp_path, lambda code: further_south(files.square(code)))
    assert [one["details"]["name"] for one in problems["outside"]] == ["Norte", "Centro", "Sur"]
    strip = box(-70.80, -33.505, -70.74, -33.50)
    assert sum(one["area_m2"] for one in problems["uncovered"]) == pytest.approx(
        geodesic_area(strip), rel=0.01
    )


def spiked(square: Polygon) -> Polygon:
    """A small loop in the southern edge, as a slip of the hand leaves it."""
    west, south, east, north = square.bounds
    middle = (west + east) / 2
    steps = [(0, 0), (0.0002, 0.0001), (0.0001, 0.0002), (0.0001, -0.0001)]
    loop = [(middle + x, south + y) for x, y in steps]
    return Polygon([(west, south), *loop, (east, south), (east, north), (west, north)])


def test_a_small_slip_is_repaired_and_told_with_its_place(town, tmp_path):
    (one,) = found(tmp_path, changed(2, spiked))["repaired"]
    assert one["area_m2"] < 500
    assert one["where"] is not None
    assert "(se cruza a sí mismo)" in one["text"]


def test_a_ring_that_touches_itself_is_repaired(town, tmp_path):
    def touching(square):
        west, south, east, north = square.bounds
        cut = [(west + 0.01, north), (west + 0.012, north - 0.002), (west + 0.008, north - 0.002)]
        return Polygon(
            [(west, south), (east, south), (east, north), *cut, (west + 0.01, north), (west, north)]
        )

    assert "repaired" in found(tmp_path, changed(2, touching))


def test_a_hole_outside_its_shell_is_repaired_or_refused_but_never_kept(town, tmp_path):
    hole = list(box(-70.7001, -33.511, -70.70, -33.5109).exterior.coords)
    problems = found(tmp_path, changed(2, lambda square: Polygon(square.exterior, [hole])))
    assert "(un hueco está afuera)" in problems["repaired"][0]["text"]


def test_names_are_matched_whatever_their_case_accents_dashes_and_barrio(town, tmp_path):
    assert found(tmp_path, names={1: "BARRIO NORTE", 2: "céntro", 3: " -Sur- "}) == {}


def test_unknown_and_missing_names_are_told(town, tmp_path):
    problems = found(tmp_path, names={1: "Norte", 2: "Centro", 3: "Poniente"})
    assert problems["names_missing"][0]["text"] == "No aparecen estos barrios conocidos: Sur."
    assert problems["names_new"][0]["text"] == "Estos nombres no se conocían: Poniente."


def test_a_neighbourhood_with_another_number_is_told(town, tmp_path):
    problems = found(tmp_path, names={2: "Norte", 1: "Centro", 3: "Sur"})
    assert {one["details"]["name"] for one in problems["code_changed"]} == {"Norte", "Centro"}


def test_a_file_without_numbers_gets_those_of_the_known_names(town, tmp_path):
    frame = files.town({3: "Sur", 1: "Norte", 2: "Centro"})[["name", "geometry"]]
    made = load(files.geojson(tmp_path / "a.geojson", frame), Options(expect=3), Metadata()).boundary_set
    assert [(one.code, one.name) for one in made.territories.all()] == list(files.TOWN.items())


def test_a_neighbourhood_that_grew_is_told_in_m2_and_percent(town, tmp_path):
    (one,) = found(tmp_path, changed(1, wider(100)))["area_changed"]
    assert one["details"]["percent"] == pytest.approx(5.4, abs=0.2)
    assert "m²" in one["text"]


def test_rows_without_a_drawing_are_told_and_left_out(town, tmp_path):
    names = files.TOWN | {4: "Fantasma"}
    shape = lambda code: files.square(code) if code < 4 else None  # noqa: E731
    assert found(tmp_path, shape, names)["rows_without_drawing"][0]["details"] == {"rows": 1}


def test_issues_that_would_move_are_counted(town, make_issue, tmp_path):
    make_issue(1)
    problems = found(tmp_path, lambda code: files.square({1: 2, 2: 1, 3: 3}[code]))
    assert problems["issues_move"][0]["text"] == "1 problemas cambiarían de barrio al activar estos límites."


def test_the_outline_of_neighbours_stays_shared(town, tmp_path):
    made = load(files.geojson(tmp_path / "a.geojson"), Options(expect=3), Metadata()).boundary_set
    outlines = [Polygon(json.loads(one.outline.json)["coordinates"][0][0]) for one in made.territories.all()]
    assert unary_union(outlines).geom_type == "Polygon"
    assert sum(one.area for one in outlines) == pytest.approx(unary_union(outlines).area)
