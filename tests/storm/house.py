"""The server of the storm: a durable cluster and a gunicorn of our own, both made to be killed."""

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
from scripts.house import PYTHON, ROOT, Trouble
from scripts.installation import app_environment


class House:
    """Builds an empty installation; `kill_web` and `kill_database` use SIGKILL and bring them back."""

    def __init__(self, cluster: Cluster, media: Path) -> None:
        self.cluster, self.media = cluster, media
        self.web: subprocess.Popen | None = None
        self.web_kills = self.database_kills = 0

    def build(self) -> None:
        """A new cluster, migrated, its durability asserted, and the web server."""
        self.cluster.stop()
        shutil.rmtree(self.cluster.home, ignore_errors=True)
        shutil.rmtree(self.media, ignore_errors=True)
        self.media.mkdir(parents=True)
        self.cluster.home.mkdir(mode=0o700, parents=True)
        if os.geteuid() == 0:
            shutil.chown(self.cluster.home, self.cluster.owner)
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

    def kill_database(self) -> None:
        """SIGKILL to the postmaster and every backend; then start until it succeeds."""
        postmaster = int((self.cluster.data / "postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
        for pid in [postmaster, *map(int, children)]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.database_kills += 1
        time.sleep(0.3)
        self._start_database()

    def close(self) -> None:
        """End both."""
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
