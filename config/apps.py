"""Django's admin app, with our site; and what the project itself checks."""

from django.contrib.admin.apps import AdminConfig
from django.core import checks

from config.database_version import check_version


class MapaAdminConfig(AdminConfig):
    """Uses config.admin.Site as the default site."""

    default_site = "config.admin.Site"

    def ready(self) -> None:
        """Let `manage.py migrate` refuse a database it cannot take over."""
        super().ready()
        checks.register(check_version, checks.Tags.database)
