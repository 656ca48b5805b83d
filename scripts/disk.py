"""`make weekly PART=disk`: small disks that fill up under everything that is written (tests/storm)."""

import json
import os
import subprocess
from pathlib import Path

from scripts import installation
from scripts.house import PYTHON, ROOT, local
from scripts.storm import FOUND_FAULTS, losses

# The figures of the last run that was meant to pass.
REPORT = local("disk-report.json")


def disk() -> int:
    """Once as it should be, once on a database that may lose what it acknowledged; 0 when both tell so."""
    installation.ensure_parts("dev")
    REPORT.unlink(missing_ok=True)
    good = _run()
    told = REPORT.read_text() if REPORT.is_file() else ""
    REPORT.unlink(missing_ok=True)
    planted = _run(STORM_PLANT="async") == FOUND_FAULTS and losses(REPORT) > 0
    if told:
        REPORT.write_text(told)
    return 0 if good == 0 and planted else 1


def size(report: Path = REPORT) -> str:
    """What was full, what pages answered meanwhile and how soon all was back."""
    if not report.is_file():
        return "broken off"
    told = json.loads(report.read_text())
    phases = "; ".join(_told(phase) for phase in told["phases"])
    return f"{told['seconds']:.0f} s, {told['acknowledged']} acts; full: {phases}"


def _told(phase: dict) -> str:
    pages, tablets = _counted(phase["pages"]["/"]), _counted(phase["tablets"])
    return f"{phase['disk']} (map {pages}, tablets {tablets}, back after {phase['back_seconds']} s)"


def _counted(answers: dict[str, int]) -> str:
    return " ".join(f"{status}×{times}" for status, times in sorted(answers.items()))


def _run(**more: str) -> int:
    command = [str(PYTHON), "-m", "tests.storm.disk"]
    return subprocess.run(command, env=os.environ | more, cwd=ROOT, check=False).returncode
