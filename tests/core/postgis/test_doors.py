"""The doors of row security, and who opens each: a new place is written here, where somebody reads it."""

import ast
import re
from pathlib import Path

from django.apps import apps
from django.conf import settings

from core.postgis import identity, row_security

# What is not public shows behind a door, or is written: each place is one more to think about.
OPENED_AT = {
    "counts": {
        "gatherings/acta/views.py": 2,
        "gatherings/api_views.py": 2,
        "gatherings/calendar/views.py": 1,
        "gatherings/room/paper_views.py": 1,
        "gatherings/room/phone_views.py": 1,
        "gatherings/room/views.py": 3,
        "handovers/api_views.py": 2,
        "handovers/indicators/skip_views.py": 1,
        "handovers/indicators/views.py": 1,
        "maps/neighbourhood.py": 1,
        "maps/outside/card_views.py": 1,
        "maps/telling/intake.py": 1,
        "rankings/api_views.py": 1,
        "rankings/views.py": 4,
        "walks/sync/inbox.py": 1,
    },
    "inbox": {"walks/office/decisions.py": 1, "walks/sync/api_views.py": 1},
    "account": {"accounts/middleware.py": 1},
    "joining": {"issues/life/duplicates.py": 2},
}
OPENING = {"identity.behind", "identity.enter"}


def places() -> list[tuple[str, str]]:
    """Door and file of each call that opens one; «?» for a door that only the running program knows."""
    return [(door, path) for path, tree in modules() for door in doors_in(tree)]


def modules() -> list[tuple[str, ast.Module]]:
    root = Path(settings.BASE_DIR)
    labels = [Path(app.path) for app in apps.get_app_configs() if Path(app.path).parent == root]
    found = [path for folder in [*labels, root / "config"] for path in sorted(folder.rglob("*.py"))]
    kept = [path for path in found if path != Path(identity.__file__)]
    return [(str(path.relative_to(root)), ast.parse(path.read_text("utf-8"))) for path in kept]


def doors_in(tree: ast.Module) -> list[str]:
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    opened = [call for call in calls if ast.unparse(call.func) in OPENING]
    return [
        each.args[0].value if each.args and isinstance(each.args[0], ast.Constant) else "?" for each in opened
    ]


def test_each_door_is_opened_where_this_table_says_and_nowhere_else():
    found: dict[str, dict[str, int]] = {}
    for door, path in places():
        found.setdefault(door, {})
        found[door][path] = found[door].get(path, 0) + 1
    assert found == OPENED_AT


def test_nobody_takes_the_openers_of_doors_under_another_name():
    took = [
        path
        for path, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        and node.module == "core.postgis.identity"
        and {name.name for name in node.names} & {"behind", "enter"}
    ]
    assert took == []


def test_each_door_that_a_guard_asks_for_is_one_of_these_and_each_is_asked_for():
    said = "".join(map(str, row_security.guarded().values()))
    named = {
        door for doors in re.findall(r"asking_door\(\)\) IN \(([^)]*)\)", said) for door in doors.split(", ")
    }
    assert {door.strip("'\\") for door in named} <= set(OPENED_AT)
    assert {"inbox", "account", "joining"} <= {door.strip("'\\") for door in named}
