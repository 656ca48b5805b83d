"""Fills the storm's empty database: the imaginary town, one category, one facilitator for each tablet."""

from __future__ import annotations

import json
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.db import connection  # noqa: E402
from uuid6 import uuid7  # noqa: E402

from accounts.models import Role, User  # noqa: E402
from issues.models import Category, CategoryGroup  # noqa: E402
from tests.town import boundary_set, square  # noqa: E402
from walks.sync.devices import enrol  # noqa: E402


def settle(tablets: int) -> list[dict]:
    """What each simulated tablet must know."""
    boundary_set({1: "Norte"}, square)
    group = CategoryGroup.objects.create(code="PAV", name="Calles y veredas", icon="street")
    Category.objects.create(code="PAV-01", group=group, name="Bache")
    return [_tablet(number) for number in range(tablets)]


def _tablet(number: int) -> dict:
    user = User(
        username=f"f{number}", email=f"f{number}@example.cl", role=Role.FACILITATOR, territory_codes=[1]
    )
    user.set_unusable_password()
    user.save()
    made = enrol(user, uuid7(), None)
    return {
        "name": user.username,
        "token": made.token,
        "author": user.pk,
        "device": str(made.device.pk),
        "lng": -70.79,
        "lat": -33.51,
    }


def _check_durable(plant: str) -> None:
    with connection.cursor() as cursor:
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            cursor.execute(f"SHOW {name}")
            assert cursor.fetchone() == ("on",), name
        if plant == "async":
            cursor.execute("ALTER ROLE CURRENT_USER SET synchronous_commit = off")


if __name__ == "__main__":
    _check_durable(os.environ.get("STORM_PLANT", ""))
    print(json.dumps(settle(int(sys.argv[1]))))
