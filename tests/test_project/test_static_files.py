"""What pages and modules name exists, and a hashed name leads to the whole content."""

import json
import posixpath
import re
import subprocess
from collections import Counter

import pytest
from django.contrib.staticfiles import finders
from django.core.files.base import ContentFile

from config.staticfiles import HashedStorage, NodeModulesFinder, as_served
from scripts.house import ROOT

MODULES = sorted(
    path.relative_to(ROOT / "static").as_posix() for path in (ROOT / "static" / "js").rglob("*.js")
)
IMPORT = re.compile(r"""^(?:import|export)\b[^;]*?\bfrom\s*["'](\.[^"']+)["']\s*(;?)""", re.MULTILINE)
NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+)+|README\.md")
MOST_FILES = 25
# pages join the parts; data knows neither DOM nor Leaflet.
MAY_IMPORT = {
    "data": {"data"},
    "map": {"map", "data"},
    "ui": {"ui", "data"},
    "pages": {"ui", "map", "data"},
}
JOINED_BY_PAGES = {"js/pages/public/cards.js"}
OURS = [path for part in ("js", "css", "icons") for path in (ROOT / "static" / part).rglob("*")]
# As a minified module writes it, too: no space and on one line with others; not in a comment.
LIBRARY_IMPORT = re.compile(
    r"""(?:^|;)(?:import|export)\b[^;"'()]*?(?:from)?\s*["']([^"']+)["']""", re.MULTILINE
)
SCRIPTS = [*MODULES, *(name for name in NodeModulesFinder()._names() if name.endswith(".js"))]
SAME_CODE = ROOT / "tests" / "test_project" / "same_code.mjs"
TAG = re.compile(r"""\{% static ["']([^"']+)["']""")


@pytest.mark.parametrize("module", MODULES)
def test_every_import_of_a_module_leads_to_a_file_and_ends_with_a_semicolon(module):
    for name, semicolon in IMPORT.findall((ROOT / "static" / module).read_text()):
        assert finders.find(posixpath.normpath(posixpath.join(posixpath.dirname(module), name))), name
        assert semicolon, f"{name}: without it the import keeps a name that is not served"


@pytest.mark.parametrize("name", [name for name in NodeModulesFinder()._names() if name.endswith(".js")])
def test_a_library_imports_only_files_a_browser_may_ask_for(name):
    """A bare name (`from"fflate"`) is found by node and refused by a browser."""
    text = (ROOT / "node_modules" / name).read_text()
    for imported in LIBRARY_IMPORT.findall(text):
        assert finders.find(posixpath.normpath(posixpath.join(posixpath.dirname(name), imported))), imported


def test_every_static_file_a_template_names_exists():
    named = {name for path in (ROOT / "templates").rglob("*.html") for name in TAG.findall(path.read_text())}
    assert len(named) >= 5
    assert {name for name in named if not finders.find(name)} == set()


def test_files_of_the_browser_have_one_spelling_and_no_folder_is_crowded():
    files = [path for path in OURS if path.is_file()]
    assert [path for path in files if not NAME.fullmatch(path.name)] == []
    crowded = Counter(path.parent.relative_to(ROOT).as_posix() for path in files)
    assert {folder: count for folder, count in crowded.items() if count > MOST_FILES} == {}


def _imported(module: str) -> set[str]:
    text = (ROOT / "static" / module).read_text()
    return {
        posixpath.normpath(posixpath.join(posixpath.dirname(module), name))
        for name, _ in IMPORT.findall(text)
    }


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_only_what_its_layer_may(module):
    layer = module.split("/")[1]
    for name in _imported(module):
        if name.startswith("leaflet/"):
            assert layer == "map", "only map/ touches Leaflet"
        # What several pages of one room join is a part beside them, and imports no page.
        if name.startswith("js/") and name not in JOINED_BY_PAGES:
            assert name.split("/")[1] in MAY_IMPORT[layer], name


@pytest.fixture
def collected(tmp_path):
    """A storage with one module that imports another, processed as collectstatic does it."""
    storage = HashedStorage(location=str(tmp_path))
    files = {
        "a.js": ' * import { b } from "./gone.js";\nimport { b } from "./b.js";\n',
        "b.js": "export const b = 1;\n//# sourceMappingURL=b.js.map\n",
    }
    for name, text in files.items():
        storage._save(name, ContentFile(text.encode()))
    done = storage.post_process({name: (storage, name) for name in files})
    hashed = {name: stored for name, stored, _ in done if stored.endswith(".js")}
    return {name: (tmp_path / stored).read_text() for name, stored in hashed.items()}


def test_an_import_gets_the_hashed_name_and_an_example_in_a_comment_keeps_its_own(collected):
    assert re.search(r'^import \{ b \} from "./b\.[0-9a-f]{12}\.js";$', collected["a.js"], re.MULTILINE)
    assert ' * import { b } from "./gone.js";' in collected["a.js"]


def test_a_processed_file_keeps_its_content_and_loses_only_its_source_map(collected):
    assert collected["b.js"] == "export const b = 1;\n"


def _both(name: str) -> tuple[str, str]:
    content = (ROOT / ("static" if name.startswith("js/") else "node_modules") / name).read_bytes()
    return content.decode(), as_served(name, content).decode()


def not_the_same_code(files: list[tuple[str, str, str]]) -> list[str]:
    told = subprocess.run(
        ["node", str(SAME_CODE)], input=json.dumps(files), capture_output=True, text=True, check=True
    )
    return json.loads(told.stdout)


def test_without_its_comments_every_script_is_the_same_code():
    files = [(name, *_both(name)) for name in SCRIPTS]
    assert not_the_same_code(files) == []
    assert sum(len(after) for _, _, after in files) < 0.8 * sum(len(before) for _, before, _ in files)


def test_code_that_only_looks_like_a_comment_would_be_noticed():
    text = "const a = `\n// said\n`;\n"
    assert not_the_same_code([("a.js", text, as_served("a.js", text.encode()).decode())]) == ["a.js"]


@pytest.mark.parametrize(
    ("text", "served"),
    [
        ("/** Says why.\n * @param {string} a\n */\nfunction f(a) {}\n", "function f(a) {}\n"),
        ("  // why\n  f();\n", "  f();\n"),
        ("f(); // why\n", "f(); // why\n"),
        ("/* @preserve\n * Leaflet 1.9.4, (c) its authors\n */\nf();\n", None),
        ("/*! noble-hashes - MIT License */\nf();\n", None),
        ("const a = 1; /* b */\n", None),
    ],
)
def test_whole_lines_of_comment_are_not_served_and_licences_are(text, served):
    assert as_served("a.js", text.encode()).decode() == (text if served is None else served)
