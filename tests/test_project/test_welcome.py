"""What somebody meets who comes to the project for the first time."""

import configparser
import re
import struct
import tomllib

import pytest
import yaml

from scripts.house import ROOT

README = (ROOT / "README.md").read_text()
PUBLIC_CODE = yaml.safe_load((ROOT / "publiccode.yml").read_text())
FORMS = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("[!c]*.yml"))
PICTURES = re.findall(r"!\[([^\]]*)\]\((docs/images/[^)]+)\)", README)
# https://yml.publiccode.tools/: what it calls mandatory.
MANDATORY = [
    "publiccodeYmlVersion",
    "name",
    "url",
    "platforms",
    "developmentStatus",
    "softwareType",
    "description",
    "legal.license",
    "maintenance.type",
    "localisation.localisationReady",
    "localisation.availableLanguages",
]
STATES = {"concept", "development", "beta", "stable", "obsolete"}


def at(path: str):
    found = PUBLIC_CODE
    for key in path.split("."):
        found = found[key]
    return found


@pytest.mark.parametrize("path", MANDATORY)
def test_publiccode_holds_what_is_mandatory(path):
    assert at(path) not in (None, "", [], {})


def test_publiccode_says_what_the_project_says():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert PUBLIC_CODE["softwareVersion"] == project["version"]
    assert f"[{project['version']}] - {PUBLIC_CODE['releaseDate']}" in (ROOT / "CHANGELOG.md").read_text()
    assert PUBLIC_CODE["developmentStatus"] in STATES
    assert PUBLIC_CODE["legal"]["license"] == "MIT"
    assert (ROOT / "LICENSE").read_text().startswith("MIT License")
    assert PUBLIC_CODE["url"].startswith("https://")


def test_who_looks_after_a_community_project_has_a_name():
    assert at("maintenance.type") == "community"
    assert [contact["name"] for contact in at("maintenance.contacts")] != []


@pytest.mark.parametrize("language", PUBLIC_CODE["description"])
def test_publiccode_describes_within_the_lengths_of_the_standard(language):
    told = PUBLIC_CODE["description"][language]
    assert 0 < len(told["shortDescription"]) <= 150
    assert 150 <= len(told["longDescription"]) <= 10_000
    assert 1 <= len(told["features"]) <= 100


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.stem)
def test_an_issue_form_can_be_shown(form):
    held = yaml.safe_load(form.read_text())
    assert {"name", "description", "body"} <= held.keys()
    asked = [field for field in held["body"] if field["type"] != "markdown"]
    assert asked
    assert len({field["id"] for field in asked}) == len(asked)
    assert all(field["attributes"]["label"] for field in asked)


def test_there_are_forms_for_what_is_wrong_for_ideas_and_for_words():
    assert {form.stem for form in FORMS} == {"problema", "idea", "palabra"}


def test_the_form_for_what_is_wrong_sends_what_endangers_people_elsewhere():
    assert "SECURITY.md" in (ROOT / ".github" / "ISSUE_TEMPLATE" / "problema.yml").read_text()


@pytest.mark.parametrize("path", [path for _, path in PICTURES])
def test_a_picture_is_light_enough_and_wide_enough_to_see(path):
    data = (ROOT / path).read_bytes()
    assert len(data) < 300_000
    width, height = struct.unpack(">II", data[16:24])
    assert min(width, height) >= 600


def test_map_tablet_room_and_desk_are_shown_and_said():
    assert {path for _, path in PICTURES} >= {
        f"docs/images/{name}.png" for name in ("mapa", "tableta", "sala", "escritorio")
    }
    assert all(len(words) > 15 for words, _ in PICTURES)


@pytest.mark.parametrize("heading", ["State of the project", "Help, and helping", "Two commands"])
def test_the_readme_answers_the_first_questions(heading):
    assert f"\n## {heading}\n" in README


def test_editors_are_told_how_lines_end_and_how_wide_python_is():
    parser = configparser.ConfigParser()
    parser.read_string("[root]\n" + (ROOT / ".editorconfig").read_text())
    width = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["ruff"]["line-length"]
    assert parser["*"]["end_of_line"] == "lf"
    assert parser["*.py"]["max_line_length"] == str(width)
    assert parser["Makefile"]["indent_style"] == "tab"


def test_hooks_run_the_tools_of_the_projects_own_environment():
    hooks = [
        hook
        for repo in yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"]
        for hook in repo["hooks"]
    ]
    assert {hook["id"] for hook in hooks} >= {"ruff-check", "ruff-format", "djlint"}
    # Nothing is fetched from elsewhere at a commit.
    assert all(hook["language"] == "system" for hook in hooks)
    assert all(hook["entry"].startswith((".venv/bin/", "node_modules/.bin/")) for hook in hooks)
