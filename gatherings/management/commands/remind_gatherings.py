"""Reminders by e-mail; meant to run every hour."""

from django.core.management.base import BaseCommand

from gatherings.calendar.planner import remind


class Command(BaseCommand):
    """Reminds facilitators of the gatherings of the next two days, once each."""

    help = "Envía a cada facilitadora el recordatorio de sus reuniones de los próximos dos días."

    def handle(self, *args: object, **options: object) -> None:
        """Send what is due."""
        self.stdout.write(f"Recordatorios enviados: {remind()}.")
