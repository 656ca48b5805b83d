"""The rooms stand in the order in which a problem goes through them; imports point only leftwards."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

ROOMS = [
    "core",
    "territories",
    "accounts",
    "issues",
    "walks",
    "gatherings",
    "rankings",
    "handovers",
    "maps",
    "demo",
]


def imported_packages(file: Path) -> set[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    absolute = (n for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.module and not n.level)
    plain = (alias.name for n in ast.walk(tree) if isinstance(n, ast.Import) for alias in n.names)
    return {name.split(".")[0] for name in [*(n.module for n in absolute), *plain]}


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_from_rooms_to_its_left(room):
    to_the_right = set(ROOMS[ROOMS.index(room) + 1 :])
    files = list((Path(settings.BASE_DIR) / room).rglob("*.py"))
    assert files
    wrong = {str(file): found for file in files if (found := imported_packages(file) & to_the_right)}
    assert wrong == {}


@pytest.mark.parametrize("room", ROOMS)
def test_foreign_keys_point_only_leftwards(room):
    to_the_right = set(ROOMS[ROOMS.index(room) + 1 :])
    fields = [field for model in apps.get_app_config(room).get_models() for field in model._meta.get_fields()]
    forward = [field for field in fields if field.is_relation and not field.auto_created]
    assert {f.related_model._meta.app_label for f in forward if f.related_model} & to_the_right == set()
