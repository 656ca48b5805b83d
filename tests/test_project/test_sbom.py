"""What an installation is made of, and what is behind: each command proves that it looked at something."""

import csv
import datetime as dt
import json
import re
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from scripts import behind, sbom
from scripts.behind import Behind
from scripts.house import ROOT, Trouble

DIGEST = "ab" * 32


@pytest.fixture
def engine(tmp_path: Path, monkeypatch):
    """A container engine that knows the digest of whatever it is asked for, or what it is told to say."""

    def says(words: str = f"sha256:{DIGEST}"):
        program = tmp_path / "docker"
        program.write_text(f"#!/bin/sh\necho '{words}'\n")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")

    return says


def test_python_and_browser_libraries_come_with_version_hash_and_licence():
    python, browser = sbom.python(), sbom.browser()
    assert len(python) >= 40
    assert len(browser) >= 5
    for part in python + browser:
        assert part["version"]
        assert part["hashes"]
        assert sbom.licence(part), part["name"]


def test_no_library_asks_more_than_the_lgpl():
    strict = re.compile(r"\bA?GPL|Affero|GNU General Public", re.IGNORECASE)
    # One that offers a choice of licences is taken under the permissive one.
    choice = re.compile(r"LGPL|Lesser|Mozilla|MIT|BSD|Apache", re.IGNORECASE)
    licences = {part["name"]: sbom.licence(part) for part in sbom.python() + sbom.browser()}
    assert {n: text for n, text in licences.items() if strict.search(text) and not choice.search(text)} == {}


def test_libraries_of_development_are_no_part_of_an_installation():
    names = {part["name"] for part in sbom.python() + sbom.browser()}
    assert not names & {"pytest", "ruff", "uv", "eslint", "typescript", "stylelint"}


def test_the_document_is_valid_cyclonedx():
    parts = [*sbom.python(), *sbom.browser(), *sbom.system(), *sbom.images()]
    text = json.dumps(sbom.document(parts))
    assert len(json.loads(text)["components"]) == len(parts) > 50
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None


def test_images_come_with_the_digest_the_registry_has(engine):
    engine()
    found = sbom.images()
    assert len(found) >= 3
    assert {part["name"] for part in found} >= {"debian", "postgis/postgis", "caddy"}
    assert all(part["hashes"] == [{"alg": "SHA-256", "content": DIGEST}] for part in found)


def test_a_digest_that_could_not_be_asked_for_is_said_and_not_made_up(engine, capsys):
    engine("no such host")
    assert not any("hashes" in part for part in sbom.images())
    assert "debian:13-slim: its digest could not be asked for" in capsys.readouterr().out


def test_the_licence_list_has_a_row_for_each():
    rows = list(csv.reader(sbom.table(sbom.browser()).splitlines()))
    assert rows[0] == ["name", "version", "licence"]
    assert len(rows) == len(sbom.browser()) + 1


def test_a_page_keeps_the_reasons_that_were_given():
    before = "| leaflet | 1.9.3 | 2.0.0 | plugins wait |\n| gone | 1 | 2 | moved |\n"
    found = [Behind("htmx.org", "2.0.8", "4.0.1"), Behind("leaflet", "1.9.4", "2.0.0")]
    text = behind.page(found, 120, before, dt.date(2026, 12, 1))
    assert "| leaflet | 1.9.4 | 2.0.0 | plugins wait |" in text
    assert "| htmx.org | 2.0.8 | 4.0.1 |  |" in text
    assert "gone" not in text
    assert "2026-12-01: 120 libraries were looked at, 2 have" in text


def test_nothing_looked_at_is_no_page():
    with pytest.raises(Trouble, match="No library was looked at"):
        behind.page([], 0, "", dt.date(2026, 12, 1))


def test_the_libraries_of_both_locks_are_looked_at():
    assert behind.looked_at() > 100


def test_every_library_that_is_behind_has_its_reason():
    text = (ROOT / "docs" / "dependencies.md").read_text()
    rows = behind.ROW.findall(text)
    assert len(rows) == int(re.search(r"(\d+) have a newer version", text)[1])
    assert [name for name, why in rows if not why.strip()] == []
