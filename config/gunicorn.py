"""How gunicorn serves: a few processes with a few threads each, set by the environment."""

import os
import shutil
import tempfile

# Where the processes count together; read by prometheus_client when it is imported.
counts = os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", tempfile.mkdtemp(prefix="mapa-counts-"))

from gunicorn.arbiter import Arbiter  # noqa: E402
from gunicorn.config import Config  # noqa: E402
from gunicorn.glogging import Logger  # noqa: E402
from gunicorn.workers.base import Worker  # noqa: E402
from prometheus_client.multiprocess import mark_process_dead  # noqa: E402

from core.discretion import Discreet  # noqa: E402
from core.errors import CountFaults  # noqa: E402
from core.logs import formatter  # noqa: E402

bind = [os.environ.get("BIND") or f"127.0.0.1:{os.environ.get('PORT', '8000')}"]
if os.environ.get("METRICS_PORT"):
    bind.append(f"{os.environ.get('METRICS_BIND') or '127.0.0.1'}:{os.environ['METRICS_PORT']}")
worker_class = "config.server.LaneWorker"
workers = int(os.environ.get("WEB_CONCURRENCY") or min(2 * (os.cpu_count() or 1), 6))
threads = int(os.environ.get("WEB_THREADS") or 4)  # for tablets and desk; the other lanes: config/lanes.py
preload_app = True  # one import for all workers, and a broken one ends the start at once
timeout = 60
graceful_timeout = 20
max_requests = 20_000
max_requests_jitter = 2_000
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108, PTH112  # nosec B108 # heartbeats
accesslog = os.environ.get("ACCESS_LOG") or None  # addresses are personal data: off unless asked for
loglevel = os.environ.get("GUNICORN_LOG_LEVEL", "warning")
secure_scheme_headers: dict[str, str] = {}  # whose X-Forwarded-Proto counts says config/web_safety.py
control_socket_disable = True


class Words(Logger):
    """gunicorn's own words like all others: discreet (they may hold who asked badly), and counted."""

    def setup(self, cfg: Config) -> None:
        """As usual, then ours."""
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.addFilter(Discreet())
            handler.setFormatter(formatter(os.environ.get("LOG_FORMAT", "line")))
        self.error_log.addHandler(CountFaults(level="ERROR"))


logger_class = Words


def child_exit(server: Arbiter, worker: Worker) -> None:
    """Forget what only a living process counts."""
    mark_process_dead(worker.pid)


def on_exit(server: Arbiter) -> None:
    """Leave no counts behind."""
    shutil.rmtree(counts, ignore_errors=True)
