"""`make lock`: write the lock files anew from pyproject.toml, each version with the hashes of all its files.

Versions that still fit stay as they are. UPGRADE=1 takes the newest of all, UPGRADE="django pillow" of these.
Another index than the public one is named by UV_DEFAULT_INDEX.
"""

import os
import subprocess

from scripts import environment, packages
from scripts.house import ROOT, VENV, Trouble, fingerprint, main, only_one, say, write_whole

# One lock for every Python that requires-python allows; which index is asked is this machine's affair.
COMPILE = [
    str(VENV / "bin" / "uv"),
    *("pip", "compile", "--quiet", "--universal", "--python-version", "3.11"),
    *("--generate-hashes", "--no-emit-index-url", "--no-emit-find-links", "--no-header", "--no-config"),
]
# "dev" holds "app" at the same versions; "node" is apart: it is for machines whose own node is too old.
SOURCES = {
    "app": ["pyproject.toml"],
    "dev": ["--extra", "dev", "--constraints", environment.LOCKS["app"], "pyproject.toml"],
    "node": ["--group", "node"],
}


def lock() -> None:
    """Compile every lock file in turn and say which changed."""
    with only_one("setup", "Another `make` is preparing this folder; start again when it is done"):
        packages.ensure("app")
        environment.ensure_python("dev")
    for kind, source in SOURCES.items():
        name = environment.LOCKS[kind]
        before = fingerprint([ROOT / name])
        _compile(name, source)
        say(f"{name}: {'unchanged' if fingerprint([ROOT / name]) == before else 'written anew'}")


def _compile(name: str, source: list[str]) -> None:
    command = [*COMPILE, *upgrades(os.environ.get("UPGRADE", "")), *source]
    scratch = ROOT / f"{name}.half"
    write_whole(scratch, (ROOT / name).read_text())
    try:
        _succeed([*command, "--output-file", scratch.name])
        write_whole(ROOT / name, scratch.read_text())
    finally:
        scratch.unlink(missing_ok=True)


def _succeed(command: list[str]) -> None:
    if subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, check=False).returncode:
        raise Trouble("The versions could not be settled, for the reason above; the lock files are as before")


def upgrades(wish: str) -> list[str]:
    """The options of uv for a value of UPGRADE: nothing, "1" for everything, or names."""
    if wish in ("", "0"):
        return []
    if wish == "1":
        return ["--upgrade"]
    return [word for name in wish.split() for word in ("--upgrade-package", name)]


if __name__ == "__main__":
    main(lock)
