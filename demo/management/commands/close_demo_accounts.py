"""`manage.py close_demo_accounts`: nobody signs in with a login of the demo any more."""

from django.core.management.base import BaseCommand

from demo.guard import close_accounts


class Command(BaseCommand):
    """What to do before a database that once was a demo is served in earnest."""

    help = "Close the accounts of the demo town."

    def handle(self, *args: object, **options: object) -> None:
        """Close them and say how many."""
        self.stdout.write(f"{close_accounts()} accounts of the demo are closed.")
