"""`make backup`: database and photos in one sealed file under .local/backups, or BACKUP_DIR."""

import datetime as dt
import os
import tempfile
from pathlib import Path

from scripts import archive, installation, libpq
from scripts.house import Trouble, local, main, say

NOTE = "SELECT backup_noted()"
PATTERN = "mapa-barrial-*.backup.tar"


def backup() -> None:
    """Back up the installation of this environment."""
    with installation.database() as urls:
        made = make(urls.backup, media_root(), folder())
        note(urls.backup)
    say(f"Backup: {made} ({made.stat().st_size / 1e6:.1f} MB)")
    say("SECRET_KEY is not in it: keep that apart, or nobody's second step works after a restore")


def make(url: str, media: Path, target: Path) -> Path:
    """Dump the database at url first, then take the files its rows may name; returns the archive."""
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    now = dt.datetime.now(dt.UTC)
    path = target / _name(now)
    with tempfile.TemporaryDirectory(dir=target) as scratch:
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
