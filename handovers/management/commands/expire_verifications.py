"""manage.py expire_verifications: what no gathering judged in its time counts as done, unverified."""

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from core.clock import in_its_time
from handovers.life.verification import expire_verifications


class Command(BaseCommand):
    help = _("Pasa a «listo sin verificar» lo que el barrio no revisó a tiempo.")

    def handle(self, *args: object, **options: object) -> None:
        """Report how many problems were moved."""
        self.stdout.write(_("Sin verificar: %(count)s") % {"count": in_its_time(expire_verifications)()})
