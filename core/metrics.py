"""`/metrics` for Prometheus, on a port of its own that strangers do not reach."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from django.conf import settings
from django.db import Error, close_old_connections
from prometheus_client import CollectorRegistry, Metric, make_wsgi_app
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from core.errors import FAULTS
from core.health import Reading, readings


class House(Collector):
    """The readings of «Salud» as gauges; without a database only that it is away."""

    def collect(self) -> Iterator[Metric]:
        """Ask the house now."""
        found = _found()
        up = found is not None
        yield GaugeMetricFamily("mapa_database_up", "Whether the database answers", value=float(up))
        ill = GaugeMetricFamily("mapa_ill", "Whether a reading is past its limit", labels=["reading"])
        for one in found or ():
            ill.add_metric([one.name], float(one.is_ill))
            if one.value is not None:
                yield GaugeMetricFamily(f"mapa_{one.name}", str(one.title), value=one.value)
        yield ill

    def describe(self) -> Iterable[Metric]:
        """Nothing beforehand: registering must not ask the database."""
        return ()


def on_its_port(site: Callable[..., Iterable[bytes]]) -> WSGIApplication:
    """The site, and the metrics for who comes by METRICS_PORT; that port serves nothing else."""
    metrics = make_wsgi_app(_registry())

    def application(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if not settings.METRICS_PORT or environ.get("SERVER_PORT") != str(settings.METRICS_PORT):
            return site(environ, start)
        if environ.get("PATH_INFO") == "/metrics":
            return metrics(environ, start)
        start("404 Not Found", [("Content-Type", "text/plain")])
        return [b"/metrics\n"]

    return application


def _registry() -> CollectorRegistry:
    registry = CollectorRegistry()
    registry.register(House())
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        MultiProcessCollector(registry)
    else:
        registry.register(FAULTS)
    return registry


def _found() -> list[Reading] | None:
    close_old_connections()
    try:
        return readings()
    except Error:
        return None
    finally:
        close_old_connections()
