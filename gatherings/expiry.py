"""What was typed in a room of bodies that no register knows, and for how long."""

from __future__ import annotations

import datetime as dt

from django.db.models import CharField, Exists, F, OuterRef, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone
from django.utils.translation import gettext as _

from gatherings.models import Attendance, Organisation

NAME_DAYS = 365


def forget_typed_names(at: dt.datetime | None = None) -> int:
    """Rename bodies typed in a room that never came into the register, NAME_DAYS after; returns how many."""
    limit = (at or timezone.now()) - dt.timedelta(days=NAME_DAYS)
    came = Attendance.objects.filter(organisation=OuterRef("pk"))
    lately = Exists(came.filter(gathering__starts_at__gt=limit))
    nameless = Concat(Value(_("Sin registro") + " "), Cast(F("pk"), CharField()))
    typed = Organisation.objects.filter(is_provisional=True).filter(Exists(came), ~lately)
    return typed.exclude(name=nameless).update(name=nameless)
