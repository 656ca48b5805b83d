"""Checks published lists: the same as running rankings/verify.py alone."""

from __future__ import annotations

import sys
from argparse import ArgumentParser

from django.core.management.base import BaseCommand

from rankings import verify


class Command(BaseCommand):
    """Exit code 0 when all of it holds and 1 when not; needs no database."""

    help = "Comprueba listas publicadas (lista.json o su CSV) y dice en español qué se comprobó."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One file or several of a chain."""
        parser.add_argument("files", nargs="+", metavar="ARCHIVO")

    def handle(self, *, files: list[str], **options: object) -> None:
        """Tell what holds and leave with its code."""
        sys.exit(verify.run(files))
