"""Give another system the right to send problems by Open311."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from maps.models import issue_key


class Command(BaseCommand):
    """`manage.py issue_client_key NAME [--publishes-at-once]`: prints it once."""

    help = "Entrega una clave de Open311 a otro sistema; se muestra una sola vez."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="nombre del sistema")
        parser.add_argument("--publishes-at-once", action="store_true", help="sin revisión previa")

    def handle(self, *args: Any, name: str, publishes_at_once: bool, **options: Any) -> None:
        self.stdout.write(issue_key(name, publishes_at_once=publishes_at_once))
