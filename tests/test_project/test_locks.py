"""The lock files: every wish is pinned with hashes, tests run on what is served, no machine is named."""

import json
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from scripts.environment import INSTALL, LOCKS
from scripts.house import ROOT
from scripts.lock import SOURCES, upgrades

HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
WISHES = {
    "app": PROJECT["project"]["dependencies"],
    "dev": PROJECT["project"]["optional-dependencies"]["dev"],
    "node": PROJECT["dependency-groups"]["node"],
}


def entries(kind: str) -> list[str]:
    """The lock file's requirements, each with its hashes on one line."""
    text = (ROOT / LOCKS[kind]).read_text().replace("\\\n", " ")
    return [line.strip() for line in text.splitlines() if line.strip() and not line.strip().startswith("#")]


def pins(kind: str) -> dict[str, Requirement]:
    found = [Requirement(line.split(" --hash")[0]) for line in entries(kind)]
    return {canonicalize_name(requirement.name): requirement for requirement in found}


def version(pin: Requirement) -> str:
    return next(iter(pin.specifier)).version


@pytest.mark.parametrize("kind", LOCKS)
def test_every_entry_pins_one_version_by_the_hashes_of_its_files(kind):
    assert len(entries(kind)) >= 2
    for entry in entries(kind):
        pin, *hashes = entry.split(" --hash")
        assert re.fullmatch(r"[a-z0-9.-]+==[^ ;]+( ; .+)?", pin.strip()), entry
        assert hashes and all(HASH.fullmatch(f"--hash{one}".strip()) for one in hashes), pin


@pytest.mark.parametrize("kind", LOCKS)
def test_no_index_and_no_machine_is_named(kind):
    text = (ROOT / LOCKS[kind]).read_text()
    assert not re.search(r"://|--(extra-)?index|--find-links|/(home|tmp|root|opt|work)\b", text)


@pytest.mark.parametrize("kind", LOCKS)
def test_what_is_wished_for_is_pinned_at_a_version_that_fits(kind):
    pinned = pins(kind)
    wishes = [Requirement(wish) for wish in WISHES[kind]]
    assert [str(wish) for wish in wishes if canonicalize_name(wish.name) not in pinned] == []
    unfit = [w for w in wishes if not w.specifier.contains(version(pinned[canonicalize_name(w.name)]))]
    assert unfit == []


def test_tests_run_on_the_versions_that_are_served():
    served, tested = ({name: version(pin) for name, pin in pins(kind).items()} for kind in ("app", "dev"))
    assert served.items() <= tested.items()


def test_there_is_a_way_to_write_each_lock_anew():
    assert SOURCES.keys() == LOCKS.keys()


@pytest.mark.parametrize(
    ("wish", "options"),
    [
        ("", []),
        ("0", []),
        ("1", ["--upgrade"]),
        ("django pillow", ["--upgrade-package", "django", "--upgrade-package", "pillow"]),
    ],
)
def test_only_what_was_asked_for_moves(wish, options):
    assert upgrades(wish) == options


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (f"planted==1.0 --hash=sha256:{'0' * 64}\n", "DO NOT MATCH THE HASHES"),
        ("planted==1.0\n", "Hashes are required"),
    ],
)
def test_what_no_hash_vouches_for_is_not_installed(tmp_path: Path, line, said):
    (tmp_path / "planted-1.0-py3-none-any.whl").write_bytes(b"not what the lock names")
    lock = tmp_path / "lock.txt"
    lock.write_text(line)
    command = [*INSTALL, "--dry-run", "--no-index", "--find-links", str(tmp_path), "-r", str(lock)]
    refused = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert refused.returncode != 0
    assert said in refused.stderr


def test_browser_libraries_are_pinned_with_their_digests():
    wishes = json.loads((ROOT / "package.json").read_text())["dependencies"]
    locked = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert wishes == locked[""]["dependencies"]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wishes.values())
    assert all(entry["integrity"].startswith("sha512-") for path, entry in locked.items() if path)
