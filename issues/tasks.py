"""What the clock does for problems and their history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.chores import chore
from core.health import Reading, age, reading
from issues.life.expiry import forget_reporters
from issues.life.seal import seal_history
from issues.models import DailyHead


def seal() -> int:
    """Seal the day; returns 1 when it was not sealed yet."""
    return int(seal_history() is not None)


@reading
def seals(now: dt.datetime) -> Iterable[Reading]:
    """How long ago the day began that was sealed last."""
    last = DailyHead.objects.first()
    began = last and timezone.make_aware(dt.datetime.combine(last.day, dt.time()))
    old = age(began, now)
    is_ill = old is not None and old > settings.ALARM_SEAL_HOURS * 3600
    text = _("La historia no se sella desde hace días: revisa la tarea «sellos del día».")
    yield Reading("seal_age_seconds", gettext_lazy("Último sello"), old, is_ill, text)


chore("seal_history", gettext_lazy("sellos del día"), seal)
chore("forget_reporters", gettext_lazy("datos de quienes informaron, borrados en su día"), forget_reporters)
