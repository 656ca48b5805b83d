"""Outer rings run counterclockwise in all GeoJSON that goes out, as RFC 7946 asks."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
import shapely
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from territories.models import Territory

SHIPPED = Path(settings.BASE_DIR) / "shapefiles" / "barrios_maipu.shp"
ADDRESSES = [
    "/api/v1/territories/",
    "/api/v1/territories/?full=true",
    "/api/v1/map/orientation.json",
    "/datos/barrios.geojson",
    "/datos/limites.geojson",
    "/ogc/collections/territories/items",
    "/ogc/collections/territories/items/1",
]


def polygons_of(text: bytes) -> list[shapely.Polygon]:
    body = json.loads(text)
    shapes = [shapely.from_geojson(json.dumps(one["geometry"])) for one in body.get("features", [body])]
    return [part for shape in shapes for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]


def turns_right(polygon: shapely.Polygon) -> bool:
    return polygon.exterior.is_ccw and not any(ring.is_ccw for ring in polygon.interiors)


def reverse_the_stored_rings() -> None:
    """As sets that were loaded before rings were turned."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE territories_territory"
            " SET boundary = ST_ForcePolygonCW(boundary), outline = ST_ForcePolygonCW(outline)"
        )


@pytest.mark.parametrize("address", ADDRESSES)
def test_outer_rings_run_counterclockwise_whatever_is_stored(client, db, address):
    call_command("load_territories", str(SHIPPED), "--activate", stdout=StringIO())
    reverse_the_stored_rings()
    found = polygons_of(client.get(address).content)
    assert found
    assert all(turns_right(polygon) for polygon in found)


def test_a_loaded_set_is_stored_counterclockwise(db):
    call_command("load_territories", str(SHIPPED), "--activate", stdout=StringIO())
    shapes = [shapely.from_wkb(bytes(one.boundary.wkb)) for one in Territory.objects.all()]
    assert all(turns_right(part) for shape in shapes for part in shape.geoms)
