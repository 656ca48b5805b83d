"""Prove what database and files say: history and seals, lists by the public verifier, photos by name."""

import tempfile
from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from issues.models import Issue, Photo
from rankings import verify
from rankings.models import RankedList
from rankings.publishing import file_of


class Command(BaseCommand):
    """`manage.py prove_installation`: one line for each thing proved; exit code 1 when one does not hold.

    It reads only: `make drill` runs it over a restored backup, an operator whenever in doubt.
    """

    help = "Prove history, seals, lists and photos; 1 when something does not hold."

    def handle(self, *args: Any, **options: Any) -> None:
        """Say what holds. Raises CommandError with what does not."""
        call_command("seal_history", check=True, stdout=self.stdout)
        wrong = [*self._lists(), *_missing_photos()]
        if wrong:
            raise CommandError("\n".join(wrong))
        told = {"issues": Issue.objects.count(), "photos": Photo.objects.count()}
        self.stdout.write(_("Problemas: %(issues)s; fotos, todas en su lugar: %(photos)s.") % told)

    def _lists(self) -> Iterator[str]:
        said = StringIO()
        with tempfile.TemporaryDirectory() as folder, redirect_stdout(said):
            files = [_written(Path(folder), found) for found in RankedList.objects.order_by("number")]
            holds = not files or verify.run(files) == 0
        if not holds:
            yield said.getvalue()
        self.stdout.write(_("Listas comprobadas con verify.py: %s.") % len(files))


def _written(folder: Path, found: RankedList) -> str:
    path = folder / f"lista-{found.number}.json"
    path.write_text(file_of(found), encoding="utf-8")
    return str(path)


def _missing_photos() -> Iterator[str]:
    for photo in Photo.objects.only("file").iterator():
        if not photo.file.storage.exists(str(photo.file.name)):
            yield _("Falta el archivo %s.") % photo.file.name
