from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _

from territories.basemap import source


class TerritoriesConfig(AppConfig):
    name = "territories"
    verbose_name = _("Barrios y límites")

    def ready(self) -> None:
        """Let `manage.py check` and every start say when the base map's file is not right."""
        checks.register(source.check_file)
