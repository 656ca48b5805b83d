"""`make weekly PART=disk`: the disks of files, of tables and of the WAL fill up under tablets and offices.

Each is a small file system of its own (tmpfs, which root mounts) and is full for DISK_SECONDS (30), one after
the other; then there is room again and nobody does anything else: what ended is started again as by
`make run`. The site has to come back by itself, with every acknowledged act and no half file. Exit status 3
when not. STORM_PLANT=async as in the storm: then it has to find losses.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from scripts.cluster import Cluster, become, private_cluster, programs
from scripts.disk import FOUND_FAULTS, REPORT
from scripts.house import Trouble, say, write_whole
from scripts.supervise import House as Supervised
from scripts.supervise import wait_until
from tests.storm.house import House
from tests.storm.tablet import Tablet
from tests.storm.weather import count, deliver, drain, settle, walk

MIB = 1024 * 1024
# What lies where, and how large that file system is.
SIZES = {"media": 256, "tables": 768, "wal": 768}
FULL_SECONDS = float(os.environ.get("DISK_SECONDS", "30"))
CALM_SECONDS, BACK_SECONDS = 8.0, 180.0
TABLETS, SEED = 6, 2026
PAGES = ("/", "/api/v1/issues/", "/readyz", "/healthz")
# More than any of the file systems holds, so that the last segment is used up too.
FILL_WAL = (
    "SELECT count(pg_logical_emit_message(true, 'full', repeat('x', 1000000))) FROM generate_series(1, 900)"
)


@dataclasses.dataclass
class Phase:
    """One full disk: what pages answered meanwhile, what was acknowledged, how soon all was back."""

    disk: str
    pages: dict[str, dict[str, int]]
    tablets: dict[str, int]
    acknowledged: int
    back_seconds: float | None


class Disks:
    """The file systems, below one folder."""

    def __init__(self, above: Path) -> None:
        self.above = above

    def __getitem__(self, name: str) -> Path:
        return self.above / name

    def mount(self) -> None:
        """Make them; raises Trouble for who may not."""
        for name, size in SIZES.items():
            self[name].mkdir(mode=0o711)
            told = ["mount", "-t", "tmpfs", "-o", f"size={size}m,mode=0711", "tmpfs", str(self[name])]
            if subprocess.run(told, check=False).returncode:
                raise Trouble("Only root can mount the small disks of this part")

    def unmount(self) -> None:
        """Take them away with all they hold."""
        for name in SIZES:
            subprocess.run(["umount", "--lazy", str(self[name])], check=False)
        shutil.rmtree(self.above, ignore_errors=True)

    def fill(self, name: str) -> None:
        """Take whatever room there is."""
        with contextlib.suppress(OSError), (self[name] / "ballast").open("ab", buffering=0) as file:
            while file.write(b"\0" * MIB):
                pass

    def empty(self, name: str) -> None:
        """Give it back."""
        (self[name] / "ballast").unlink(missing_ok=True)


class SmallHouse(House):
    """The house of the storm on the small disks, with its WAL on one of its own."""

    def __init__(self, disks: Disks) -> None:
        cluster = dataclasses.replace(private_cluster("postgres-disk"), home=disks["tables"] / "cluster")
        super().__init__(cluster, disks["media"] / "media")
        self.wal = disks["wal"] / "pg_wal"

    def build(self) -> None:
        """As in the storm; then the WAL moves."""
        super().build()
        self.environment |= {"EXPORTS_ROOT": str(self.exports)}
        self.cluster.stop()
        inside = self.cluster.data / "pg_wal"
        owner = [*become(self.cluster.owner)]
        if os.geteuid() == 0:
            shutil.chown(self.wal.parent, self.cluster.owner)
        subprocess.run([*owner, "cp", "-a", str(inside), str(self.wal)], check=True, cwd="/")
        shutil.rmtree(inside)
        subprocess.run([*owner, "ln", "-s", str(self.wal), str(inside)], check=True, cwd="/")
        self.cluster.start()

    @property
    def exports(self) -> Path:
        """Where long files lie, on the disk of the photos."""
        return self.media.parent / "exports"

    def ready(self) -> set[str]:
        """The long files that people are told are ready."""
        return {row[0] for row in self.ask("SELECT id FROM handovers_deskfile WHERE ready_at IS NOT NULL")}

    def use_up_the_wal(self) -> None:
        """Write until the last segment is full; the server does not survive that."""
        where = ["-h", str(self.cluster.sockets), "-p", str(self.cluster.port), "-U", self.cluster.owner]
        told = [*become(self.cluster.owner), str(programs(self.cluster.data) / "psql"), "-X", "-q", *where]
        subprocess.run([*told, "-d", "mapa", "-c", FILL_WAL], check=False, cwd="/", capture_output=True)

    def status(self, path: str) -> str:
        """What a page answers, as a word."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=30) as answer:
                return str(answer.status)
        except urllib.error.HTTPError as error:
            return str(error.code)
        except OSError:
            return "silent"


def halves(media: Path, exports: Path, ready: set[str]) -> list[str]:
    """Files that nobody finished: pieces of photos, and long files that are not told as ready."""
    pieces = [path.name for path in media.rglob(".part-*")]
    files = [path.name for path in exports.rglob("*") if path.is_file()]
    return pieces + [name for name in files if ".part." in name or name.split(".")[0] not in ready]


def main() -> int:
    """Run it and print what became of everything; 0 when nothing was lost and all came back."""
    above = Path(tempfile.mkdtemp(prefix="mapa-disk-"))
    above.chmod(0o711)
    disks = Disks(above)
    try:
        disks.mount()
        report = _run(SmallHouse(disks), disks)
    finally:
        disks.unmount()
    write_whole(REPORT, json.dumps(report))
    print(json.dumps(report, indent=1))
    return 0 if report["is_good"] else FOUND_FAULTS


def _run(house: SmallHouse, disks: Disks) -> dict[str, object]:
    started = time.monotonic()
    house.build()
    try:
        with _life(house) as (fleet, end):
            phases = [_phase(house, disks, fleet, name) for name in SIZES]
            end()
        counted = count(house, fleet, 0, 0, time.monotonic() - started)
        left = halves(house.media, house.exports, house.ready())
    finally:
        house.close()
    back = all(phase.back_seconds is not None for phase in phases)
    return {
        "seconds": counted.seconds,
        "acknowledged": counted.acknowledged + sum(each["acknowledged"] for each in counted.acts.values()),
        "lost, doubled or wrong": counted.faults,
        "losses": counted.losses,
        "half files": left,
        "phases": [dataclasses.asdict(phase) for phase in phases],
        "is_good": counted.faults == 0 and not left and back,
    }


@contextlib.contextmanager
def _life(house: SmallHouse) -> Iterator[tuple[list[Tablet], Callable[[], None]]]:
    """Tablets, offices, workers and who starts the database again; the second is called to end them whole."""
    town, url = settle(house, TABLETS), f"http://127.0.0.1:{house.port}"
    fleet = [Tablet(url=url, seed=SEED + n, **facts) for n, facts in enumerate(town)]
    calm, over, gone = threading.Event(), threading.Event(), threading.Event()
    threads = [threading.Thread(target=walk, args=(tablet, calm, over), daemon=True) for tablet in fleet]
    threads.append(threading.Thread(target=_watch, args=(house.cluster, gone), daemon=True))
    for thread in threads:
        thread.start()
    house.start_others(SEED)

    def end() -> None:
        calm.set()
        house.end_offices()
        drain(fleet, over, threads[:-1])
        deliver(house)

    try:
        yield fleet, end
    finally:
        gone.set()
        threads[-1].join(120)


def _watch(cluster: Cluster, gone: threading.Event) -> None:
    """As `make run` does it."""
    supervised = Supervised([], cluster)
    while not gone.wait(0.5):
        supervised.look()


def _phase(house: SmallHouse, disks: Disks, fleet: list[Tablet], name: str) -> Phase:
    time.sleep(CALM_SECONDS)
    say(f"The disk of {name} is full")
    before, pages = _acknowledged(fleet), {path: Counter() for path in PAGES}
    heard = _heard(fleet)
    disks.fill(name)
    if name == "wal":
        house.use_up_the_wal()
    until = time.monotonic() + FULL_SECONDS
    while time.monotonic() < until:
        for path, seen in pages.items():
            seen[house.status(path)] += 1
        disks.fill(name)  # what was let go meanwhile
        time.sleep(0.5)
    meanwhile, tablets = _acknowledged(fleet) - before, _heard(fleet) - heard
    disks.empty(name)
    told = {path: dict(seen) for path, seen in pages.items()}
    return Phase(name, told, _as_words(tablets), meanwhile, _back(house, fleet))


def _heard(fleet: list[Tablet]) -> Counter[int]:
    """Which answers tablets got so far."""
    return sum((tablet.answers for tablet in fleet), Counter())


def _as_words(answers: Counter[int]) -> dict[str, int]:
    return {str(status or "silent"): times for status, times in sorted(answers.items())}


def _back(house: SmallHouse, fleet: list[Tablet]) -> float | None:
    """Seconds until pages answer and something is acknowledged again; None when that did not happen."""
    began, before = time.monotonic(), _acknowledged(fleet)

    def is_back() -> bool:
        return _acknowledged(fleet) > before and all(house.status(path) == "200" for path in PAGES)

    return round(time.monotonic() - began, 1) if wait_until(is_back, BACK_SECONDS) else None


def _acknowledged(fleet: list[Tablet]) -> int:
    return sum(len(tablet.acknowledged) for tablet in fleet)


if __name__ == "__main__":
    os.environ.pop("DATABASE_URL", None)
    sys.exit(main())
