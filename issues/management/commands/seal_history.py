"""Seal what was written since the last seal; with --check, prove that nothing sealed was changed."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

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
        what.add_argument(
            "--check", action="store_true", help=_("revisa todas las líneas y todos los sellos")
        )
        what.add_argument(
            "--declare", type=int, metavar="NUMBER", help=_("declara roto un sello, en público")
        )
        parser.add_argument("--reason", default="", help=_("qué pasó, para cualquiera que lo lea"))
        parser.add_argument("--by", default="", help=_("cuenta de administración que lo declara"))

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        if check:
            self._check()
        elif options["declare"] is not None:
            self._declare(options["declare"], options["reason"], options["by"])
        else:
            self._seal()

    def _seal(self) -> None:
        head = seal_history()
        told = head and {"n": head.number, "day": head.day, "lines": head.entries, "digest": head.digest}
        sentence = _("N.º %(n)s, %(day)s: %(lines)s líneas, sello %(digest)s")
        self.stdout.write(sentence % told if told else _("Hoy ya está sellado."))

    def _declare(self, number: int, reason: str, by: str) -> None:
        try:
            declare(number, reason, actor=administrator(by))
        except NotDeclared as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(
            _("El sello N.º %s quedó declarado como roto; cualquiera lo lee en /datos/.") % number
        )

    def _check(self) -> None:
        loose, broken = unsealed_broken_lines(), broken_seals()
        lines = declared(broken)
        for number, line in sorted(lines.items()):
            told = {"n": number, "day": f"{line.at:%Y-%m-%d}", "text": line.public_text}
            self.stdout.write(_("N.º %(n)s: roto, declarado el %(day)s: %(text)s") % told)
        silent = sorted(broken - set(lines))
        if loose or silent:
            told = {"loose": loose, "silent": silent}
            sentence = _("%(loose)s líneas sin sello no calzan con su huella; sellos rotos: %(silent)s")
            raise CommandError(sentence % told)
        whole = _("Todas las líneas y todos los sellos calzan.")
        self.stdout.write(_("Lo demás calza.") if broken else whole)
