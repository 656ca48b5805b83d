"""The one file of a backup: a tar with the dump, the media files and a manifest, sealed by its own digest.

Layout: database.dump, media/…, manifest.json (SHA-256 and size of each), then, behind the tar, a newline and
the SHA-256 of all before it as 64 hexadecimal digits. An altered byte is found before anything is restored.
"""

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from scripts.house import Trouble

FORMAT = 1
DUMP = "database.dump"
MANIFEST = "manifest.json"
SEAL_SIZE = 65
HALF = ".half"
CHUNK = 1 << 20


def write(path: Path, dump: Path, media: Path, facts: dict) -> None:
    """Write the archive whole or not at all; readable by its owner only, for it holds personal data."""
    half = path.with_name(path.name + HALF)
    try:
        with os.fdopen(os.open(half, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w+b") as out:
            _write_tar(out, dump, media, facts)
            out.seek(0)
            out.write(b"\n" + _digest(out, os.fstat(out.fileno()).st_size).encode())
            out.flush()
            os.fsync(out.fileno())
        half.replace(path)
    finally:
        half.unlink(missing_ok=True)


def media_bytes(media: Path) -> int:
    """What the media files of an archive would take."""
    return sum(source.stat().st_size for _, source in _media_files(media))


def _write_tar(out: BinaryIO, dump: Path, media: Path, facts: dict) -> None:
    files = {}
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for name, source in [(DUMP, dump), *_media_files(media)]:
            files[name] = _add(tar, name, source)
        manifest = json.dumps({"format": FORMAT, **facts, "files": files}, indent=1).encode()
        entry = tarfile.TarInfo(MANIFEST)
        entry.size, entry.mode = len(manifest), 0o600
        tar.addfile(entry, io.BytesIO(manifest))


def _media_files(media: Path) -> Iterator[tuple[str, Path]]:
    for source in sorted(media.rglob("*")):
        if source.is_file() and not source.is_symlink():
            yield f"media/{source.relative_to(media).as_posix()}", source


def _add(tar: tarfile.TarFile, name: str, source: Path) -> dict:
    with source.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode, entry.mtime = size, 0o600, int(source.stat().st_mtime)
        reader = _Digesting(file)
        tar.addfile(entry, reader)
    return {"sha256": reader.digest.hexdigest(), "bytes": size}


class _Digesting:
    """A file that is read once, for the tar and for its digest."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        chunk = self.file.read(size)
        self.digest.update(chunk)
        return chunk


def _digest(file: BinaryIO, size: int) -> str:
    """SHA-256 of the next `size` bytes."""
    digest, left = hashlib.sha256(), size
    while left and (chunk := file.read(min(CHUNK, left))):
        digest.update(chunk)
        left -= len(chunk)
    return digest.hexdigest()


def unpack(path: Path, target: Path) -> dict:
    """Check the whole archive, then unpack it into an empty folder; returns the manifest.

    Raises Trouble for an archive that is incomplete or altered.
    """
    with path.open("rb") as file:
        size = path.stat().st_size - SEAL_SIZE
        if size <= 0 or _digest(file, size) != file.read().decode("ascii", "replace").lstrip("\n"):
            raise Trouble(
                f"{path.name} is not a whole backup of Mapa Barrial, or was altered; nothing was restored"
            )
        file.seek(0)
        with tarfile.open(fileobj=file, mode="r:") as tar:
            return _unpack(tar, target, path.name)


def _unpack(tar: tarfile.TarFile, target: Path, archive: str) -> dict:
    found = {entry.name: _extract(tar, entry, target) for entry in tar}
    manifest = json.loads((target / MANIFEST).read_text()) if MANIFEST in found else {}
    said = {name: facts["sha256"] for name, facts in manifest.get("files", {}).items()}
    if manifest.get("format") != FORMAT or said != {n: d for n, d in found.items() if n != MANIFEST}:
        raise Trouble(f"{archive} does not hold what its manifest says; nothing was restored")
    return manifest


def _extract(tar: tarfile.TarFile, entry: tarfile.TarInfo, target: Path) -> str:
    """Write one member under the target; returns its SHA-256. Only plain files with plain names are taken."""
    name = PurePosixPath(entry.name)
    source = tar.extractfile(entry) if entry.isreg() else None
    known = entry.name in (DUMP, MANIFEST) or name.parts[:1] == ("media",)
    if source is None or not known or name.is_absolute() or ".." in name.parts:
        raise Trouble(f"The archive holds {entry.name!r}, which no backup holds; nothing was restored")
    path = target.joinpath(*name.parts)
    path.parent.mkdir(parents=True, exist_ok=True)
    reader = _Digesting(source)  # type: ignore[arg-type]  # tarfile only reads
    with path.open("wb") as out:
        while chunk := reader.read(CHUNK):
            out.write(chunk)
    return reader.digest.hexdigest()
