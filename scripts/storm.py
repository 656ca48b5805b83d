"""`make storm`: simulated tablets against a server that is killed again and again (tests/storm)."""

import os
import subprocess

from scripts import installation
from scripts.house import PYTHON, ROOT, main


def storm() -> int:
    """Prepare and run the storm; the exit status is the storm's."""
    installation.ensure_parts("dev")
    return subprocess.run(
        [str(PYTHON), "-m", "tests.storm"], env=dict(os.environ), cwd=ROOT, check=False
    ).returncode


if __name__ == "__main__":
    main(storm)
