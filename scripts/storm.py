"""`make storm`: simulated tablets and offices against a server killed again and again (tests/storm)."""

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from scripts import installation
from scripts.house import PYTHON, ROOT, local, main

# The exit status of a storm that ran and found what must not be; a traceback has another one.
FOUND_FAULTS = 3
# The figures of the last one.
REPORT = local("storm-report.json")


def storm(told: Mapping[str, str] | None = None) -> int:
    """Prepare and run the storm, with these settings more; the exit status is the storm's."""
    installation.ensure_parts("dev")
    REPORT.unlink(missing_ok=True)
    env = dict(os.environ) | dict(told or {})
    return subprocess.run([str(PYTHON), "-m", "tests.storm"], env=env, cwd=ROOT, check=False).returncode


def losses(report: Path = REPORT) -> int:
    """How much the last one found to be lost; none where it did not come to its end."""
    return json.loads(report.read_text())["losses"] if report.is_file() else 0


def size() -> str:
    """How much of a storm the last one was."""
    if not REPORT.is_file():
        return "broken off"
    told = json.loads(REPORT.read_text())
    kills = told["web_kills"] + told["database_kills"] + told["other_kills"]
    acts = told["acknowledged"] + sum(each["acknowledged"] for each in told["acts"].values())
    return (
        f"{told['seconds']:.0f} s, {kills} kills, {told['freezes']} freezes, {told['cuts']} connections cut, "
        f"{told['spoiled']} of {told['requests']} requests spoiled, {acts} acts acknowledged"
    )


if __name__ == "__main__":
    main(storm)
