"""Pages are a contract: what the code offers is named by a page, and what a page names is there."""

import re

import pytest
from django.core.management import get_commands

from scripts.house import ROOT
from tests.config.test_every_url import PUBLIC, TABLE
from tests.docs.addresses import served
from tests.docs.names import commands, rights, settings_read, targets
from tests.docs.pages import Page, exists, pages, paths_of, present, tracked

EVERYTHING = "\n".join(page.text for page in present())
CODE = "\n".join(page.code for page in present())
ADDRESSES = (ROOT / "docs" / "addresses.md").read_text()
ROW = re.compile(r"^\| `(/[^`]*)` \| ([\w:-]+) \| ([^|]+) \| [^|]+ \|$", re.MULTILINE)
EVERYONE, LINK_HOLDERS = "everyone", "who holds the"


def by_path(page: Page) -> str:
    return page.path


@pytest.fixture(scope="module")
def source() -> str:
    """All that is no page."""
    kinds = ("*.py", "*.js", "*.html", "*.yml", "*.toml", "*.sql", "Makefile", "Dockerfile", "deploy/*")
    return "\n".join((ROOT / path).read_text(errors="ignore") for path in tracked(*kinds))


# --- What the code offers has its page --------------------------------------------------------


@pytest.mark.parametrize("name", sorted(settings_read()))
def test_a_setting_is_named(name):
    assert re.search(rf"`[^`]*\b{name}\b[^`]*`", EVERYTHING), f"{name}: docs/operations.md"


@pytest.mark.parametrize("name", sorted(commands()))
def test_a_management_command_is_named(name):
    assert re.search(rf"\b{name}\b", CODE), f"{name}: docs/commands.md"


@pytest.mark.parametrize("name", sorted(targets()))
def test_a_make_target_is_named(name):
    assert re.search(rf"\bmake {name}\b", CODE)


@pytest.mark.parametrize("name", sorted(rights()))
def test_a_right_is_named(name):
    assert f"`{name}`" in (ROOT / "docs" / "roles.md").read_text()


def test_every_address_has_its_row_and_every_row_its_address():
    rows = [(address, name) for address, name, _ in ROW.findall(ADDRESSES)]
    assert len(rows) > 100
    assert sorted(rows) == sorted(served())


@pytest.mark.parametrize(("name", "who"), [(name, who.strip()) for _, name, who in ROW.findall(ADDRESSES)])
def test_a_row_says_who_may_as_the_table_of_rights_does(name, who):
    if not who.startswith(LINK_HOLDERS):
        assert (who == EVERYONE) or TABLE[name] != PUBLIC
        assert (who != EVERYONE) or TABLE[name][0] not in (302, 401, 403)


# --- What a page names is there ---------------------------------------------------------------


@pytest.mark.parametrize("page", present(), ids=by_path)
def test_a_page_names_no_setting_that_is_gone(page, source):
    named = set(re.findall(r"\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b", page.code))
    named |= set(re.findall(r"\b([A-Z][A-Z0-9_]{2,})=", page.code))
    assert [name for name in sorted(named) if not re.search(rf"\b{name}\b", source)] == []


@pytest.mark.parametrize("page", present(), ids=by_path)
def test_a_page_names_no_command_that_is_gone(page):
    named = set(re.findall(r"\bmanage\.py ([a-z]\w+)", page.code))
    named |= set(re.findall(r'\bCMD="?([a-z]\w+)', page.code))
    assert named - set(get_commands()) == set()


def test_the_table_of_commands_names_none_that_is_gone():
    rows = (ROOT / "docs" / "commands.md").read_text().partition("| command | for whom | does |")[2]
    named = set(re.findall(r"^\| `([a-z_]+)` \|", rows, re.MULTILINE))
    assert len(named) > 8
    assert named - set(get_commands()) == set()


@pytest.mark.parametrize("page", present(), ids=by_path)
def test_a_page_names_no_make_target_that_is_gone(page):
    assert set(re.findall(r"(?:^|[ `&])make ([a-z]\w*)", page.code, re.MULTILINE)) - targets() == set()


@pytest.mark.parametrize("page", present(), ids=by_path)
def test_a_page_names_no_file_that_is_gone(page):
    assert [path for path in paths_of(page) if not exists(path)] == []


@pytest.mark.parametrize("page", present(), ids=by_path)
def test_a_page_names_no_function_that_left_its_file(page):
    named = re.findall(r"`([\w/]+\.py): (\w+)`", page.text)
    gone = [(path, name) for path, name in named if f" {name}(" not in (ROOT / path).read_text()]
    assert gone == []


@pytest.mark.parametrize("page", pages(), ids=by_path)
def test_a_link_leads_to_a_page_and_a_heading_that_are_there(page):
    known = {one.path: one for one in pages()}
    addresses = {address for address, _ in served()}
    for target in page.links:
        if target.startswith("/"):
            assert target in addresses
            continue
        path, _, anchor = target.partition("#")
        found = ((ROOT / page.path).parent / path).resolve() if path else ROOT / page.path
        assert found.exists(), target
        if anchor:
            assert anchor in known[str(found.relative_to(ROOT))].anchors, target


def test_code_names_no_page_that_is_gone():
    kinds = ("*.py", "*.js", "*.html", "*.yml", "*.toml", "Makefile", "Dockerfile", "deploy/*")
    texts = [(ROOT / path).read_text() for path in tracked(*kinds) if not path.startswith("tests/docs/")]
    named = {name for text in texts for name in re.findall(r"\bdocs/[\w/-]+\.md", text)}
    assert len(named) >= 5
    assert [name for name in sorted(named) if not (ROOT / name).is_file()] == []


def test_every_decision_and_every_picture_is_reached_from_a_page():
    links = [(ROOT / page.path).parent / target.split("#")[0] for page in pages() for target in page.links]
    reached = {str(link.resolve().relative_to(ROOT)) for link in links if link.is_relative_to(ROOT)}
    assert [path for path in tracked("docs/*.md", "docs/images/*") if path not in reached] == []
