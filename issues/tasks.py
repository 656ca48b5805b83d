"""What the clock does for problems and their history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.chores import chore
from core.clock import in_its_time
from core.health import Reading, age, reading
from issues.life.hiding import show_again_late
from issues.life.seal import seal_history
from issues.models import DailyHead, Hiding


def seal() -> int:
    """Seal the day; returns 1 when it was not sealed yet."""
    return int(seal_history() is not None)


@reading
def seals(now: dt.datetime) -> Iterable[Reading]:
    """How long ago the day began that was sealed last."""
    last = DailyHead.objects.first()
    began = timezone.make_aware(dt.datetime.combine(last.day, dt.time())) if last else None
    old = age(began, now)
    is_ill = old is not None and old > settings.ALARM_SEAL_HOURS * 3600
    text = _("La historia no se sella desde hace días: revisa la tarea «sellos del día».")
    yield Reading("seal_age_seconds", gettext_lazy("Último sello"), old, is_ill, text)


@reading
def hidden_without_a_second_person(now: dt.datetime) -> Iterable[Reading]:
    """How much of persons and minors waits for more than 72 hours: it stays hidden, and somebody is told."""
    late = Hiding.objects.late(now).delicate().count()
    text = _("Hay %(n)s ocultamientos de personas o menores sin confirmar: revisa «Ocultos por confirmar».")
    title = gettext_lazy("Ocultos sin segunda persona")
    yield Reading("hidings_late", title, late, bool(late), text % {"n": late})


chore(
    "show_again", gettext_lazy("ocultos sin confirmar que se muestran otra vez"), in_its_time(show_again_late)
)
chore("seal_history", gettext_lazy("sellos del día"), seal)
