"""What the code offers and a page has to name: settings, commands, targets, rights."""

import ast
import re
from collections.abc import Iterator

from django.apps import apps
from django.core.management import get_commands
from rest_framework.permissions import BasePermission

from accounts.models import Role
from scripts.house import ROOT
from tests.docs.pages import tracked

READERS = {"env", "env.bool", "env.int", "env.list", "env.db", "env.email_url", "env.float", "env.str"}
READERS |= {"os.environ.get", "os.getenv"}
# Of every process, not of this project.
OF_THE_SYSTEM = {"PATH", "HOME", "CI"}


def settings_read() -> set[str]:
    """Every variable of the environment that Python code of the project reads by its name."""
    found = (name for path in tracked("*.py") for name in _read_by(ast.parse((ROOT / path).read_text())))
    return set(found) - OF_THE_SYSTEM


def _read_by(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in READERS and node.args:
            yield from _constant(node.args[0])
        if isinstance(node, ast.Subscript) and _is_reading(node):
            yield from _constant(node.slice)


def _is_reading(node: ast.Subscript) -> bool:
    return ast.unparse(node.value) == "os.environ" and isinstance(node.ctx, ast.Load)


def _constant(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


def commands() -> set[str]:
    """Our own management commands."""
    return {command for command, app in get_commands().items() if is_ours(app)}


def targets() -> set[str]:
    return set(re.findall(r"^([a-z]\w*):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE))


def rights() -> set[str]:
    """Roles, classes of permission, and permissions of models that are ours."""
    classes = {cls.__name__ for cls in BasePermission.__subclasses__() if is_ours(cls.__module__)}
    models = (model for model in apps.get_models() if is_ours(model.__module__))
    named = {codename for model in models for codename, _ in model._meta.permissions}
    return set(Role.values) | classes | named


def is_ours(module: str) -> bool:
    return (ROOT / module.split(".")[0]).is_dir()
