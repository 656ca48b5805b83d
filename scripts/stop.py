"""`make stop`: end the web server and the database of this checkout, and of no other."""

import os
import signal
import time

from scripts import installation
from scripts.house import Trouble, is_process, main, say


def stop() -> None:
    """End what runs; saying so when nothing did. Running twice is harmless."""
    ended = [*_stop_web(), *_stop_clusters()]
    say(f"Stopped: {', '.join(ended)}" if ended else "Nothing was running")


def _stop_web() -> list[str]:
    pid = installation.run_process()
    if pid is None:
        return []
    os.kill(pid, signal.SIGTERM)
    until = time.monotonic() + 60
    while is_process(pid, "scripts.run"):
        if time.monotonic() > until:
            raise Trouble(f"The web server (process {pid}) did not end within 60 s")
        time.sleep(0.1)
    return ["the site"]


def _stop_clusters() -> list[str]:
    running = [cluster for cluster in installation.existing_clusters() if cluster.is_running()]
    for cluster in running:
        cluster.stop()
    return [cluster.home.name for cluster in running]


if __name__ == "__main__":
    main(stop)
