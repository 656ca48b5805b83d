"""`manage.py load_places [PATH] [--replace]`: streets, crossings, squares and other known places.

PATH is a GeoJSON file in our own form or a folder of them, or any file `load_territories` could read,
or an OpenStreetMap extract (.osm.pbf); the latter two are examined in a child process.
"""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from territories.importing.intake import is_folder
from territories.importing.refusal import shown
from territories.models import Place, PlaceKind
from territories.places.files import read_any
from territories.places.gazetteer import PlacesRefused, place_files, read_places, store_places

DEFAULT = "shapefiles/places"
OWN_FORM = (".geojson", ".json")


class Command(BaseCommand):
    """Loads one file or a folder of GeoJSON files; all or nothing."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", nargs="?", type=Path, default=Path(settings.BASE_DIR) / DEFAULT)
        parser.add_argument(
            "--replace", action="store_true", help="remove the other places of the kinds in the files"
        )
        parser.add_argument("--kind", choices=PlaceKind.values, help="what all of them are")
        parser.add_argument("--source", default="", help="where they come from")
        for name in ("--layer", "--crs", "--encoding"):
            parser.add_argument(name)

    def handle(self, *, path: Path, replace: bool, **options: object) -> None:
        """Read and store the places; raises CommandError for a file that is refused."""
        try:
            done = store_places(self._read(path, options), replace=replace)
        except PlacesRefused as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(
            _("Lugares: %(stored)s cargados, %(removed)s retirados.")
            % {"stored": done.stored, "removed": done.removed}
        )

    def _read(self, path: Path, options: dict) -> list[Place]:
        if is_folder(path) or (path.suffix.lower() in OWN_FORM and not options["kind"]):
            return [place for file in place_files(path) for place in read_places(file)]
        names = ("kind", "layer", "crs", "encoding")
        return read_any(
            path, source=options["source"] or shown(path.name), **{name: options[name] for name in names}
        )
