"""Seal what was written since the last seal; with --check, prove that nothing sealed was changed."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from issues.life.broken_seals import NotDeclared, broken_seals, declare, declared, unsealed_broken_lines
from issues.life.seal import seal_history
from issues.management.administrator import administrator


class Command(BaseCommand):
    """`manage.py seal_history [--check | --declare NUMBER --reason TEXT --by LOGIN]`.

    Exit code 1 when a seal is broken that nobody declared.
    """

    help = "Sella la historia escrita desde el último sello; con --check la revisa."

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--check", action="store_true", help="revisa todas las líneas y todos los sellos")
        what.add_argument("--declare", type=int, metavar="NUMBER", help="declara roto un sello, en público")
        parser.add_argument("--reason", default="", help="qué pasó, para cualquiera que lo lea")
        parser.add_argument("--by", default="", help="cuenta de administración que lo declara")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        if check:
            self._check()
        elif options["declare"] is not None:
            self._declare(options["declare"], options["reason"], options["by"])
        else:
            self._seal()

    def _seal(self) -> None:
        head = seal_history()
        words = head and f"N.º {head.number}, {head.day}: {head.entries} líneas, sello {head.digest}"
        self.stdout.write(words or "Hoy ya está sellado.")

    def _declare(self, number: int, reason: str, by: str) -> None:
        try:
            declare(number, reason, actor=administrator(by))
        except NotDeclared as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"El sello N.º {number} quedó declarado como roto; cualquiera lo lee en /datos/.")

    def _check(self) -> None:
        loose, broken = unsealed_broken_lines(), broken_seals()
        lines = declared(broken)
        for number, line in sorted(lines.items()):
            self.stdout.write(f"N.º {number}: roto, declarado el {line.at:%Y-%m-%d}: {line.public_text}")
        silent = sorted(broken - set(lines))
        if loose or silent:
            raise CommandError(f"{loose} líneas sin sello no calzan con su huella; sellos rotos: {silent}")
        self.stdout.write("Todas las líneas y todos los sellos calzan." if not broken else "Lo demás calza.")
