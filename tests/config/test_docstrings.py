"""Docstrings hold: a public function names what it raises, and names only what exists."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
APPS = [app.label for app in apps.get_app_configs() if Path(app.path).parent == ROOT]
FOLDERS = [*APPS, "config", "scripts"]
Function = ast.FunctionDef | ast.AsyncFunctionDef
# A view may name the status that the reader of the address sees.
STATUS = {"Http404": "404", "NotFound": "404", "PermissionDenied": "403", "ValidationError": "400"}
OWN_NAME = re.compile(rf"\b(?:{'|'.join(FOLDERS)})(?:\.[a-z_]\w*)+")


def modules(folder: str) -> Iterator[tuple[str, ast.Module]]:
    for file in sorted((ROOT / folder).rglob("*.py")):
        if "migrations" not in file.parts:
            yield str(file.relative_to(ROOT)), ast.parse(file.read_text(encoding="utf-8"))


def public_functions(tree: ast.AST) -> Iterator[Function]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.ClassDef | Function) and not node.name.startswith("_"):
            if isinstance(node, ast.ClassDef):
                yield from public_functions(node)
            else:
                yield node


def statements(node: ast.AST) -> Iterator[ast.AST]:
    """What runs in a function itself, not in the functions and classes it defines."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.ClassDef | Function | ast.Lambda):
            yield child
            yield from statements(child)


def raised(function: Function) -> set[str]:
    """Names of the exception classes in its own `raise` statements."""
    found = [node.exc for node in statements(function) if isinstance(node, ast.Raise) and node.exc]
    names = {ast.unparse(exc.func if isinstance(exc, ast.Call) else exc).rpartition(".")[2] for exc in found}
    return {name for name in names if name[0].isupper()}


def unnamed(function: Function) -> set[str]:
    said = ast.get_docstring(function) or ""
    return {name for name in raised(function) if name not in said and STATUS.get(name, name) not in said}


def docstrings(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | Function):
            yield ast.get_docstring(node) or ""


def exists(name: str) -> bool:
    """Whether a dotted name is a module, or something that its module or class defines."""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        path = ROOT.joinpath(*parts[:length])
        module = path.with_suffix(".py") if path.with_suffix(".py").is_file() else path / "__init__.py"
        if module.is_file():
            defined = module.read_text(encoding="utf-8")
            return all(re.search(rf"\b{part}\b", defined) for part in parts[length:])
    return False


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_public_function_names_what_it_raises(folder):
    functions = ((file, each) for file, tree in modules(folder) for each in public_functions(tree))
    missing = {f"{file}:{each.name}": unnamed(each) for file, each in functions}
    assert {place: names for place, names in missing.items() if names} == {}


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_docstring_names_no_module_that_is_gone(folder):
    said = ((file, text) for file, tree in modules(folder) for text in docstrings(tree))
    named = {(file, name) for file, text in said for name in OWN_NAME.findall(text)}
    assert {(file, name) for file, name in named if not exists(name)} == set()


@pytest.mark.parametrize(
    ("source", "missing"),
    [
        ("def f():\n '''Raises Bad.'''\n raise Bad('x')", set()),
        ("def f():\n '''Does.'''\n raise module.Bad from error", {"Bad"}),
        ("def f():\n raise Bad", {"Bad"}),
        ("def f():\n '''A page; 404 for none.'''\n raise Http404", set()),
        ("def f():\n def g():\n  raise Bad", set()),
        ("def f():\n try:\n  pass\n except Bad as error:\n  raise error", set()),
        ("class C:\n def f(self):\n  raise Bad", {"Bad"}),
    ],
)
def test_a_statement_that_raises_is_seen(source, missing):
    (function,) = public_functions(ast.parse(source))
    assert unnamed(function) == missing


@pytest.mark.parametrize(
    ("name", "is_there"),
    [
        ("issues.workflow", True),
        ("issues.workflow.TRANSITIONS", True),
        ("issues.life", True),
        ("issues.levels", False),
        ("issues.workflow.nothing_like_it", False),
    ],
)
def test_a_name_that_is_gone_is_seen(name, is_there):
    assert exists(name) is is_there
