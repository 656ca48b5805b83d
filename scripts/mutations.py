"""`make weekly PART=mutations`: breaks the pure rules one place at a time, and counts what no test notices.

mutmut does it in a copy of what is committed (.local/mutations), with the tests that stand near. They need no
database, but for how often one may try, which is counted in one. Which rules and which tests says
[tool.mutmut] in pyproject.toml. Survivors are told by name: either a test is missing or the change makes no
difference.
"""

import json
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

from scripts import installation
from scripts.check import BIN, FOR_TESTS, PYTEST
from scripts.house import ROOT, local, main, quietly, say

FLOOR_PERCENT = 95
# What is not tried by then is told as such; mutmut begins with what its tests tell soonest.
SECONDS = 2_700
MUTMUT = str(BIN / "mutmut")


class Score(NamedTuple):
    """Changes that a test noticed (a hang is noticed too) and that none did; those there was no time for."""

    noticed: int
    survived: int
    untried: int = 0

    @property
    def holds(self) -> bool:
        """Whether the floor is kept; nothing changed keeps none."""
        return self.noticed > 0 and 100 * self.survived <= (100 - FLOOR_PERCENT) * self.tried

    @property
    def tried(self) -> int:
        """How many changes were tried."""
        return self.noticed + self.survived

    def __str__(self) -> str:
        rest = f", {self.untried} not tried" if self.untried else ""
        return f"{self.noticed} of {self.tried} changes noticed{rest}"


def mutations() -> int:
    """Break, test, tell; 0 when enough was noticed. Raises Trouble when it cannot run."""
    copy = _copy()
    installation.ensure_parts("dev")
    with installation.database(installation.FOR_TESTS, durable=False) as urls:
        env = installation.app_environment(urls.of_tests()) | FOR_TESTS
        _lay_out(copy, env)
        _mutmut(copy, env, "run", "--max-children", "2", seconds=SECONDS)
    _mutmut(copy, env, "export-cicd-stats")
    found = score(json.loads(_stats(copy).read_text()))
    say(str(found))
    subprocess.run([MUTMUT, "results"], cwd=copy, env=env, check=False)
    return 0 if found.holds else 1


def score(stats: dict[str, int]) -> Score:
    """The score of mutmut's own figures; what no test runs through is for the coverage to say."""
    noticed, survived = stats["killed"] + stats["timeout"], stats["survived"] + stats["suspicious"]
    return Score(
        noticed, survived, stats["total"] - noticed - survived - stats["no_tests"] - stats["skipped"]
    )


def size() -> str:
    """How much of it the last run was."""
    stats = _stats(local("mutations"))
    return str(score(json.loads(stats.read_text()))) if stats.is_file() else "none"


def _copy() -> Path:
    copy = local("mutations")
    shutil.rmtree(copy, ignore_errors=True)
    command = ["git", "clone", "--quiet", "--depth", "1", f"file://{ROOT}", str(copy)]
    subprocess.run(command, check=True)  # nosec B607 # the git of whoever runs this
    return copy


def _lay_out(copy: Path, env: dict[str, str]) -> None:
    """The database that all those runs share, made anew."""
    told = 'cd "$0" && exec "$@" --reuse-db --create-db tests/accounts/test_attempts.py -k handful'
    command = ["bash", "-c", told, str(copy), *PYTEST]
    quietly(command, log="mutations", or_else="The database for the mutations could not be made", env=env)


def _mutmut(copy: Path, env: dict[str, str], *words: str, seconds: int = 60) -> None:
    """In the copy; ends with all its workers after so many seconds, which is no failure."""
    told = 'cd "$0" && timeout "$1" "${@:2}"; status=$?; [ $status = 124 ] || exit $status'
    command = ["bash", "-c", told, str(copy), str(seconds), MUTMUT, *words]
    quietly(command, log="mutations", or_else="mutmut did not come to an end", env=env)


def _stats(copy: Path) -> Path:
    return copy / "mutants" / "mutmut-cicd-stats.json"


if __name__ == "__main__":
    main(mutations)
