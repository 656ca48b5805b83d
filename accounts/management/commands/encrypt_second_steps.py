"""`manage.py encrypt_second_steps`: all that is sealed, after a new SECRET_KEY; then the old one can go."""

from cryptography.fernet import InvalidToken
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.sealed_fields import reseal_columns
from accounts.second_step import reseal_all


class Command(BaseCommand):
    """Needs the old key in SECRET_KEY_FALLBACKS."""

    help = "Encrypt second steps and contact data with the newest SECRET_KEY."

    @transaction.atomic
    def handle(self, *args: object, **options: object) -> None:
        """Encrypt all anew, or none. Raises CommandError when a key lacks."""
        try:
            self.stdout.write(f"{reseal_all()} secrets are encrypted with the newest key.")
            self.stdout.write(f"{reseal_columns()} rows of contact data, too.")
        except InvalidToken as lost:
            raise CommandError(
                "A secret is of another key: put that one into SECRET_KEY_FALLBACKS."
            ) from lost
