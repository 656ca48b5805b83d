"""`make behind`: write docs/dependencies.md, once a month: which libraries are behind, and why.

The reasons are written by hand into the last column of the page and stay as long as the library is behind.
"""

import datetime as dt
import json
import os
import re
import subprocess
from typing import NamedTuple

from scripts import environment, installation
from scripts.house import ROOT, VENV, Trouble, main, say, write_whole

PAGE = ROOT / "docs" / "dependencies.md"
SECONDS = 300
ROW = re.compile(r"^\| (?!library |---)(\S+) \| \S+ \| \S+ \| (.*) \|$", re.MULTILINE)
HEAD = """# Libraries that are behind

Made by `make behind` on {day}: {looked} libraries were looked at, {behind} have a newer version
for the oldest Python we run on. The last column says why each is left; it is written by hand and kept by the
command. How to move them: [CONTRIBUTING](../CONTRIBUTING.md#libraries). How long Django, Python and the rest
are supported: [base](decisions/base.md).

| library | ours | newest | why |
| --- | --- | --- | --- |
"""


class Behind(NamedTuple):
    """A library with a newer version."""

    name: str
    ours: str
    newest: str


def behind() -> None:
    """Ask both registries and write the page; raises Trouble when one of them does not answer."""
    installation.ensure_parts("dev")
    found = sorted([*_python(), *_browser()])
    text = page(found, looked_at(), PAGE.read_text() if PAGE.exists() else "", dt.datetime.now(dt.UTC).date())
    write_whole(PAGE, text)
    say(f"{len(found)} libraries are behind; say why in the last column of {PAGE.relative_to(ROOT)}")


def looked_at() -> int:
    """How many libraries the lock files name."""
    python = re.findall(r"^[a-z0-9.-]+==", (ROOT / environment.LOCKS["dev"]).read_text(), re.MULTILINE)
    browser = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    return len(python) + len([path for path in browser if path])


def page(found: list[Behind], looked: int, before: str, day: dt.date) -> str:
    """The page as text, with the reasons of the page before; raises Trouble when nothing was looked at."""
    if not looked:
        raise Trouble("No library was looked at: are the lock files empty?")
    reasons = dict(ROW.findall(before))
    rows = [f"| {one.name} | {one.ours} | {one.newest} | {reasons.get(one.name, '')} |" for one in found]
    return HEAD.format(day=day, looked=looked, behind=len(found)) + "\n".join([*rows, ""])


def _python() -> list[Behind]:
    shown = _ask(
        [str(VENV / "bin" / "uv"), "pip", "list", "--outdated", "--format", "json", "--no-config"], {0}
    )
    locked = (ROOT / environment.LOCKS["dev"]).read_text()
    rows = [Behind(one["name"], one["version"], one["latest_version"]) for one in json.loads(shown)]
    return [one for one in rows if f"\n{one.name}=={one.ours} " in f"\n{locked}"]


def _browser() -> list[Behind]:
    shown = json.loads(_ask(["npm", "outdated", "--json"], {0, 1}) or "{}")
    if "error" in shown:
        raise Trouble(f"npm could not be asked: {shown['error'].get('summary', 'no reason given')}")
    rows = [Behind(name, one["wanted"], one["latest"]) for name, one in shown.items()]
    # One that is not installed here is told too, behind or not.
    return [one for one in rows if one.ours != one.newest]


def _ask(command: list[str], fine: set[int]) -> str:
    env = os.environ | {"VIRTUAL_ENV": str(VENV)}
    try:
        done = subprocess.run(
            command, cwd=ROOT, env=env, capture_output=True, text=True, check=False, timeout=SECONDS
        )
    except (subprocess.TimeoutExpired, FileNotFoundError) as error:
        raise Trouble(f"{command[0]} did not answer: {error}") from None
    if done.returncode not in fine:
        raise Trouble(f"{command[0]} could not tell: {done.stderr.strip()[-200:]}")
    return done.stdout


if __name__ == "__main__":
    main(behind)
