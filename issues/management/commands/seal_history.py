"""Seal what was written since the last seal; with --check, prove that nothing sealed was changed."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from issues.life.seal import broken_heads, broken_lines, seal_history


class Command(BaseCommand):
    """`manage.py seal_history [--check]`; run it once a day. Exit code 1 when a seal is broken."""

    help = "Sella la historia escrita desde el último sello; con --check la revisa."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="revisa todas las líneas y todos los sellos")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        if check:
            self._check()
            return
        head = seal_history()
        message = (
            f"{head.day}: {head.entries} líneas, sello {head.digest}" if head else "Hoy ya está sellado."
        )
        self.stdout.write(message)

    def _check(self) -> None:
        lines, days = broken_lines(), broken_heads()
        if lines or days:
            raise CommandError(
                f"{lines} líneas no calzan con su huella; sellos rotos: {[str(d) for d in days]}"
            )
        self.stdout.write("Todas las líneas y todos los sellos calzan.")
