"""How many faults were logged, counted over all processes of the web server."""

from __future__ import annotations

import logging

from prometheus_client import Counter

FAULTS = Counter("mapa_errors", "Faults logged by the web server since it started", registry=None)


class CountFaults(logging.Handler):
    """Counts records of ERROR and above; writes nothing."""

    def emit(self, record: logging.LogRecord) -> None:
        """One more."""
        FAULTS.inc()
