"""`make restore FILE=…`: put database and photos back as a backup holds them; what was there is replaced.

The archive is checked and loaded next to what is there; only a whole success takes its place.
"""

import shutil
import sys
import tempfile
from pathlib import Path

from scripts import archive, backup, installation, libpq
from scripts.house import Trouble, main, only_one, say
from scripts.versions import APPLIED_IN_0_1, REFUSAL

# Whoever holds a connection keeps a database from being renamed: the web server, workers, a nightly backup.
IN_USE = (
    "The database is in use; stop the site first: `make stop`, "
    "in containers `docker compose stop web worker mail backup`; nothing was restored"
)


def restore(arguments: list[str]) -> None:
    """Restore the archive named by the one argument."""
    path = _archive(arguments)
    with (
        only_one("run", "The site is running: `make stop` first, then restore"),
        installation.database() as urls,
    ):
        manifest = put_back(path, urls.owner, backup.media_root())
    say(f"Restored the backup of {manifest['made']}: database and {len(manifest['files']) - 1} files")


def _archive(arguments: list[str]) -> Path:
    if len(arguments) != 1 or not arguments[0]:
        raise Trouble("Say which backup: make restore FILE=.local/backups/….backup.tar")
    path = Path(arguments[0])
    if not path.is_file():
        raise Trouble(f"There is no file {path}")
    return path


def put_back(path: Path, url: str, media: Path) -> dict:
    """Replace the database at url and the media folder by the archive's; returns its manifest."""
    _refuse_in_use(url)
    media.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=media.parent, prefix="restore-") as scratch:
        manifest = archive.unpack(path, Path(scratch))
        restored = _load_new(url, Path(scratch) / archive.DUMP)
        _refuse_0_1(url, restored)
        _swap_databases(url, restored)
        _swap_folders(Path(scratch) / "media", media)
    return manifest


def _refuse_in_use(url: str) -> None:
    """Asked before anything is unpacked; whoever comes later stops the swap itself."""
    asked = "SELECT count(*) FROM pg_stat_activity WHERE datname = '{}' AND backend_type = 'client backend'"
    name = _name(url).replace("'", "''")
    count = libpq.sql(url, asked.format(name), "The database could not be asked", database="postgres")
    if count != "0":
        raise Trouble(f"{IN_USE} (connections: {count})")


def _load_new(url: str, dump: Path) -> str:
    """Load the dump into a new database next to the present one; returns its name."""
    restored = f"{_name(url)}_restored"
    libpq.run(
        url, "dropdb", "--if-exists", restored, or_else="A database of an earlier try could not be removed"
    )
    libpq.run(url, "createdb", restored, or_else="A new database could not be made")
    options = ["--no-owner", "--no-privileges", "--no-comments", "--exit-on-error", "-d", restored]
    libpq.run(url, "pg_restore", *options, str(dump), or_else="The database could not be restored")
    return restored


def _refuse_0_1(url: str, restored: str) -> None:
    wrong = "The restored database could not be read"
    table = libpq.sql(url, "SELECT to_regclass('django_migrations')", wrong, database=restored)
    asked = "SELECT app, name FROM django_migrations"
    applied = libpq.sql(url, asked, wrong, database=restored).splitlines() if table else []
    if "|".join(APPLIED_IN_0_1) in applied:
        libpq.run(url, "dropdb", restored, or_else="A database of version 0.1 could not be removed")
        raise Trouble(REFUSAL)


def _swap_databases(url: str, restored: str) -> None:
    """Both renamings happen or neither; then the replaced database goes."""
    name, before = _name(url), f"{_name(url)}_before"
    libpq.run(
        url, "dropdb", "--if-exists", before, or_else="A database of an earlier try could not be removed"
    )
    renamings = (
        f'ALTER DATABASE "{name}" RENAME TO "{before}"; ALTER DATABASE "{restored}" RENAME TO "{name}"'
    )
    libpq.sql(url, renamings, IN_USE, database="postgres")
    libpq.run(url, "dropdb", before, or_else="The replaced database could not be removed")


def _swap_folders(restored: Path, media: Path) -> None:
    restored.mkdir(exist_ok=True)
    before = media.with_name(media.name + ".before")
    shutil.rmtree(before, ignore_errors=True)
    if media.exists():
        media.rename(before)
    restored.rename(media)
    shutil.rmtree(before, ignore_errors=True)


def _name(url: str) -> str:
    name = libpq.environment(url)["PGDATABASE"]
    if '"' in name:
        raise Trouble("A database with a quotation mark in its name cannot be restored")
    return name


if __name__ == "__main__":
    main(lambda: restore(sys.argv[1:]))
