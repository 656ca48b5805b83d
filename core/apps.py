"""What every room needs: it stands leftmost and knows none of them."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = "Cimientos"
