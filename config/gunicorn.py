"""How gunicorn serves: a few processes with a few threads each, set by the environment."""

import os

bind = os.environ.get("BIND") or f"127.0.0.1:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY") or min(2 * (os.cpu_count() or 1), 8))
threads = int(os.environ.get("WEB_THREADS") or 4)
preload_app = True  # one import for all workers, and a broken one ends the start at once
timeout = 60
graceful_timeout = 20
keepalive = 5
limit_request_line = 8190  # a filter of many values, a list of 500 numbers asked for by Open311
max_requests = 20_000
max_requests_jitter = 2_000
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108, PTH112  heartbeats off the disk
accesslog = os.environ.get("ACCESS_LOG") or None  # addresses are personal data: off unless asked for
loglevel = os.environ.get("GUNICORN_LOG_LEVEL", "warning")
secure_scheme_headers = {}  # whose X-Forwarded-Proto counts is for config/web_safety.py to say
control_socket_disable = True
