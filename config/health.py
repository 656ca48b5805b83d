"""Is the process alive; is it ready to serve. One word for strangers; the administration has «Salud»."""

from __future__ import annotations

from functools import cache

from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@never_cache
@require_safe
def alive(request: HttpRequest) -> JsonResponse:
    """Answer 200 as long as the process runs."""
    return JsonResponse({"alive": True})


@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """Answer 200 when the database answers and is migrated, else 503.

    An old backup or a full disk is told elsewhere: it must not unplug the site.
    """
    is_ready = _is_migrated()
    word, status = ("ready", 200) if is_ready else ("unready", 503)
    return HttpResponse(word, status=status, content_type="text/plain; charset=utf-8")


def _is_migrated() -> bool:
    try:
        return _last_migrations() <= set(MigrationRecorder(connection).applied_migrations())
    except (DatabaseError, InterfaceError):
        return False


@cache
def _last_migrations() -> frozenset[tuple[str, str]]:
    """The last migration of each app as the code has them: the code of a process does not change."""
    return frozenset(MigrationLoader(None).graph.leaf_nodes())
