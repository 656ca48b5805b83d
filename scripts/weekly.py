"""`make weekly`: what takes too long, or needs too much, for every day.

The tests in many random orders (WEEKLY_ORDERS, 20), the storm for an hour (STORM_SECONDS), the tablet in
WebKitGTK and QGIS as a client. Every step runs, also after one failed.
"""

import os
import shutil
import subprocess

from scripts import storm, trial, webkit
from scripts.house import Trouble, main, say

QGIS_PYTHON = os.environ.get("QGIS_PYTHON", "/usr/bin/python3")
LACKS = "The weekly checks need: apt-get install {packages}"


def weekly() -> int:
    """Run all of it; 0 when everything passed. Raises Trouble first if a program is missing."""
    _require()
    os.environ.setdefault("STORM_SECONDS", "3600")
    steps = {"random orders": orders, "storm": storm.storm, "WebKitGTK": webkit.webkit, "QGIS": qgis}
    failed = [name for name, step in steps.items() if step() != 0]
    say(f"Failed: {', '.join(failed)}" if failed else "Everything passed")
    return 1 if failed else 0


def orders() -> int:
    """The tests without a browser, in WEEKLY_ORDERS random orders; how many of them failed."""
    times = int(os.environ.get("WEEKLY_ORDERS", "20"))
    failed = (
        trial.run("-m", "not browser", "-n", "2", f"--randomly-seed={seed}") != 0 for seed in range(times)
    )
    return sum(failed)


def qgis() -> int:
    """QGIS reads collections, files and tiles."""
    return trial.run("tests/clients/qgis.py")


def _require() -> None:
    packages = [name for name, there in _programs().items() if not there]
    if packages:
        raise Trouble(LACKS.format(packages=" ".join(packages)))


def _programs() -> dict[str, bool]:
    imports_qgis = subprocess.run([QGIS_PYTHON, "-c", "import qgis.core"], capture_output=True, check=False)
    return {
        "webkit2gtk-driver": bool(shutil.which("WebKitWebDriver")),
        "xvfb": bool(shutil.which("xvfb-run")),
        "python3-qgis": imports_qgis.returncode == 0,
    }


if __name__ == "__main__":
    main(weekly)
