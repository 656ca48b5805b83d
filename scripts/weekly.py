"""`make weekly`: what takes too long, or needs too much, for every day.

PART="storm proxy" chooses, PART=all takes every part; without it those that did not pass in the last six
days, so that a run that was cut short goes on where it stopped. A part ends itself within the hour. After
each, docs/weekly.md says when it ran, how much of it and how it ended; what never ran says so too.
"""

import datetime as dt
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from typing import NamedTuple

from scripts import disk, mutations, storm, trial, webkit
from scripts.house import ROOT, Trouble, local, main, say, write_whole

PABUTOOLS = "pabutools==1.2.3"
QGIS_PYTHON = os.environ.get("QGIS_PYTHON", "/usr/bin/python3")
LACKS = "The weekly checks need: apt-get install {packages}"
PAGE = ROOT / "docs" / "weekly.md"
FRESH_DAYS = 6
# A part begins nothing new after so long; what is under way then needs less than the rest of the hour.
BUDGET_SECONDS = 2_700
STORM_SECONDS = str(BUDGET_SECONDS)
PLANTED_SECONDS = "180"
ROW = re.compile(r"^\| `(\w+)` \| .* \| (\S+) \| (.*) \| (.*) \| (.*) \|$", re.MULTILINE)
HEAD = """# The weekly laboratory

Written by `make weekly` after each of its parts ([tests](operations.md#tests)). A part that is dated "never"
has not run since this page began. A short run says how short it was.

| part | what it does | last run | how much | took | outcome |
| --- | --- | --- | --- | --- | --- |
"""
NEVER = ("never", "", "", "")


class Part(NamedTuple):
    """One part: `run` returns 0 when it passed; `size` says how much of it that was."""

    what: str
    run: Callable[[], int]
    size: Callable[[], str] = lambda: "all"
    packages: tuple[str, ...] = ()


class Outcome(NamedTuple):
    """The last run of a part, as its row says it."""

    day: str
    size: str
    took: str
    outcome: str


def weekly() -> int:
    """Run the chosen parts; 0 when all passed. Raises Trouble for an unknown part or a missing program."""
    names = chosen(os.environ.get("PART", ""), outcomes(_page()), dt.datetime.now(dt.UTC).date())
    _require(names)
    failed = [name for name in names if not _passes(name)]
    say(f"Failed: {', '.join(failed)}" if failed else f"Passed: {', '.join(names) or 'nothing was due'}")
    return 1 if failed else 0


def chosen(wish: str, before: dict[str, Outcome], today: dt.date) -> list[str]:
    """The parts of a wish, or those that are due; raises Trouble for one that is none."""
    if wish == "all":
        return list(PARTS)
    if unknown := set(wish.split()) - set(PARTS):
        raise Trouble(
            f"No such part: {', '.join(sorted(unknown))}. PART is one of {', '.join(PARTS)}, or all"
        )
    return wish.split() or [name for name in PARTS if _is_due(before.get(name), today)]


def outcomes(page: str) -> dict[str, Outcome]:
    """The last run of each part that ran, from the page."""
    return {name: Outcome(*rest) for name, *rest in ROW.findall(page) if rest[0] != "never"}


def page(found: dict[str, Outcome]) -> str:
    """The page as text."""
    rows = [
        f"| `{name}` | {part.what} | " + " | ".join(found.get(name, NEVER)) + " |"
        for name, part in PARTS.items()
    ]
    return HEAD + "\n".join(rows) + "\n"


def orders() -> int:
    """The tests without a browser, in WEEKLY_ORDERS random orders; goes on after the last one of before."""
    mark, times = local("weekly-orders"), int(os.environ.get("WEEKLY_ORDERS", "20"))
    first, until = int(mark.read_text()) if mark.is_file() else 0, time.monotonic() + BUDGET_SECONDS
    failed = 0
    for seed in range(first, first + times):
        if time.monotonic() > until:
            break
        failed += trial.run("-m", "not browser", "-n", "2", f"--randomly-seed={seed}") != 0
        write_whole(mark, str(seed + 1))
    return failed


def long_storm() -> int:
    """The storm for STORM_SECONDS; it has killed at least STORM_KILLS processes."""
    return storm.storm(
        {"STORM_SECONDS": STORM_SECONDS, "STORM_KILLS": "50"} | _asked("STORM_SECONDS", "STORM_KILLS")
    )


def planted_storm() -> int:
    """A storm over a database that acknowledges before it writes: 0 when it finds losses."""
    told = {"STORM_PLANT": "async", "STORM_SECONDS": PLANTED_SECONDS} | _asked("STORM_SECONDS")
    return 0 if storm.storm(told) == storm.FOUND_FAULTS and storm.losses() else 1


def _asked(*names: str) -> dict[str, str]:
    """What the caller set of these."""
    return {name: os.environ[name] for name in names if name in os.environ}


def qgis() -> int:
    """QGIS reads collections, files and tiles."""
    return trial.run("tests/clients/qgis.py")


def pabulib() -> int:
    """pabutools, in an environment of its own because it is GPL, counts the ballots of an evening."""
    folder = local("pabutools")
    python = folder / "bin" / "python"
    if not python.is_file():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", PABUTOOLS], check=True)
    os.environ["PABUTOOLS_PYTHON"] = str(python)
    return trial.run("tests/clients/pabulib.py")


def fuzz() -> int:
    """Generated requests of three roles against the JSON interface, FUZZ_CASES of each at least."""
    os.environ["SCHEMA_CASES"] = _fuzz_cases()
    return trial.run("-p", "no:randomly", "-s", "tests/config/test_schema_conformance.py")


def _fuzz_cases() -> str:
    return os.environ.get("FUZZ_CASES", "5000")


def proxy() -> int:
    """Strangers against the server behind Caddy with our Caddyfile."""
    return trial.run("tests/clients/proxy.py")


PARTS = {
    "orders": Part(
        "every test without a browser, in random orders, as many as fit", orders, lambda: _orders_size()
    ),
    "storm": Part(
        "tablets, offices and letters while web, database, workers and offices are killed or frozen and "
        "connections cut: each acknowledged act is there once",
        long_storm,
        storm.size,
    ),
    "planted": Part("the same on a database that may lose what it acknowledged", planted_storm, storm.size),
    "disk": Part(
        "the disks of files, tables and WAL full one after the other: nothing acknowledged lost, no half "
        "file, back by itself; and the same on a database that may lose what it acknowledged",
        disk.disk,
        disk.size,
    ),
    "mutations": Part(
        "the rules broken one place at a time: what no test near them notices",
        mutations.mutations,
        mutations.size,
    ),
    "fuzz": Part(
        "generated requests of three roles against the JSON interface: no error, nothing outside the schema",
        fuzz,
        lambda: f"{_fuzz_cases()} of each role",
    ),
    "proxy": Part("strangers against the server behind Caddy", proxy, packages=("caddy",)),
    "pabulib": Part("pabutools reads the ballots of an evening and puts the same first", pabulib),
    "webkit": Part("the tablet in WebKitGTK", webkit.webkit, packages=("webkit2gtk-driver", "xvfb")),
    "qgis": Part("QGIS reads collections, files and tiles", qgis, packages=("python3-qgis",)),
}


def _orders_size() -> str:
    mark = local("weekly-orders")
    return f"up to seed {int(mark.read_text()) - 1}" if mark.is_file() else "none"


def _is_due(last: Outcome | None, today: dt.date) -> bool:
    if last is None or last.outcome != "passed":
        return True
    return (today - dt.date.fromisoformat(last.day)).days > FRESH_DAYS


def _passes(name: str) -> bool:
    say(f"Part {name}: {PARTS[name].what}")
    began = time.monotonic()
    passed = PARTS[name].run() == 0
    took = f"{max(1, round((time.monotonic() - began) / 60))} min"
    told = Outcome(
        f"{dt.datetime.now(dt.UTC):%Y-%m-%d}", PARTS[name].size(), took, "passed" if passed else "failed"
    )
    write_whole(PAGE, page(outcomes(_page()) | {name: told}))
    return passed


def _page() -> str:
    return PAGE.read_text() if PAGE.is_file() else ""


def _require(names: list[str]) -> None:
    there = _programs()
    lacking = [each for name in names for each in PARTS[name].packages if not there[each]]
    if lacking:
        raise Trouble(LACKS.format(packages=" ".join(lacking)))


def _programs() -> dict[str, bool]:
    imports_qgis = subprocess.run([QGIS_PYTHON, "-c", "import qgis.core"], capture_output=True, check=False)
    return {
        "caddy": bool(shutil.which("caddy")),
        "webkit2gtk-driver": bool(shutil.which("WebKitWebDriver")),
        "xvfb": bool(shutil.which("xvfb-run")),
        "python3-qgis": imports_qgis.returncode == 0,
    }


if __name__ == "__main__":
    main(weekly)
