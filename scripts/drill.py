"""`make drill`: put the newest backup (or FILE) back on a database of its own, prove it, report.

The installation beside it is not touched. A backup that nobody restored is a hope.
"""

import contextlib
import datetime as dt
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from scripts import backup, installation, restore
from scripts.cluster import private_cluster
from scripts.house import PYTHON, ROOT, Trouble, local, main, only_one, say, write_whole
from scripts.libpq import Urls

CLUSTER = "postgres-drill"
REPORTS = "drills"
# In this order: newer code brings an older backup up to date, then persons are forgotten anew.
STEPS = (
    ("brought up to date", ["migrate", "--verbosity", "0"]),
    ("persons forgotten anew", ["forget_persons"]),
    ("proved", ["prove_installation"]),
)


def drill(arguments: list[str]) -> int:
    """Restore, prove, report; 0 when all of it holds, else 1."""
    path = _archive(arguments)
    with (
        only_one("drill", "Another drill is at work"),
        _fresh_database() as urls,
        tempfile.TemporaryDirectory(dir=local(), prefix="drill-") as scratch,
    ):
        media = Path(scratch) / "media"
        manifest = restore.put_back(path, urls.owner, media)
        found = [_step(name, command, urls, media) for name, command in STEPS]
    holds = all(status == 0 for _name, status, _said in found)
    report = _report(path, manifest, found)
    say(f"{'It holds' if holds else '✗ It does not hold'}: {report}")
    return 0 if holds else 1


def _archive(arguments: list[str]) -> Path:
    given = [word for word in arguments if word]
    found = [Path(given[0])] if given else sorted(backup.folder().glob(backup.PATTERN))
    if not found or not found[-1].is_file():
        raise Trouble("There is no backup to try: `make backup` first, or name one with FILE=…")
    return found[-1]


@contextlib.contextmanager
def _fresh_database() -> Iterator[Urls]:
    cluster = private_cluster(CLUSTER, durable=False)
    cluster.stop()
    shutil.rmtree(cluster.home, ignore_errors=True)
    cluster = private_cluster(CLUSTER, durable=False)
    try:
        cluster.start()
        yield cluster.urls()
    finally:
        cluster.stop()
        shutil.rmtree(cluster.home, ignore_errors=True)


def _step(name: str, command: list[str], urls: Urls, media: Path) -> tuple[str, int, str]:
    own = urls.of_migrations() | {"MEDIA_ROOT": str(media), "EXPORTS_ROOT": str(media.with_name("exports"))}
    # What persons asked to have erased is read where it is kept, not looked for beside the restored files.
    ledger = os.environ.get("ERASURES_FILE") or str(backup.media_root().with_name("erasures.jsonl"))
    env = installation.app_environment(own) | own | {"ERASURES_FILE": ledger}
    done = subprocess.run(
        [PYTHON, "manage.py", *command], env=env, cwd=ROOT, capture_output=True, text=True, check=False
    )
    say(f"{name}: {'yes' if done.returncode == 0 else 'NO'}")
    return name, done.returncode, (done.stdout + done.stderr).strip()


def _report(path: Path, manifest: dict, found: list[tuple[str, int, str]]) -> Path:
    now = dt.datetime.now(dt.UTC)
    folder = local(REPORTS)
    folder.mkdir(mode=0o700, exist_ok=True)
    lines = [f"Drill of {now:%Y-%m-%d %H:%M} UTC", f"Backup {path.name}, made {manifest['made']}",
             f"Restored: database and {len(manifest['files']) - 1} files"]  # fmt: skip
    lines += [f"{name}: {'yes' if status == 0 else 'NO'}\n{said}".rstrip() for name, status, said in found]
    target = folder / f"drill-{now:%Y%m%dT%H%M%SZ}.txt"
    write_whole(target, "\n\n".join(lines) + "\n", mode=0o600)
    return target


if __name__ == "__main__":
    main(lambda: drill(sys.argv[1:]))
