"""Django's admin app, with our site."""

from django.contrib.admin.apps import AdminConfig


class MapaAdminConfig(AdminConfig):
    """Uses config.admin.Site as the default site."""

    default_site = "config.admin.Site"
