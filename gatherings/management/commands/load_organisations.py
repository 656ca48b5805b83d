"""Loads the organisations that may take part in gatherings."""

import argparse
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from core.tables import TableRefused
from gatherings.directory import load, read_organisations

DEFAULT = Path(settings.BASE_DIR) / "shapefiles" / "consejos.csv"


class Command(BaseCommand):
    """`load_organisations [PATH]`: exit code 0 loaded, 1 refused and nothing changed."""

    help = "Carga organizaciones desde un CSV: nombre, tipo y barrio (número, nombre o vacío)."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """The file."""
        parser.add_argument("path", nargs="?", type=Path, default=DEFAULT)

    def handle(self, *args: object, path: Path, **options: object) -> None:
        """Read, check, store, report; raises CommandError for a file that is refused."""
        try:
            done = load(read_organisations(path))
        except TableRefused as refused:
            raise CommandError(str(refused)) from refused
        summary = f"{done.added} nuevas, {done.rewritten} actualizadas, {done.kept} ya estaban."
        self.stdout.write(f"Organizaciones: {summary}")
