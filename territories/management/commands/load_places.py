"""`manage.py load_places [PATH] [--replace]`: streets, crossings, squares and other known places."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from territories.gazetteer import PlacesRefused, place_files, read_places, store_places

DEFAULT = "shapefiles/places"


class Command(BaseCommand):
    """Loads one GeoJSON file or a folder of them; all or nothing."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", nargs="?", type=Path, default=Path(settings.BASE_DIR) / DEFAULT)
        parser.add_argument(
            "--replace", action="store_true", help="remove the other places of the kinds in the files"
        )

    def handle(self, *, path: Path, replace: bool, **options: object) -> None:
        try:
            places = [place for file in place_files(path) for place in read_places(file)]
            done = store_places(places, replace=replace)
        except PlacesRefused as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(
            _("Lugares: %(stored)s cargados, %(removed)s retirados.")
            % {"stored": done.stored, "removed": done.removed}
        )
