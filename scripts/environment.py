"""The Python environment in .venv and the browser libraries in node_modules, each made once per lock file.

`python3 -m scripts.environment app|dev|browser-libraries|browser-tools`
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from scripts.house import (
    PYTHON,
    ROOT,
    VENV,
    Trouble,
    fingerprint,
    is_stamped,
    main,
    quietly,
    say,
    write_whole,
)

LOCKS = {"app": "requirements.txt", "dev": "requirements-dev.txt", "node": "requirements-node.txt"}
# Nothing but files whose hash a lock file names, and nothing that would run code to be built.
INSTALL = [
    *(str(PYTHON), "-m", "pip", "install", "-q", "--disable-pip-version-check"),
    *("--require-hashes", "--only-binary", ":all:"),
]
OFFLINE = "is the package index reachable? Then start again"
NODE_AT_LEAST = 20
BROWSER_PARTS = {"app": "browser libraries", "dev": "browser libraries and tools"}
UNFINISHED = VENV / ".installing"


def ensure_python(kind: str) -> None:
    """Make .venv hold what the lock file of this kind ("app", "dev", "node") names, once."""
    lock = ROOT / LOCKS[kind]
    stamp, value = VENV / f".installed-{kind}", _value(kind)
    if is_stamped(stamp, value) and PYTHON.exists():
        return
    if VENV.is_symlink():  # another folder's, which is not ours to change
        VENV.unlink()
    _ensure_venv()
    say(f"Installing Python libraries ({lock.name})")
    UNFINISHED.touch()
    command = [*INSTALL, "-r", str(lock)]
    quietly(
        command, log=f"pip-{kind}", or_else=f"The libraries of {lock.name} could not be installed: {OFFLINE}"
    )
    UNFINISHED.unlink()
    write_whole(stamp, value)
    if kind == "dev":  # holds all that "app" does, at the same versions
        write_whole(VENV / ".installed-app", _value("app"))


def _value(kind: str) -> str:
    return fingerprint([ROOT / LOCKS[kind]], sys.version)


def _ensure_venv() -> None:
    """A new .venv, unless a complete one is there: one left by an interrupted installation is replaced."""
    if PYTHON.exists() and not UNFINISHED.exists() and list(VENV.glob(".installed-*")):
        return
    say("Making the Python environment in .venv")
    command = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    quietly(command, log="venv", or_else="The Python environment could not be made")


def ensure_browser_libraries(kind: str) -> None:
    """Make node_modules hold what package-lock.json names, without running any script of a package.

    "app": what pages load; "dev": also the tools that check our scripts and styles.
    """
    folder = ROOT / "node_modules"
    value = fingerprint([ROOT / "package.json", ROOT / "package-lock.json"])
    if any(is_stamped(folder / f".installed-{known}", value) for known in (kind, "dev")):
        return
    if folder.is_symlink():  # another folder's, which npm would empty
        folder.unlink()
    say(f"Installing {BROWSER_PARTS[kind]} (package-lock.json)")
    env = os.environ | {"PATH": f"{_node_folder()}:{os.environ['PATH']}"}
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"]
    command += ["--omit=dev"] if kind == "app" else []
    quietly(command, log="npm", env=env, or_else=f"The browser libraries could not be installed: {OFFLINE}")
    write_whole(folder / f".installed-{kind}", value)


def _node_folder() -> Path:
    """The folder of a new enough node with npm: the system's, else the one from the Python index."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _major(node) >= NODE_AT_LEAST:
        return Path(npm).parent
    ensure_python("node")
    return VENV / "bin"


def _major(node: str) -> int:
    shown = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"v(\d+)", shown)
    return int(found[1]) if found else 0


BROWSER = {"browser-libraries": "app", "browser-tools": "dev"}


def ensure(part: str) -> None:
    """One of "app", "dev", "node", "browser-libraries", "browser-tools"; raises Trouble for another."""
    if part in BROWSER:
        return ensure_browser_libraries(BROWSER[part])
    if part not in LOCKS:
        raise Trouble(f"Unknown part {part}: one of {', '.join([*LOCKS, *BROWSER])}")
    return ensure_python(part)


if __name__ == "__main__":
    main(lambda: ensure(sys.argv[1]))
