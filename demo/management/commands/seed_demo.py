"""`manage.py seed_demo [--issues N] [--seed S] [--password P]`: an invented town to try everything on."""

from __future__ import annotations

import os
import secrets

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core.postgis.owner import as_owner
from demo import town
from demo.people import LOGINS
from demo.progress import Progress
from gatherings.models import Gathering, Organisation
from issues.models import Category, Issue
from territories.models import Place, Territory

BOUNDARIES = "shapefiles/barrios_maipu.shp"
MOST = 5_000_000


class Command(BaseCommand):
    """Fills an empty installation with the demo town; a second call says that it is there."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--issues", type=int, default=town.LIVELY, help="how many problems (600)")
        parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same town on a day")
        parser.add_argument("--password", default="", help="of the logins (DEMO_PASSWORD, or random)")

    def handle(self, *, issues: int, seed: int, password: str, verbosity: int, **options: object) -> None:
        _check_numbers(issues, seed)
        with as_owner(connection):  # puts indexes aside while it loads
            self._seed(issues, seed, password, verbosity)

    def _seed(self, issues: int, seed: int, password: str, verbosity: int) -> None:
        if here := town.already_here():
            self.stdout.write(_("El pueblo de demostración ya está: %(what)s.") % {"what": here.to_value})
            return
        _refuse_real_data()
        self._load_what_lacks()
        secret = password or os.environ.get("DEMO_PASSWORD") or secrets.token_urlsafe(9)
        progress = Progress(self.stdout, quiet=verbosity == 0)
        town.build(issues, seed, secret, town.evening_before(timezone.now()), progress)
        _refresh_statistics()
        self._say_logins(secret, verbosity)

    def _load_what_lacks(self) -> None:
        if not Territory.objects.current().exists():
            call_command("load_territories", BOUNDARIES, expect=21, activate=True, stdout=self.stdout)
        if not Category.objects.exists():
            call_command("load_categories", stdout=self.stdout)
        if not Place.objects.exists():
            call_command("load_places", stdout=self.stdout)

    def _say_logins(self, secret: str, verbosity: int) -> None:
        if verbosity:
            facts = {"count": Issue.objects.count(), "who": ", ".join(LOGINS), "secret": secret}
            self.stdout.write(
                _("Pueblo de demostración listo: %(count)s problemas.\nCuentas: %(who)s. Clave: %(secret)s")
                % facts
            )


def _check_numbers(issues: int, seed: int) -> None:
    if not 1 <= issues <= MOST:
        raise CommandError(_("--issues va de 1 a %(most)s.") % {"most": MOST})
    if not 0 <= seed <= town.HIGHEST_SEED:
        raise CommandError(_("--seed va de 0 a %(most)s.") % {"most": town.HIGHEST_SEED})


def _refuse_real_data() -> None:
    if any(model.objects.exists() for model in (Issue, Gathering, Organisation, User)):
        raise CommandError(
            _(
                "Esta base de datos ya tiene datos que no son de la demostración: el pueblo de "
                "demostración solo se carga en una instalación vacía."
            )
        )


def _refresh_statistics() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
