"""What the tests without a browser reach of each app, branch by branch, from what `make test` measured.

Each of FLOORED is held by itself: no app hides behind another. Programs that tests start are counted too,
those that they kill are not.
"""

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from coverage import Coverage
from coverage.exceptions import CoverageException

from scripts.check import FLOORED
from scripts.house import ROOT, Trouble, main, say

FLOOR_PERCENT = 90


class Reach(NamedTuple):
    """Of an app: lines and branches that ran, and how many there are."""

    lines: int
    of_lines: int
    branches: int
    of_branches: int

    @property
    def holds(self) -> bool:
        """Whether the floor is kept; an app of which nothing was measured keeps none."""
        return self.of_branches > 0 and 100 * self.branches >= FLOOR_PERCENT * self.of_branches

    def __str__(self) -> str:
        branches, lines = _percent(self.branches, self.of_branches), _percent(self.lines, self.of_lines)
        return f"{branches} of branches, {lines} of lines"


def check() -> int:
    """Print a line for each app; 0 when all keep the floor. Raises Trouble where nothing was measured."""
    found = reach(_report())
    for app, reached in found.items():
        say(f"{app}: {reached}" + ("" if reached.holds else f", under the floor of {FLOOR_PERCENT} %"))
    return 0 if all(reached.holds for reached in found.values()) else 1


def reach(report: Mapping[str, Any]) -> dict[str, Reach]:
    """What was reached of each app, by coverage's own report in JSON."""
    files = _by_app(report["files"])
    return {app: _added(files.get(app, [])) for app in FLOORED}


def _by_app(files: Mapping[str, Any]) -> dict[str, list[Mapping[str, int]]]:
    apps: dict[str, list[Mapping[str, int]]] = {}
    for name, told in files.items():
        apps.setdefault(Path(name).parts[0], []).append(told["summary"])
    return apps


def _added(summaries: list[Mapping[str, int]]) -> Reach:
    names = ("covered_lines", "num_statements", "covered_branches", "num_branches")
    return Reach(*(sum(each[name] for each in summaries) for name in names))


def _report() -> dict[str, Any]:
    known = Coverage(config_file=str(ROOT / "pyproject.toml"))
    try:
        known.load()
        with tempfile.TemporaryDirectory() as folder:
            told = Path(folder, "coverage.json")
            known.json_report(outfile=str(told))
            return json.loads(told.read_text())
    except CoverageException as error:
        raise Trouble(f"Nothing was measured: {error}") from error


def _percent(part: int, whole: int) -> str:
    # Downwards: 89.96 is not 90.
    return f"{1000 * part // whole / 10} %" if whole else "nothing"


if __name__ == "__main__":
    main(check)
