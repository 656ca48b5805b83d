"""The rooms stand in the order in which a problem goes through them; imports point only leftwards.

Inside an app the same holds for its inner rooms and its flat modules: no circle, and a named order.
"""

from __future__ import annotations

import ast
from graphlib import TopologicalSorter
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
INNER_ROOMS = {
    "core": ["postgis", "together"],
    "territories": ["importing", "basemap", "places", "boundaries"],
    "issues": ["glance", "models", "life", "query", "weights", "photos"],
    "walks": ["app", "sync", "office", "sheets"],
    "gatherings": ["models", "room", "acta", "calendar"],
    "rankings": ["rules"],
    "handovers": ["models", "life", "query", "acts", "followers", "indicators", "cabinet", "desk"],
    "maps": ["ogc", "open311", "persons", "telling", "duties", "outside"],
}
# Where Django and its commands look for things: entrances, not rooms.
ENTRANCES = {"management", "migrations", "templatetags"}
MOST_MODULES = 25


def imported_modules(file: Path) -> set[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    absolute = [n for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.module and not n.level]
    plain = {alias.name for n in ast.walk(tree) if isinstance(n, ast.Import) for alias in n.names}
    return plain | {f"{n.module}.{alias.name}" for n in absolute for alias in n.names}


def folder(app: str) -> Path:
    return Path(settings.BASE_DIR) / app


def unit_of(module: str, app: str) -> str:
    """The inner room, or the flat module, of a dotted name; empty outside the app."""
    package, *inner = module.split(".")
    return inner[0] if package == app and inner else ""


def inner_imports(app: str) -> dict[str, set[str]]:
    """Which rooms and flat modules of an app import which."""
    graph: dict[str, set[str]] = {}
    for file in folder(app).rglob("*.py"):
        unit = unit_of(".".join(file.relative_to(settings.BASE_DIR).with_suffix("").parts), app)
        if unit not in ENTRANCES:
            graph.setdefault(unit, set()).update(unit_of(name, app) for name in imported_modules(file))
    return {unit: found - {unit, ""} for unit, found in graph.items()}


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_from_rooms_to_its_left(room):
    to_the_right = set(ROOMS[ROOMS.index(room) + 1 :])
    files = list(folder(room).rglob("*.py"))
    assert files
    imported = {str(file): {name.split(".")[0] for name in imported_modules(file)} for file in files}
    assert {file: found & to_the_right for file, found in imported.items() if found & to_the_right} == {}


@pytest.mark.parametrize("room", ROOMS)
def test_foreign_keys_point_only_leftwards(room):
    to_the_right = set(ROOMS[ROOMS.index(room) + 1 :])
    fields = [field for model in apps.get_app_config(room).get_models() for field in model._meta.get_fields()]
    forward = [field for field in fields if field.is_relation and not field.auto_created]
    assert {f.related_model._meta.app_label for f in forward if f.related_model} & to_the_right == set()


@pytest.mark.parametrize("app", ROOMS)
def test_rooms_and_modules_within_an_app_have_no_circle(app):
    graph = inner_imports(app)
    assert graph
    TopologicalSorter(graph).prepare()  # raises CycleError, which names the circle


@pytest.mark.parametrize("app", INNER_ROOMS)
def test_inner_rooms_import_only_from_rooms_to_their_left(app):
    order = INNER_ROOMS[app]
    graph = inner_imports(app)
    wrong = {room: graph[room] & set(order[order.index(room) + 1 :]) for room in order}
    assert {room: found for room, found in wrong.items() if found} == {}


@pytest.mark.parametrize("app", ROOMS[:-1])
def test_every_inner_room_has_its_place_in_the_order(app):
    inside = {path.parent.name for path in folder(app).glob("*/__init__.py")}
    assert inside - ENTRANCES == set(INNER_ROOMS.get(app, []))


@pytest.mark.parametrize("top", [*ROOMS, "templates", "tests"])
def test_no_folder_has_more_modules_than_one_overlooks(top):
    folders = [path for path in (folder(top), *folder(top).rglob("*")) if path.is_dir()]
    counts = {str(path): len([*path.glob("*.py"), *path.glob("*.html")]) for path in folders}
    assert {path: count for path, count in counts.items() if count > MOST_MODULES} == {}


@pytest.mark.parametrize("app", ROOMS[:-1])
def test_what_answers_requests_is_called_views_and_nothing_else_is(app):
    named = set(folder(app).rglob("*views.py"))
    routed = {file for file in folder(app).rglob("*.py") if _is_routed(file)}
    assert routed - named == set()


def _is_routed(file: Path) -> bool:
    """Whether the module has a function that a decorator of Django makes a view."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    names = {ast.unparse(mark).split("(")[0] for node in functions for mark in node.decorator_list}
    return bool(names & {"require_safe", "require_POST", "require_GET", "require_http_methods", "api_view"})
