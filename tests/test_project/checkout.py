"""A clone of this project in which `make` commands run as a person runs them."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from scripts.house import ROOT
from tests.workers import heed_ctrl_c

# Nothing of the test run's own environment: no DATABASE_URL, no settings.
PLAIN = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
SERVING = "Ctrl-C"  # in the last line of a start


class Checkout:
    """A clone of what is committed, with the installed libraries of this checkout."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.local = folder / ".local"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]

    def make(self, *arguments: str, **more: str) -> subprocess.CompletedProcess:
        """Run make to its end; returns the finished process."""
        return subprocess.run(
            ["make", *arguments],
            cwd=self.folder,
            env=self.environment(**more),
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )

    def start(self, **more: str) -> subprocess.Popen:
        """Begin `make run`, in a process group of its own."""
        return subprocess.Popen(
            ["make", "run"],
            cwd=self.folder,
            env=self.environment(**more),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            preexec_fn=heed_ctrl_c,
        )

    def environment(self, **more: str) -> dict:
        """A bare environment and what the caller adds."""
        return PLAIN | {"PORT": str(self.port)} | more

    @contextlib.contextmanager
    def running(self, **more: str) -> Iterator[tuple[subprocess.Popen, str]]:
        """`make run` until the block ends, with what it printed before it served."""
        process = self.start(**more)
        try:
            yield process, "".join(until(process, SERVING))
        finally:
            self.make("stop")
            process.wait(60)

    def kill_at(self, word: str, **more: str) -> None:
        """Start, and SIGKILL make and all its children when this word is printed, or else once it serves."""
        process = self.start(**more)
        list(until(process, word, SERVING))
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)

    def get(self, path: str) -> tuple[int, str]:
        """Status and text of a page of the running site."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=60) as answer:
            return answer.status, answer.read().decode()

    def has_database(self) -> bool:
        """Whether a database server of this checkout runs, or says so."""
        return (self.local / "postgres" / "data" / "postmaster.pid").exists()


def until(process: subprocess.Popen, *words: str) -> Iterator[str]:
    """The lines the process prints, up to and with the one that holds one of the words, or to its end."""
    for line in process.stdout:
        yield line
        if any(word in line for word in words):
            return


@contextlib.contextmanager
def fresh_checkout() -> Iterator[Checkout]:
    """A clone in /tmp that the database's own user can reach; stopped and removed after the block."""
    above = Path(tempfile.mkdtemp(prefix="mapa-checkout-"))
    above.chmod(0o711)
    folder = above / "mapa"
    subprocess.run(["git", "clone", "-q", "--no-hardlinks", str(ROOT), str(folder)], check=True)
    for name in (".venv", "node_modules"):
        (folder / name).symlink_to((ROOT / name).resolve())
    made = Checkout(folder)
    try:
        yield made
    finally:
        made.make("stop")
        shutil.rmtree(above)
