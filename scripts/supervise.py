"""Keeps the processes of one installation alive: what ends is started again, until somebody ends it all."""

import shutil
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from scripts.cluster import Cluster
from scripts.house import Trouble, say

LOOK_SECONDS = 0.5
# Between two starts of what ends at once; back to the first one after it has lived a minute.
PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0)
STEADY_SECONDS = 60.0
# For all programs together, once they are asked to end.
END_SECONDS = 10.0


@dataclass
class Program:
    """One program with its words; `process` is its present life."""

    name: str
    command: list[str]
    env: dict[str, str]
    cwd: str
    process: subprocess.Popen | None = None
    started: float = 0.0
    falls: int = 0

    def start(self) -> None:
        """Begin a life."""
        self.started = time.monotonic()
        self.process = subprocess.Popen(tied(self.command), env=self.env, cwd=self.cwd)

    def is_alive(self) -> bool:
        """Whether it runs."""
        return self.process is not None and self.process.poll() is None

    def is_due(self) -> bool:
        """Whether it has ended and has waited long enough for its next life."""
        if self.is_alive():
            self.falls = 0 if time.monotonic() - self.started > STEADY_SECONDS else self.falls
            return False
        return time.monotonic() - self.started >= PAUSES[min(self.falls, len(PAUSES) - 1)]

    def start_again(self) -> None:
        """Say that it ended, and begin the next life."""
        status = self.process.returncode if self.process else None
        say(f"The {self.name} ended (status {status}) and is started again")
        self.falls += 1
        self.start()

    def end(self, seconds: float = 30) -> None:
        """Ask it to end, and kill it when it does not."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@dataclass
class House:
    """The programs, and the cluster they need when it is our own."""

    programs: list[Program] = field(default_factory=list)
    cluster: Cluster | None = None

    def watch(self) -> None:
        """Start again what ends, for ever; ends by an exception (Ctrl-C, TERM)."""
        while True:
            self.look()
            time.sleep(LOOK_SECONDS)

    def look(self) -> None:
        """Look once at everything, the database first."""
        if self.cluster and not self.cluster.is_running():
            self._raise_database(self.cluster)
        for program in self.programs:
            if program.is_due():
                program.start_again()

    def end(self) -> None:
        """Ask all programs at once, then wait for each; the database is its owner's to end.

        A worker that is killed in the middle gives its jobs back: nobody waits for them here.
        """
        for program in self.programs:
            if program.process and program.is_alive():
                program.process.terminate()
        until = time.monotonic() + END_SECONDS
        for program in reversed(self.programs):
            program.end(max(0.1, until - time.monotonic()))

    def _raise_database(self, cluster: Cluster) -> None:
        before = cluster.port
        say("The database ended and is started again")
        try:
            cluster.start()
        except Trouble as trouble:
            say(f"{trouble}; the next try follows")
            return
        if cluster.port != before:
            self._move(f"127.0.0.1:{before}/", f"127.0.0.1:{cluster.port}/")

    def _move(self, old: str, new: str) -> None:
        """Another program took the old port meanwhile: everybody is told the new one."""
        for program in self.programs:
            program.end(seconds=5)
            program.env = program.env | {"DATABASE_URL": program.env["DATABASE_URL"].replace(old, new)}


def tied(command: list[str]) -> list[str]:
    """The command such that the kernel ends it, should this process be killed outright."""
    return ["setpriv", "--pdeathsig", "TERM", "--", *command] if shutil.which("setpriv") else command


def wait_until(what: Callable[[], bool], seconds: float) -> bool:
    """Look again and again until it is so; False when it did not come to that in so many seconds."""
    until = time.monotonic() + seconds
    while not what():
        if time.monotonic() > until:
            return False
        time.sleep(0.1)
    return True
