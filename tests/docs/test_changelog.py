"""The changelog keeps its form, so that people and programs find their way in it."""

import re

import pytest

from scripts.house import ROOT

TEXT = (ROOT / "CHANGELOG.md").read_text()
UPGRADING = (ROOT / "docs" / "upgrading.md").read_text()
GROUPS = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"]
RELEASE = re.compile(r"^## \[(Unreleased|\d+\.\d+\.\d+)\](?: - (\d{4}-\d{2}-\d{2}))?$", re.MULTILINE)
LONGEST = 200


def sections() -> dict[str, str]:
    """The text of each version, by its number."""
    parts = re.split(r"^## ", TEXT, flags=re.MULTILINE)[1:]
    return {part.splitlines()[0].split("]")[0].strip("["): part.partition("\n")[2] for part in parts}


def changes() -> list[str]:
    return [line for text in sections().values() for line in text.splitlines() if line.startswith("-")]


def test_every_version_has_a_number_and_a_day_and_the_newest_comes_first():
    found = RELEASE.findall(TEXT)
    assert [name for name, _ in found] == list(sections())
    assert found[0] == ("Unreleased", "")
    days = [day for _, day in found[1:]]
    assert all(days) and days == sorted(days, reverse=True)


@pytest.mark.parametrize("version", sections())
def test_changes_stand_in_known_groups_each_once_and_in_order(version):
    groups = re.findall(r"^### (.+)$", sections()[version], re.MULTILINE)
    assert groups == [group for group in GROUPS if group in groups]
    assert groups


@pytest.mark.parametrize("version", sections())
def test_no_group_is_empty_and_no_change_is_outside_a_group(version):
    before, *grouped = re.split(r"^### .+$", sections()[version], flags=re.MULTILINE)
    assert not re.search(r"^-", before, re.MULTILINE)
    assert all(re.search(r"^- ", text, re.MULTILINE) for text in grouped)


def test_a_change_is_one_short_line_that_ends():
    assert len(changes()) > 50
    assert [one for one in changes() if not re.fullmatch(r"- \S.*\.", one) or len(one) > LONGEST] == []
    # Nothing goes on in a second line.
    assert not re.search(r"^[ \t]+\S", TEXT, re.MULTILINE)


def test_no_change_is_told_twice():
    assert sorted(set(changes())) == sorted(changes())


@pytest.mark.parametrize("version", sections())
def test_every_version_has_its_notes_for_operators(version):
    assert f"\n## [{version}]\n" in UPGRADING
