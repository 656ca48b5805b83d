"""`manage.py erase_reason LINE --by LOGIN`: take an internal reason out of the history for good."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from issues.life.erasure import NothingToErase, erase_reason
from issues.management.administrator import administrator


class Command(BaseCommand):
    """For a reason that names somebody; backups of before keep it until they are thrown away."""

    @property
    def help(self) -> str:  # type: ignore[override]  # a property, to be in the language of the moment
        """What it does, in the language of the site."""
        return _("Borra el motivo interno de una línea de la historia; los sellos siguen calzando.")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("line", type=int, help=_("número de la línea"))
        parser.add_argument("--by", required=True, help=_("cuenta de administración que lo decide"))

    def handle(self, *args: Any, line: int, by: str, **options: Any) -> None:
        """Raises CommandError when account or line is missing, or the line was erased before."""
        try:
            erase_reason(line, actor=administrator(by))
        except NothingToErase as nothing:
            raise CommandError(
                _("No hay nada que borrar en la línea %(line)s.") % {"line": line}
            ) from nothing
        self.stdout.write(_("Borrado el motivo de la línea %(line)s.") % {"line": line})
