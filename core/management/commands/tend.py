"""manage.py tend: every chore once, now; the workers do the same by the clock."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils.translation import gettext as _

from core.chores import DUTIES, run_all
from core.models import Chore


class Command(BaseCommand):
    help = _("Hace ahora, una vez, todo lo que hace el reloj.")

    def handle(self, *args: object, **options: object) -> None:
        """Say what each did; raises CommandError when one failed: the page «Salud» has its fault."""
        connection.ensure_connection()  # one sentence, not one fault for each chore
        failed = run_all()
        counts = dict(Chore.objects.values_list("name", "count"))
        done = [f"{duty.title}: {counts[name] or 0}" for name, duty in DUTIES.items() if name not in failed]
        self.stdout.write(", ".join(done))
        if failed:
            raise CommandError(_("No resultó: %(names)s.") % {"names": ", ".join(failed)})
