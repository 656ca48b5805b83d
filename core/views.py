"""«Salud»: how the house is, for the administration."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.chores import DUTIES, Duty
from core.clock import doubted_since
from core.health import readings
from core.models import Chore


@dataclass(frozen=True)
class Row:
    """A chore beside what is known of its runs."""

    duty: Duty
    noted: Chore | None
    next_run: object


@require_safe
@never_cache
def health(request: HttpRequest) -> HttpResponse:
    """Readings and chores now."""
    now = timezone.now()
    words = {"title": _("Salud"), "readings": readings(now), "chores": _rows(now), "now": now}
    words |= {"doubted_since": doubted_since(now)}
    return TemplateResponse(request, "core/health.html", admin.site.each_context(request) | words)


def _rows(now: dt.datetime) -> list[Row]:
    noted = Chore.objects.in_bulk()
    return [Row(duty, noted.get(name), duty.next_run(now)) for name, duty in DUTIES.items()]
