"""Small PMTiles archives of the commune, and a server for them on another origin."""

from __future__ import annotations

import gzip
import io
import math
import random
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from django.db import connection
from PIL import Image
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer

from territories.basemap.byte_ranges import asked_range

# (west, south, east, north), degrees: around the drawn town of tests/conftest.py.
EXTENT = (-70.86, -33.55, -70.70, -33.46)
MIN_ZOOM, MAX_ZOOM = 9, 14
RED = (200, 30, 40)

# One layer of the Protomaps schema for one tile; the shapes lie in the drawn town.
LAYER = """(SELECT coalesce(ST_AsMVT(q, '{name}'), '') FROM (
    SELECT ST_AsMVTGeom(ST_Transform(ST_GeomFromText(wkt, 4326), 3857), ST_TileEnvelope(%(z)s, %(x)s, %(y)s),
        4096, 128) AS geom, kind, name FROM (VALUES {rows}) AS shapes (wkt, kind, name)) q
    WHERE geom IS NOT NULL)"""
SHAPES = {
    "earth": [("POLYGON((-71 -33.7,-70.6 -33.7,-70.6 -33.3,-71 -33.3,-71 -33.7))", "earth", "")],
    "water": [
        ("POLYGON((-70.80 -33.52,-70.79 -33.52,-70.79 -33.51,-70.80 -33.51,-70.80 -33.52))", "water", "")
    ],
    "roads": [
        ("LINESTRING(-70.86 -33.509,-70.70 -33.509)", "major_road", "Avenida Pajaritos"),
        ("LINESTRING(-70.786 -33.55,-70.786 -33.46)", "minor_road", "Los Aromos"),
    ],
}


def tiles(
    extent: tuple = EXTENT, zooms: tuple[int, int] = (MIN_ZOOM, MAX_ZOOM)
) -> Iterator[tuple[int, int, int]]:
    """z, x, y of every tile that touches an extent."""
    west, south, east, north = extent
    for z in range(zooms[0], zooms[1] + 1):
        (left, top), (right, bottom) = _tile_of(west, north, z), _tile_of(east, south, z)
        yield from ((z, x, y) for x in range(left, right + 1) for y in range(top, bottom + 1))


def _tile_of(lng: float, lat: float, z: int) -> tuple[int, int]:
    y = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2
    return int((lng + 180) / 360 * 2**z), int(y * 2**z)


def raster(path: Path, colour: tuple[int, int, int] = RED, filler: int = 0) -> Path:
    """PNG tiles of one colour; `filler`: so many bytes more, that nobody looks at."""
    out = io.BytesIO()
    Image.new("RGB", (256, 256), colour).save(out, "PNG")
    found = {tile: out.getvalue() for tile in tiles()}
    if filler:
        found[MAX_ZOOM, 0, 0] = random.Random(1).randbytes(filler)
    return _written(
        path, found, TileType.PNG, Compression.NONE, {"attribution": "<b>Fotos</b> del municipio"}
    )


def vector(path: Path, layers: dict[str, list] = SHAPES, filler: int = 0) -> Path:
    """Vector tiles of the Protomaps schema, made by PostGIS."""
    found = {tile: gzip.compress(_mvt(tile, layers), mtime=0) for tile in tiles()}
    if filler:
        found[MAX_ZOOM, 0, 0] = random.Random(1).randbytes(filler)
    metadata = {"vector_layers": [{"id": name} for name in layers]}
    return _written(path, found, TileType.MVT, Compression.GZIP, metadata)


def _mvt(tile: tuple[int, int, int], layers: dict[str, list]) -> bytes:
    z, x, y = tile
    with connection.cursor() as cursor:
        parts = []
        for name, shapes in layers.items():
            rows = ", ".join(f"('{wkt}', '{kind}', '{label}')" for wkt, kind, label in shapes)
            cursor.execute(f"SELECT {LAYER.format(name=name, rows=rows)}", {"z": z, "x": x, "y": y})
            parts.append(bytes(cursor.fetchone()[0]))
    return b"".join(parts)


def _written(path: Path, found: dict, kind: TileType, compression: Compression, metadata: dict) -> Path:
    with path.open("wb") as file:
        writer = Writer(file)
        for tile in sorted(found, key=lambda tile: zxy_to_tileid(*tile)):
            writer.write_tile(zxy_to_tileid(*tile), found[tile])
        west, south, east, north = (round(degree * 10_000_000) for degree in EXTENT)
        corners = {"min_lon_e7": west, "min_lat_e7": south, "max_lon_e7": east, "max_lat_e7": north}
        centre = {"center_zoom": 12, "center_lon_e7": west, "center_lat_e7": south}
        writer.finalize({"tile_type": kind, "tile_compression": compression} | corners | centre, metadata)
    return path


class ArchiveServer:
    """Another origin: serves one file, by ranges and to other sites' pages unless told otherwise."""

    def __init__(self, path: Path, *, ranges: bool = True, shared: bool = True) -> None:
        content = path.read_bytes()

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                part = asked_range(self.headers.get("Range", ""), len(content)) if ranges else None
                start, length = part or (0, len(content))
                self.send_response(206 if part else 200)
                self.send_header("Content-Length", str(length))
                if shared:
                    self.send_header("Access-Control-Allow-Origin", "*")
                self.end_headers()
                self.wfile.write(content[start : start + length])

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def origin(self) -> str:
        """What the policy has to name."""
        return f"http://127.0.0.1:{self.server.server_port}"

    def close(self) -> None:
        """Stop listening."""
        self.server.shutdown()
        self.server.server_close()
