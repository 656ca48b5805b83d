"""One table says how a status is shown; whoever draws it has a colour and a shape for every mark."""

from __future__ import annotations

import re
import subprocess

import pytest
from django.template import Context, Template

from issues.statuses import MARK_OF, MARKS, SHOWN, STATUS_LABELS, for_scripts, statuses_with
from issues.workflow import Status
from scripts.house import ROOT

TOKENS = (ROOT / "static/css/base/tokens.css").read_text()
STYLES = (ROOT / "static/css/base/components.css").read_text()
SHAPES = (ROOT / "static/js/map/issues/shapes.js").read_text()
LIGHT, DARK = TOKENS.split("@media (prefers-color-scheme: dark)")
# All that names a status for how it is shown or for what may follow it. A new one is added here, and in no
# other file: the scripts, the styles and the templates know marks only.
FILES_OF_A_NEW_STATUS = {
    "issues/workflow.py",  # its name and what may follow
    "issues/statuses.py",  # its words and its mark
    "issues/migrations/NNNN.py",  # the choice and the guard of transitions
    "issues/life/lifecycle.py",  # what it demands of whoever gives it
    "CHANGELOG.md",
}
# Status names that are also words of something else.
ELSEWHERE = re.compile(r"status(=|__in=)|[?&;]status=|\"status\": \"registered\"|'status': 'registered'")


@pytest.mark.parametrize("status", Status)
def test_every_status_has_words_and_a_mark_of_the_legend(status):
    assert str(STATUS_LABELS[status]).strip()
    assert MARK_OF[status] in MARKS


def test_the_table_has_no_status_that_does_not_exist_and_no_mark_without_one():
    assert set(SHOWN) == set(Status)
    assert all(statuses_with(mark) for mark in MARKS)
    assert len({str(label) for label in STATUS_LABELS.values()}) == len(Status)


@pytest.mark.parametrize("mark", MARKS, ids=lambda mark: mark.name)
def test_every_mark_has_a_colour_by_day_and_night_a_shape_in_the_styles_and_a_path_on_the_map(mark):
    colour = re.compile(rf"--status-{mark.name}: #[0-9a-f]{{6}};")
    assert colour.search(LIGHT), "no colour by day"
    assert colour.search(DARK), "no colour by night"
    rule = re.search(rf"\.mark--{mark.name} \{{([^}}]*)\}}", STYLES)
    assert rule, "no rule in components.css"
    assert f"--mark: var(--status-{mark.name});" in rule[1]
    assert "--shape: " in rule[1]
    assert re.search(rf"^  {mark.shape}[:,]", SHAPES, re.MULTILINE), "no path on the map"


def test_marks_differ_in_shape_and_colour():
    for part in (LIGHT, DARK):
        colours = [re.search(rf"--status-{mark.name}: (#\w+);", part)[1] for mark in MARKS]
        assert len(set(colours)) == len(MARKS)
    assert len({mark.shape for mark in MARKS}) == len(MARKS)


def test_the_scripts_get_the_whole_table():
    table = for_scripts()
    assert [mark["name"] for mark in table["marks"]] == [mark.name for mark in MARKS]
    assert set(table["statuses"]) == set(Status)
    assert {row["mark"] for row in table["statuses"].values()} == {mark.name for mark in MARKS}


@pytest.mark.parametrize("name", ["mark", "status_label"])
def test_a_template_refuses_a_word_that_is_no_status(name):
    shown = Template(f"{{% load statuses %}}{{{{ status|{name} }}}}")
    assert shown.render(Context({"status": "verified"}))
    with pytest.raises(KeyError):
        shown.render(Context({"status": "mended"}))


def test_no_script_style_or_template_shows_a_status_by_its_own_name():
    """Names of states that are no other word; a filter in an address is one."""
    names = "|".join(status for status in Status if "_" in status)
    found = subprocess.run(
        ["git", "grep", "-nE", f"\\b({names})\\b", "--", "static", "templates"],
        capture_output=True, text=True, check=False, cwd=ROOT,
    )  # fmt: skip
    shown = [line for line in found.stdout.splitlines() if not ELSEWHERE.search(line)]
    assert shown == []


def test_a_new_status_touches_six_files_at_most():
    assert len(FILES_OF_A_NEW_STATUS) <= 6
    for name in FILES_OF_A_NEW_STATUS - {"issues/migrations/NNNN.py"}:
        assert (ROOT / name).exists(), name
