"""`manage.py erase_reason LINE --by LOGIN`: take an internal reason out of the history for good."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from issues.life.erasure import NothingToErase, erase_reason


class Command(BaseCommand):
    """For a reason that names somebody; backups of before keep it until they are thrown away."""

    help = "Borra el motivo interno de una línea de la historia; los sellos siguen calzando."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("line", type=int, help="número de la línea")
        parser.add_argument("--by", required=True, help="cuenta de administración que lo decide")

    def handle(self, *args: Any, line: int, by: str, **options: Any) -> None:
        """Raises CommandError when account or line is missing, or the line was erased before."""
        try:
            erase_reason(line, actor=_administrator(by))
        except NothingToErase as nothing:
            raise CommandError(f"No hay nada que borrar en la línea {line}.") from nothing
        self.stdout.write(f"Borrado el motivo de la línea {line}.")


def _administrator(login: str) -> User:
    user = User.objects.filter(username=login, is_active=True).first()
    if user is None or not user.is_administrator:
        raise CommandError(f"No hay una cuenta de administración «{login}».")
    return user
