"""Write docs/privacy.md from the register."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from maps.persons.policy import as_markdown


class Command(BaseCommand):
    """`manage.py write_privacy`: after a change of the register."""

    help = "Escribe docs/privacy.md a partir del registro de datos personales."

    def handle(self, *args: Any, **options: Any) -> None:
        (Path(settings.BASE_DIR) / "docs" / "privacy.md").write_text(as_markdown(), encoding="utf-8")
