"""`make storm`: simulated tablets and offices against a server killed again and again (tests/storm)."""

import os
import subprocess
from collections.abc import Mapping

from scripts import installation
from scripts.house import PYTHON, ROOT, main

# The exit status of a storm that ran and found what must not be; a traceback has another one.
FOUND_FAULTS = 3


def storm(told: Mapping[str, str] | None = None) -> int:
    """Prepare and run the storm, with these settings more; the exit status is the storm's."""
    installation.ensure_parts("dev")
    env = dict(os.environ) | dict(told or {})
    return subprocess.run([str(PYTHON), "-m", "tests.storm"], env=env, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    main(storm)
