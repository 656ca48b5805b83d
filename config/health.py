"""Is the process alive; is it ready to serve."""

from __future__ import annotations

import shutil
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

MIN_FREE_BYTES = 200 * 1024 * 1024


@never_cache
@require_safe
def alive(request: HttpRequest) -> JsonResponse:
    """Answer 200 as long as the process runs."""
    return JsonResponse({"alive": True})


@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """Answer 200 when database, migrations and disk are in order, else 503 naming what is not."""
    checks = {"database": _database(), "migrations": _migrations(), "disk": _disk()}
    return JsonResponse(checks, status=200 if all(checks.values()) else 503)


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT postgis_lib_version()")
        return True
    except DatabaseError:
        return False


def _migrations() -> bool:
    try:
        executor = MigrationExecutor(connection)
        return not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return False


def _disk() -> bool:
    """Room for photos too: they may be on a separate disk."""
    folders = [folder for folder in (Path(settings.BASE_DIR), Path(settings.MEDIA_ROOT)) if folder.exists()]
    return all(shutil.disk_usage(folder).free > MIN_FREE_BYTES for folder in folders)
