"""`make webkit`: the central scenarios of the tablet in WebKitGTK (tests/webkit), where it is installed."""

import shutil
import subprocess

from scripts import installation
from scripts.house import PYTHON, ROOT, Trouble, main

COMMAND = [str(PYTHON), "-m", "pytest", "-p", "no:cacheprovider", "-q", "tests/webkit/central.py"]


def webkit() -> int:
    """Run them all; the exit status is pytest's. Raises Trouble without WebKitGTK."""
    if not (shutil.which("WebKitWebDriver") and shutil.which("xvfb-run")):
        raise Trouble("WebKitGTK is missing: apt-get install webkit2gtk-driver xvfb")
    installation.ensure_parts("dev")
    with installation.database(installation.FOR_TESTS, durable=False) as urls:
        env = installation.app_environment(urls.of_tests()) | {"TESTING": "1", "DEMO": "0"}
        return subprocess.run(COMMAND, env=env, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    main(webkit)
