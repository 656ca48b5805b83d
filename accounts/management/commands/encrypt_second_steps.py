"""`manage.py encrypt_second_steps`: after a new SECRET_KEY, so that the old one can be taken away."""

from cryptography.fernet import InvalidToken
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.second_step import reseal_all


class Command(BaseCommand):
    """Needs the old key in SECRET_KEY_FALLBACKS."""

    help = "Encrypt the secrets of second steps with the newest SECRET_KEY."

    @transaction.atomic
    def handle(self, *args: object, **options: object) -> None:
        """Encrypt all anew, or none. Raises CommandError when a key lacks."""
        try:
            self.stdout.write(f"{reseal_all()} secrets are encrypted with the newest key.")
        except InvalidToken as lost:
            raise CommandError(
                "A secret is of another key: put that one into SECRET_KEY_FALLBACKS."
            ) from lost
