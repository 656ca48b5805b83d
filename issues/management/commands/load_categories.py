"""`manage.py load_categories [PATH] [--update]`: the categories and the offices that answer for them."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from core.tables import TableRefused
from issues.catalogue import read_categories, store_categories

DEFAULT = "shapefiles/categories.csv"


class Command(BaseCommand):
    """Loads a file of categories; what is already there stays as it is unless --update is given."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", nargs="?", type=Path, default=Path(settings.BASE_DIR) / DEFAULT)
        parser.add_argument("--update", action="store_true", help="also rewrite categories already present")

    def handle(self, *, path: Path, update: bool, **options: object) -> None:
        """Read and store the catalogue; raises CommandError for a file that is refused."""
        try:
            done = store_categories(read_categories(path), rewrite=update)
        except TableRefused as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(
            _("Categorías: %(added)s nuevas, %(rewritten)s reescritas, %(kept)s ya estaban.")
            % {"added": done.added, "rewritten": done.rewritten, "kept": done.kept}
        )
