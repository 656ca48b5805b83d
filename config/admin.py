"""The administration: signed in through the same door as everyone, every change recorded."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accounts.requests import signed_in
from core.clock import CLOCK, confirm
from core.health import readings
from core.models import Chore
from core.views import health
from issues.models import EntryKind, HistoryEntry

if TYPE_CHECKING:
    from django.contrib.admin.models import LogEntry


# Between looking at the hour and confirming it.
SEEN_WITHIN_SECONDS = 3_600


class RecordsChanges(admin.ModelAdmin):
    """Adds a line to the sealed history for whatever is added, changed or deleted here."""

    def log_addition(self, request: HttpRequest, obj: Model, message: object) -> LogEntry:
        _record(request, obj, "added", message)
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Model, message: object) -> LogEntry:
        _record(request, obj, "changed", message)
        return super().log_change(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: QuerySet[Model]) -> list[LogEntry]:
        for obj in queryset:
            _record(request, obj, "deleted", "")
        return super().log_deletions(request, queryset)


class Site(admin.AdminSite):
    """Django's admin with the names of this installation."""

    site_header = _("Administración del Mapa Barrial")
    site_title = _("Administración")
    index_title = _("Configuración y registros")
    enable_nav_sidebar = False

    def register(self, model_or_iterable: Any, admin_class: type | None = None, **options: Any) -> None:
        """Register as usual; what is registered records its changes."""
        base = admin_class or admin.ModelAdmin
        recorded = type(base.__name__, (RecordsChanges, base), {"__module__": base.__module__})
        super().register(model_or_iterable, recorded, **options)

    def get_urls(self) -> list:
        """As usual, and «Salud»."""
        return [
            path("salud/", self.admin_view(health), name="health"),
            path("salud/reloj/", self.admin_view(confirm_clock), name="confirm_clock"),
            *super().get_urls(),
        ]

    def index(self, request: HttpRequest, extra_context: dict | None = None) -> TemplateResponse:
        """As usual, below what is ill."""
        return super().index(request, (extra_context or {}) | {"readings": readings()})

    def login(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """One door: the page with the second factor, not the admin's own form."""
        if request.user.is_authenticated:
            return redirect("start")
        query = urlencode({"next": request.get_full_path()})
        return redirect(f"/entrar/?{query}")


@require_POST
@transaction.atomic
def confirm_clock(request: HttpRequest) -> HttpResponse:
    """The hour that the person saw is right: a line of the history says who said so."""
    seen, now = request.POST.get("seen", "")[:12], timezone.now()
    if not seen.isdecimal() or abs(now.timestamp() - int(seen)) > SEEN_WITHIN_SECONDS:
        messages.error(request, gettext("La hora cambió mientras mirabas: no se confirmó nada."))
    else:
        confirm(now)
        _record(request, Chore.objects.get(name=CLOCK), "confirmed", gettext("Hora del servidor confirmada"))
        messages.success(request, gettext("Hora confirmada: lo que vence por fecha sigue."))
    return redirect("admin:health")


def _record(request: HttpRequest, obj: Model, what: str, message: object) -> None:
    person = signed_in(request)
    HistoryEntry.objects.create(
        kind=EntryKind.CONFIG,
        from_value=what,
        to_value=f"{obj._meta.label} {obj.pk}"[:200],
        actor=person,
        office=person.office,
        at=timezone.now(),
        reason=message if isinstance(message, str) else json.dumps(message, ensure_ascii=False),
    )
