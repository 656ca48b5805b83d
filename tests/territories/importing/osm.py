"""Writes a small OpenStreetMap extract (.osm.pbf) by hand, for tests: ways, nodes and their tags."""

from __future__ import annotations

import struct
from pathlib import Path

Tags = dict[str, str]


def varint(number: int) -> bytes:
    out = bytearray()
    while True:
        number, low = number >> 7, number & 0x7F
        out.append(low | (0x80 if number else 0))
        if not number:
            return bytes(out)


def zigzag(number: int) -> int:
    return number << 1 if number >= 0 else (-number << 1) - 1


def number(field: int, value: int) -> bytes:
    return varint(field << 3) + varint(value)


def block(field: int, content: bytes) -> bytes:
    return varint(field << 3 | 2) + varint(len(content)) + content


def packed(field: int, values: list[int]) -> bytes:
    return block(field, b"".join(varint(value) for value in values))


class Extract:
    """Collects nodes at (lng, lat) and ways through them."""

    def __init__(self) -> None:
        self.strings = [""]
        self.nodes: list[bytes] = []
        self.ways: list[bytes] = []
        self.places: dict[tuple[float, float], int] = {}

    def node(self, lng: float, lat: float, **tags: str) -> int:
        """A node; the same position without tags is the same node."""
        if not tags and (lng, lat) in self.places:
            return self.places[(lng, lat)]
        identifier = len(self.nodes) + 1
        if not tags:
            self.places[(lng, lat)] = identifier
        position = [zigzag(round(lat * 1e7)), zigzag(round(lng * 1e7))]
        message = number(1, zigzag(identifier)) + self._tags(tags)
        self.nodes.append(message + number(8, position[0]) + number(9, position[1]))
        return identifier

    def way(self, points: list[tuple[float, float]], **tags: str) -> None:
        """A way through points; closed when the last is the first."""
        refs = [self.node(*point) for point in points]
        steps = [zigzag(here - before) for before, here in zip([0, *refs], refs, strict=False)]
        self.ways.append(number(1, len(self.ways) + 1) + self._tags(tags) + packed(8, steps))

    def write(self, path: Path) -> Path:
        """Write the file: a header block, then one block with nodes before ways."""
        table = block(1, b"".join(block(1, text.encode()) for text in self.strings))
        groups = b"".join(block(1, node) for node in self.nodes)
        ways = b"".join(block(3, way) for way in self.ways)
        data = table + block(2, groups) + block(2, ways)
        header = block(4, b"OsmSchema-V0.6")
        path.write_bytes(blob("OSMHeader", header) + blob("OSMData", data))
        return path

    def _tags(self, tags: Tags) -> bytes:
        keys, values = [self._string(key) for key in tags], [self._string(value) for value in tags.values()]
        return packed(2, keys) + packed(3, values) if tags else b""

    def _string(self, text: str) -> int:
        if text not in self.strings:
            self.strings.append(text)
        return self.strings.index(text)


def blob(kind: str, content: bytes) -> bytes:
    body = block(1, content) + number(2, len(content))
    head = block(1, kind.encode()) + number(3, len(body))
    return struct.pack(">I", len(head)) + head + body
