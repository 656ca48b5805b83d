"""manage.py write_desk_file ID: write one long file of the desk; the page that asked for it starts this."""

from __future__ import annotations

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from handovers.models import DeskFile
from handovers.query.export_jobs import write


class Command(BaseCommand):
    help = _("Escribe un archivo largo del escritorio.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The number of the file."""
        parser.add_argument("number", type=int)

    def handle(self, *args: object, number: int, **options: object) -> None:
        """Write it; raises CommandError when there is none or it could not be written."""
        made = DeskFile.objects.select_related("owner").filter(pk=number).first()
        if made is None or not write(made):
            raise CommandError(_("Ese archivo no existe, ya se está escribiendo o no se pudo escribir."))
