"""`make backup`: database and photos in one sealed file under .local/backups, or BACKUP_DIR."""

import contextlib
import datetime as dt
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from scripts import archive, installation, libpq
from scripts.house import Trouble, local, main, say

NOTE = "SELECT backup_noted()"
PATTERN = "mapa-barrial-*.backup.tar"
SCRATCH = "scratch-"
MB = 1_000_000
# Beside what is counted, for manifest and folders.
SPARE = 10 * MB


def backup() -> None:
    """Back up the installation of this environment."""
    with installation.database() as urls:
        try:
            made = make(urls.backup, media_root(), folder())
        except Trouble as trouble:
            with contextlib.suppress(Trouble):  # the database itself may be what is away
                note_fault(urls.backup, str(trouble))
            raise
        note(urls.backup)
    say(f"Backup: {made} ({made.stat().st_size / 1e6:.1f} MB)")
    say("SECRET_KEY is not in it: keep that apart, or nobody's second step works after a restore")


def make(url: str, media: Path, target: Path) -> Path:
    """Dump the database at url first, then take the files its rows may name; returns the archive.

    Raises Trouble when it cannot be written.
    """
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _alone(target):
        sweep(target)
        _ask_for_room(url, media, target)
        try:
            return _made(url, media, target)
        except OSError as error:
            raise Trouble(f"The backup could not be written, and no half of it stays: {error}") from error


def sweep(target: Path) -> list[Path]:
    """Remove what a backup that was killed left behind; returns what was removed."""
    left = [*target.glob(PATTERN + archive.HALF), *target.glob(f"{SCRATCH}*")]
    for path in left:
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    return left


@contextlib.contextmanager
def _alone(target: Path) -> Iterator[None]:
    folder = os.open(target, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise Trouble(f"Another backup is at work in {target}; this one was not begun") from None
    finally:
        os.close(folder)


def _ask_for_room(url: str, media: Path, target: Path) -> None:
    """Raise Trouble where a whole backup may not fit: the dump, alone and in the archive, and the files.

    A dump is packed: half of what the database takes is more than it needs.
    """
    asked = "The database could not be dumped"
    database = int(libpq.sql(url, "SELECT pg_database_size(current_database())", asked))
    need, free = database + archive.media_bytes(media) + SPARE, shutil.disk_usage(target).free
    if free < need:
        raise Trouble(
            f"No room for a backup in {target}: it may take {need // MB} MB and {free // MB} MB are free; "
            "nothing was written. Make room, or name another disk in BACKUP_DIR"
        )


def _made(url: str, media: Path, target: Path) -> Path:
    now = dt.datetime.now(dt.UTC)
    path = target / _name(now)
    with tempfile.TemporaryDirectory(dir=target, prefix=SCRATCH) as scratch:
        dump = Path(scratch) / archive.DUMP
        # PostGIS brings its table of reference systems itself, and only an administrator may write it.
        without = "--exclude-table-data=*.spatial_ref_sys"
        # The owner and who makes backups see every row of what is guarded by rows; who serves is refused.
        options = ["--format=custom", "--no-owner", "--no-privileges", "--enable-row-security", without]
        options += ["--file", str(dump)]
        libpq.run(url, "pg_dump", *options, or_else="The database could not be dumped")
        archive.write(path, dump, media, {"made": now.isoformat()})
    return path


def note(url: str) -> None:
    """Write into the database when a backup was last whole, for «Salud», alarms and metrics."""
    libpq.sql(url, NOTE, or_else="The backup is whole, but could not be noted in the database")


def note_fault(url: str, said: str) -> None:
    """Write into the database that a backup failed and why: an alarm until the next one is whole."""
    words = said.replace("'", "''")
    libpq.sql(url, f"SELECT backup_failed('{words}')", or_else="The failed backup could not be noted")


def prune(target: Path, keep: int, now: dt.datetime | None = None) -> list[Path]:
    """Remove all but the newest `keep` backups, and those older than BACKUP_DAYS, never the newest.

    Returns what was removed.
    """
    found = sorted(target.glob(PATTERN))
    limit = target / _name((now or dt.datetime.now(dt.UTC)) - dt.timedelta(days=days_to_keep()))
    old = [path for path in found[:-1] if path < limit or path in found[:-keep]]
    for path in old:
        path.unlink()
    return old


def _name(moment: dt.datetime) -> str:
    return PATTERN.replace("*", moment.strftime("%Y%m%dT%H%M%S%fZ"))


def media_root() -> Path:
    """The folder of the photos."""
    return Path(os.environ.get("MEDIA_ROOT") or local("media"))


def folder() -> Path:
    """The folder of the backups."""
    return Path(os.environ.get("BACKUP_DIR") or local("backups"))


def number_to_keep() -> int:
    """KEEP of the environment: 30 without one; raise Trouble unless it is a number above zero."""
    return _number("KEEP", os.environ.get("KEEP") or "30")


def days_to_keep() -> int:
    """BACKUP_DAYS of the environment: 35 without; raise Trouble unless it is a number above zero."""
    return _number("BACKUP_DAYS", os.environ.get("BACKUP_DAYS") or "35")


def _number(name: str, asked: str) -> int:
    if not asked.isascii() or not asked.isdigit() or int(asked) < 1:
        raise Trouble(f"{name} must be a number above zero, and is {asked!r}")
    return int(asked)


if __name__ == "__main__":
    main(backup)
