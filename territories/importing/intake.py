"""Take a file in: unpack it ourselves, and recognise what it is by its first bytes. Imports no Django.

Endings are only a hint; an archive is never handed to a library that follows what is inside.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import stat
import struct
import zipfile
import zlib
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path, PurePosixPath

from core.room import is_full
from territories.importing.refusal import FileRefused

MAX_BYTES = 200 * 1024 * 1024
# An OpenStreetMap extract holds a region of which a commune is read.
MAX_EXTRACT_BYTES = 450 * 1024 * 1024
MAX_RATIO = 100
# A ratio says nothing about a file of a few bytes.
RATIO_COUNTS_FROM = 1024 * 1024
MAX_ENTRIES = 2_000
MAX_DIRECTORY = 1024 * 1024
MAX_PARTS = 20
CHUNK = 256 * 1024
COPY_NAME = "limites-copy"
SHAPE_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
SINGLE_ENDINGS = (".geojson", ".json", ".gpkg", ".kml", ".fgb")
PACKED_ENDINGS = (".zip", ".kmz", ".7z", ".rar", ".tar", ".gz", ".tgz", ".bz2", ".xz")
_LINKS = re.compile(rb"<(OGRVRTDataSource|OGRWFSDataSource|VRTDataset|OGRCSWDataSource|GDAL_WMS|WFS)\b", re.I)
# gzip, 7z, RAR, xz, bzip2.
_PACKED = (b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"\xfd7zXZ\x00", b"BZh")
_VIRTUAL_TEXT = re.compile(rb"^\s*(/vsi|https?:|ftp:|WFS:|PG:|MYSQL:|OAPIF:|CSW:|file:)", re.I)


class Format(StrEnum):
    """What a file is, by its content."""

    SHAPEFILE = "ESRI Shapefile"
    GEOJSON = "GeoJSON"
    GEOPACKAGE = "GPKG"
    KML = "KML"
    FLATGEOBUF = "FlatGeobuf"
    OSM = "OSM"


_ENDING = {
    Format.GEOJSON: ".geojson",
    Format.GEOPACKAGE: ".gpkg",
    Format.KML: ".kml",
    Format.FLATGEOBUF: ".fgb",
    Format.OSM: ".osm.pbf",
}


@dataclass
class Candidate:
    """One data set inside what was given: its format, its main file and, for a Shapefile, its parts."""

    format: Format
    name: str
    parts: dict[str, Path] = field(default_factory=dict)

    @property
    def main(self) -> Path:
        """The file to open."""
        return self.parts[".shp"] if self.format is Format.SHAPEFILE else self.parts["main"]


def take(path: Path, folder: Path) -> list[Candidate]:
    """The data sets of a file, a Shapefile's part, or an archive; copies and unpacked files go to `folder`.

    Raises FileRefused; never writes outside `folder`, never follows a link inside an archive.
    """
    refuse_unfit(path)
    if _starts(path, b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"):
        return _of_archive(path, folder)
    if path.suffix.lower() in SHAPE_PARTS:
        return _shapefiles(_siblings(path), folder)
    return [_single(path, folder)]


def refuse_unfit(path: Path) -> None:
    """Raises FileRefused for what is no file, unreadable, empty or too large, before it is parsed."""
    if not is_file(path):
        raise FileRefused("no_file", file=path.name or str(path))
    try:
        size = sum(part.stat().st_size for part in _parts(path))
        limit = MAX_EXTRACT_BYTES if _is_extract(path) else MAX_BYTES
    except OSError as error:
        raise FileRefused("unreadable", file=path.name) from error
    if path.stat().st_size == 0:
        raise FileRefused("empty_file", file=path.name)
    if size > limit:
        raise FileRefused("too_big", megabytes=limit // 1024 // 1024)


def is_file(path: Path) -> bool:
    """Whether a path leads to a regular file: no folder, device or pipe, nor a name that cannot be."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def is_folder(path: Path) -> bool:
    """Whether a path leads to a folder."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def fingerprint(path: Path) -> str:
    """SHA-256 (hex) of the file; of all its parts, in order of their endings, for a loose Shapefile.

    Raises FileRefused like `refuse_unfit`.
    """
    refuse_unfit(path)
    try:
        return _digest(_parts(path))
    except OSError as error:
        raise FileRefused("unreadable", file=path.name) from error


def _parts(path: Path) -> list[Path]:
    if path.suffix.lower() not in SHAPE_PARTS:
        return [path]
    return sorted(_siblings(path), key=lambda part: part.suffix.lower())


def _digest(parts: list[Path]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        with part.open("rb") as stream:
            for piece in iter(lambda: stream.read(CHUNK), b""):
                digest.update(piece)
    return digest.hexdigest()


def recognise(path: Path) -> Format:
    """The format of one file by its first bytes; raises FileRefused for anything else."""
    with path.open("rb") as stream:
        head = stream.read(64 * 1024)
    if _LINKS.search(head) or _VIRTUAL_TEXT.match(head):
        raise FileRefused("virtual", file=path.name)
    if head.startswith(b"SQLite format 3\x00"):
        return Format.GEOPACKAGE
    if head.startswith(b"fgb\x03fgb"):
        return Format.FLATGEOBUF
    if head[:4] == b"\x00\x00\x27\x0a":
        return Format.SHAPEFILE
    if _is_extract(path):
        return Format.OSM
    if head.startswith(_PACKED) or head[257:262] == b"ustar":
        raise FileRefused("packed", file=path.name)
    return _recognise_text(path, head)


def _recognise_text(path: Path, head: bytes) -> Format:
    text = _as_text(head)
    if text.startswith(("{", "[")):
        return Format.GEOJSON
    if re.search(r"<\s*(!doctype\s+html|html|body|script)\b", text[:4096], re.I):
        raise FileRefused("html", file=path.name)
    if text.startswith("<") and re.search(r"<([\w.-]+:)?kml\b", text):
        return Format.KML
    raise FileRefused("unknown_format", file=path.name)


def _single(path: Path, folder: Path) -> Candidate:
    found = recognise(path)
    if found is Format.SHAPEFILE:
        raise FileRefused("wrong_ending", file=path.name, format=found.value)
    # A copy, because from here on nothing outside the folder can be read; the ending is ours.
    copied = folder / f"{COPY_NAME}{_ENDING[found]}"
    shutil.copyfile(path, copied)
    return Candidate(found, path.stem, {"main": copied})


def _as_text(head: bytes) -> str:
    encoding = "utf-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    return head.decode(encoding, errors="replace").lstrip("\ufeff \t\r\n")


def _starts(path: Path, *magic: bytes) -> bool:
    with path.open("rb") as stream:
        return stream.read(8).startswith(magic)


def _is_extract(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(15)[4:] == b"\x0a\x09OSMHeader"


def _siblings(path: Path) -> list[Path]:
    stem = path.stem.casefold()
    found = (one for one in path.parent.iterdir() if one.stem.casefold() == stem and one.is_file())
    return [one for one in found if one.suffix.lower() in SHAPE_PARTS]


def _of_archive(path: Path, folder: Path) -> list[Candidate]:
    unpacked = _unpack(path, folder)
    shapes = [one for one in unpacked if one.suffix in SHAPE_PARTS]
    singles = [one for one in unpacked if one.suffix in SINGLE_ENDINGS]
    found = _shapefiles(shapes, folder) if shapes else []
    found += [_single(one, _new(folder, place)) for place, one in enumerate(singles)]
    if not found:
        raise FileRefused("nothing_inside", file=path.name)
    return found


def _unpack(path: Path, folder: Path) -> list[Path]:
    _refuse_long_directory(path)
    try:
        with zipfile.ZipFile(path) as archive:
            entries = [entry for entry in _checked(archive.infolist()) if _wanted(entry)]
            if len(entries) > MAX_PARTS:
                raise FileRefused("zip_many", entries=len(entries), limit=MAX_PARTS)
            room = _Room(path.stat().st_size)
            return [_extract(archive, entry, folder, place, room) for place, entry in enumerate(entries)]
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
        if is_full(error):
            raise
        raise FileRefused("zip_bad", file=path.name) from error


def _refuse_long_directory(path: Path) -> None:
    """Look at the size of the table of contents before the library reads it whole."""
    with path.open("rb") as stream:
        stream.seek(max(path.stat().st_size - 65_557, 0))
        tail = stream.read()
    place = tail.rfind(b"PK\x05\x06")
    if place < 0 or len(tail) < place + 22:
        raise FileRefused("zip_bad", file=path.name)
    entries, size = struct.unpack_from("<HI", tail, place + 10)
    # Where there is a 64-bit record, it alone is believed; whether the short one says so or not.
    if tail[max(place - 20, 0) : place].startswith(b"PK\x06\x07"):
        record = tail.rfind(b"PK\x06\x06", 0, place)
        if record < 0:
            raise FileRefused("zip_bad", file=path.name)
        entries, size = struct.unpack_from("<QQ", tail, record + 32)
    if entries > MAX_ENTRIES or size > MAX_DIRECTORY:
        raise FileRefused("zip_many", entries=entries, limit=MAX_ENTRIES)


class _Room:
    """Counts the bytes as they are unpacked: what the archive claims about itself proves nothing."""

    def __init__(self, packed: int) -> None:
        self.left = min(MAX_BYTES, max(packed * MAX_RATIO, RATIO_COUNTS_FROM))

    def use(self, count: int) -> None:
        self.left -= count
        if self.left < 0:
            raise FileRefused("zip_bomb", megabytes=MAX_BYTES // 1024 // 1024, ratio=MAX_RATIO)


def _checked(entries: list[zipfile.ZipInfo]) -> list[zipfile.ZipInfo]:
    if len(entries) > MAX_ENTRIES:
        raise FileRefused("zip_many", entries=len(entries), limit=MAX_ENTRIES)
    for entry in entries:
        _refuse_bad_entry(entry)
    return entries


def _refuse_bad_entry(entry: zipfile.ZipInfo) -> None:
    # ZipInfo cuts a name at NUL; the original is what other programs would see.
    name = entry.orig_filename.replace("\\", "/")
    if name.startswith("/") or re.match(r"^[A-Za-z]:", name) or ".." in PurePosixPath(name).parts:
        raise FileRefused("zip_path", entry=name[:80])
    if "\x00" in name:
        raise FileRefused("zip_path", entry=name.replace("\x00", "·")[:80])
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise FileRefused("zip_symlink", entry=name[:80])
    if entry.flag_bits & 0x1:
        raise FileRefused("zip_encrypted", entry=name[:80])
    if PurePosixPath(name.lower()).suffix in PACKED_ENDINGS and not _is_extra(name):
        raise FileRefused("zip_nested", entry=name[:80])
    if entry.file_size > MAX_BYTES:
        raise FileRefused("zip_bomb", megabytes=MAX_BYTES // 1024 // 1024, ratio=MAX_RATIO)


def _wanted(entry: zipfile.ZipInfo) -> bool:
    suffix = PurePosixPath(entry.filename.lower()).suffix
    return not entry.is_dir() and not _is_extra(entry.filename) and suffix in (*SHAPE_PARTS, *SINGLE_ENDINGS)


def _is_extra(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return "__MACOSX" in parts or parts[-1].startswith("._") or parts[-1] in (".DS_Store", "Thumbs.db")


def _extract(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, folder: Path, place: int, room: _Room) -> Path:
    inside = PurePosixPath(entry.filename.replace("\\", "/"))
    # Our own folder for each folder inside, and only the letters we know: a name decides nothing.
    home = folder / f"unpacked-{hashlib.sha256(str(inside.parent).encode()).hexdigest()[:8]}"
    home.mkdir(exist_ok=True)
    stem = re.sub(r"[^\w .-]", "_", inside.stem)[:80]
    target = home / f"{stem}{inside.suffix.lower()}"
    if target.exists():
        target = home / f"{stem}_{place}{inside.suffix.lower()}"
    with archive.open(entry) as source, target.open("wb") as sink:
        for piece in iter(lambda: source.read(CHUNK), b""):
            room.use(len(piece))
            sink.write(piece)
    if _starts(target, b"PK\x03\x04", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!"):
        raise FileRefused("zip_nested", entry=inside.name[:80])
    return target


def _new(folder: Path, place: int) -> Path:
    made = folder / f"single-{place}"
    made.mkdir()
    return made


def _shapefiles(parts: list[Path], folder: Path) -> list[Candidate]:
    sets: dict[tuple[Path, str], dict[str, Path]] = {}
    for part in parts:
        sets.setdefault((part.parent, part.stem.casefold()), {})[part.suffix.lower()] = part
    found = [found for (_home, _stem), found in sorted(sets.items()) if ".shp" in found]
    if not found:
        raise FileRefused("missing_part", part=".shp", file=parts[0].stem)
    return [_shapefile(one, folder, place) for place, one in enumerate(found)]


def _shapefile(parts: dict[str, Path], folder: Path, place: int) -> Candidate:
    name = parts[".shp"].stem
    for needed in (".shx", ".dbf"):
        if needed not in parts:
            raise FileRefused("missing_part", part=needed, file=name)
    if not _starts(parts[".shp"], b"\x00\x00\x27\x0a"):
        recognised = recognise(parts[".shp"])
        raise FileRefused("wrong_ending", file=parts[".shp"].name, format=recognised.value)
    # The projection is read as text by us; the library gets shape, index and table under a plain name.
    home = folder / f"shape-{place}"
    home.mkdir()
    copied = {ending: home / f"layer{ending}" for ending in (".shp", ".shx", ".dbf")}
    for ending, target in copied.items():
        shutil.copyfile(parts[ending], target)
    texts = {ending: home / f"given{ending}" for ending in (".prj", ".cpg") if ending in parts}
    for ending, target in texts.items():
        shutil.copyfile(parts[ending], target)
    return Candidate(Format.SHAPEFILE, name, copied | texts)
