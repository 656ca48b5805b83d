"""manage.py change_boundaries ID: do one change of the boundaries; the page that asked for it starts this."""

from __future__ import annotations

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from territories.boundaries.changes import carry_out
from territories.models import BoundaryChange


class Command(BaseCommand):
    help = _("Cambia los límites en uso cuando son muchos los problemas que los siguen.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The number of the change."""
        parser.add_argument("number", type=int)

    def handle(self, *args: object, number: int, **options: object) -> None:
        """Do it; raises CommandError when there is none or it was not done."""
        change = BoundaryChange.objects.select_related("boundary_set").filter(pk=number).first()
        if change is None or not carry_out(change):
            raise CommandError(_("Ese cambio no existe, ya se está haciendo o no se pudo hacer."))
