"""manage.py work QUEUE…: a worker of these queues, with the clock in it; ends on TERM after what it is at."""

from __future__ import annotations

import asyncio
from argparse import ArgumentParser
from pathlib import Path
from typing import cast

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connection
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from core.clock import ClockedWorker
from core.jobs import Queue

BEAT_SECONDS = 5


class Command(BaseCommand):
    help = _("Hace lo que quedó escrito para después: correos, archivos largos, tareas del reloj.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--beat FILE is touched as long as the worker is well, for a health check."""
        parser.add_argument("queues", nargs="+", choices=[queue.value for queue in Queue])
        parser.add_argument("--beat", type=Path)

    def handle(self, *args: object, queues: list[str], beat: Path | None, **options: object) -> None:
        """Work until the end of the process."""
        # Asked first: whoever supervises tries again sooner than a pool that waits longer each time.
        connection.ensure_connection()
        connector = cast(DjangoConnector, app.connector).get_worker_connector()
        with app.replace_connector(connector):
            asyncio.run(_work(queues, beat))
        self.stderr.write(_("Terminado: lo que quedó en la cola sigue ahí."))


async def _work(queues: list[str], beat: Path | None) -> None:
    beating = asyncio.create_task(_beat(beat)) if beat else None
    async with app.open_async():
        app.perform_import_paths()
        worker = ClockedWorker(
            app,
            queues=queues,
            name="-".join(queues),
            concurrency=settings.WORKER_CONCURRENCY,
            delete_jobs="successful",
            shutdown_graceful_timeout=settings.WORKER_GRACE_SECONDS,
        )
        await worker.run()
    if beating:
        beating.cancel()


async def _beat(file: Path) -> None:
    while True:
        file.touch()
        await asyncio.sleep(BEAT_SECONDS)
