"""The house of the storm: a durable cluster, the web server, workers and offices, all made to be killed."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import time
import urllib.request
from pathlib import Path

from scripts.cluster import Cluster, free_port
from scripts.house import PYTHON, ROOT, Trouble, write_whole
from scripts.installation import app_environment
from scripts.run import WORKERS
from scripts.supervise import wait_until

# How many offices act at the same time, and how long a process that hangs hangs.
OFFICES = 2
FROZEN_SECONDS = 3.0
FIRST_PORT, PORTS = 56_000, 4_000


def _children(pid: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


class House:
    """Builds an empty installation; `kill_web` and `kill_database` use SIGKILL and bring them back."""

    def __init__(self, cluster: Cluster, media: Path) -> None:
        self.cluster, self.media = cluster, media
        self.web: subprocess.Popen | None = None
        self.others: dict[str, subprocess.Popen] = {}
        self.web_kills = self.database_kills = self.other_kills = self.freezes = self.cuts = 0

    def build(self) -> None:
        """A new cluster, migrated, its durability asserted, and the web server."""
        self.cluster.stop()
        shutil.rmtree(self.cluster.home, ignore_errors=True)
        shutil.rmtree(self.media, ignore_errors=True)
        self.media.mkdir(parents=True)
        self.cluster.home.mkdir(mode=0o700, parents=True)
        if os.geteuid() == 0:
            shutil.chown(self.cluster.home, self.cluster.owner)
        # Away from where other clusters look for a port: it has to be free again after each kill.
        write_whole(self.cluster.home / "port", str(free_port(FIRST_PORT + os.getpid() % PORTS)))
        self.cluster.start()
        self.environment = app_environment(self.cluster.urls().of_tests()) | {
            "MEDIA_ROOT": str(self.media), "DEMO": "0",
            "WEB_CONCURRENCY": "2", "REQUIRE_SECOND_FACTOR": "0",
        }  # fmt: skip
        self._manage("migrate", "-v0")
        self.port = free_port(8930)
        self.start_web()

    def start_web(self) -> None:
        """Start gunicorn and wait until it answers."""
        environment = self.environment | {"BIND": f"127.0.0.1:{self.port}"}
        command = [str(PYTHON), "-m", "gunicorn", "-c", "config/gunicorn.py", "config.wsgi:application"]
        log = (self.media.parent / "storm-web.log").open("a")
        self.web = subprocess.Popen(
            command, env=environment, cwd=ROOT, stdout=log, stderr=log, start_new_session=True
        )
        self._wait_for(f"http://127.0.0.1:{self.port}/healthz")

    def kill_web(self) -> None:
        """SIGKILL to the web server and all its workers; then start it again."""
        os.killpg(self.web.pid, signal.SIGKILL)
        self.web.wait()
        self.web_kills += 1
        self.start_web()

    def start_others(self, seed: int) -> None:
        """The mail server, both workers and two offices; their words go to a log."""
        box = (str(self.port_file), str(self.mails), str(seed))
        self._start_other("postbox", "-m", "tests.storm.postbox", *box)
        if not wait_until(lambda: self.port_file.is_file() and bool(self.port_file.read_text()), 60):
            raise Trouble("The mail server of the storm does not start")
        self.environment |= {"EMAIL_URL": f"smtp://127.0.0.1:{self.port_file.read_text()}"}
        for queues in WORKERS:
            self._start_other(f"worker-{queues[0]}", "manage.py", "work", *queues)
        for number in range(OFFICES):
            words = ("work", str(self.journal(number)), str(seed + number))
            self._start_other(f"office-{number}", "-m", "tests.storm.clerk", *words)

    def kill_other(self, name: str) -> None:
        """SIGKILL to a worker or an office; then start it again."""
        self.others[name].kill()
        self.others[name].wait()
        self.other_kills += 1
        self._start_other(name, *self.others[name].args[1:])

    def end_offices(self) -> None:
        """Nothing new from now on; workers and mail server go on."""
        for name in [each for each in self.others if each.startswith("office")]:
            self.others[name].kill()
            self.others.pop(name).wait()

    def freeze_database(self) -> None:
        """SIGSTOP to all of the database for a while, as a machine that hangs."""
        self._freeze(self._database_processes())

    def freeze_web(self) -> None:
        """The same with the web server."""
        self._freeze([self.web.pid, *_children(self.web.pid)])

    def cut_connections(self) -> None:
        """End every connection to the database at once, whatever it was doing: the server itself goes on."""
        cut = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
        self.cuts += int(self.ask(f"{cut} AND backend_type = 'client backend'")[0][0])

    def ask(self, query: str) -> list[list[str]]:
        """What the database answers to its owner, as words."""
        url = self.cluster.url().replace("postgis://", "postgresql://")
        command = ["psql", "-X", "-A", "-t", "-F", " ", "-c", query, url]
        result = subprocess.run(command, check=True, capture_output=True, text=True)
        return [line.split(" ") for line in result.stdout.splitlines() if line]

    def journal(self, number: int) -> Path:
        """What an office was told is done."""
        return self.media / f"office-{number}.journal"

    @property
    def port_file(self) -> Path:
        """Where the mail server says on which port it listens."""
        return self.media / "postbox.port"

    @property
    def mails(self) -> Path:
        """The Message-IDs that the mail server took."""
        return self.media / "postbox.journal"

    def _start_other(self, name: str, *words: str) -> None:
        log = (self.media.parent / f"storm-{name}.log").open("a")
        environment = self.environment | self.cluster.urls().of_workers() | {"BULK_WAIT_MINUTES": "0"}
        self.others[name] = subprocess.Popen(
            [str(PYTHON), *words], env=environment, cwd=ROOT, stdout=log, stderr=log
        )

    def _freeze(self, processes: list[int]) -> None:
        for sign, seconds in ((signal.SIGSTOP, FROZEN_SECONDS), (signal.SIGCONT, 0)):
            for pid in processes:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, sign)
            time.sleep(seconds)
        self.freezes += 1

    def _database_processes(self) -> list[int]:
        postmaster = int((self.cluster.data / "postmaster.pid").read_text().split()[0])
        return [postmaster, *_children(postmaster)]

    def kill_database(self) -> None:
        """SIGKILL to the postmaster and every backend; then start until it succeeds."""
        for pid in self._database_processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.database_kills += 1
        time.sleep(0.3)
        self._start_database()

    def close(self) -> None:
        """End all."""
        for process in self.others.values():
            process.kill()
            process.wait()
        if self.web and self.web.poll() is None:
            os.killpg(self.web.pid, signal.SIGTERM)
            self.web.wait(30)
        self.cluster.stop()

    def _start_database(self) -> None:
        for _ in range(30):
            try:
                return self.cluster.start()
            except Trouble:
                time.sleep(1)
        return self.cluster.start()

    def _manage(self, *command: str) -> None:
        subprocess.run([str(PYTHON), "manage.py", *command], env=self.environment, cwd=ROOT, check=True)

    def _wait_for(self, url: str) -> None:
        for _ in range(300):
            with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=2):
                return
            time.sleep(0.1)
        raise Trouble(f"{url} does not answer")
