"""Erase anew what a restored backup brought back, then what is due."""

from typing import Any

from django.core.management.base import BaseCommand

from maps.persons.expiry import keep_the_register


class Command(BaseCommand):
    """`manage.py forget_persons`: what the clock does every hour, now; said with a number."""

    help = "Borra otra vez lo que devolvió una copia restaurada y lo que ya cumplió su plazo."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(str(keep_the_register()))
