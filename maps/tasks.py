"""What the clock does for the whole site: personal data go when their time is over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.chores import chore
from core.health import Reading, reading
from maps.models import Breach, PersonRequest
from maps.persons.expiry import keep_the_register

BREACH_WITHIN = dt.timedelta(hours=72)


@reading
def persons_wait(now: dt.datetime) -> Iterable[Reading]:
    """Requests past their 30 days, and breaches of which the agency was not told within 72 hours."""
    late = PersonRequest.objects.late(timezone.localdate(now)).count()
    text = gettext("Hay %(n)s solicitudes de personas sin responder en sus 30 días.") % {"n": late}
    yield Reading("person_requests_late", _("Solicitudes de personas atrasadas"), late, bool(late), text)
    silent = Breach.objects.filter(agency_told_at__isnull=True, found_at__lte=now - BREACH_WITHIN).count()
    text = gettext("Hay %(n)s vulneraciones de datos sin aviso a la Agencia en 72 horas.") % {"n": silent}
    yield Reading("breaches_untold", _("Vulneraciones sin aviso"), silent, bool(silent), text)


chore("forget", _("datos de personas, borrados en su día"), keep_the_register, cron="23 * * * *")
