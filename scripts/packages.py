"""System packages: find and install what is missing. `python3 -m scripts.packages app test`."""

import contextlib
import ctypes
import importlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from scripts.house import Trouble, main, quietly, say

LIST = Path(__file__).with_name("apt-packages.txt")
NO_MAIN_CLUSTER = Path("/etc/postgresql-common/createcluster.d/mapa-barrial.conf")
APT = ["apt-get", "-y", "-q", "-o", "DPkg::Lock::Timeout=300", "-o", "Acquire::Retries=2"]


@dataclass(frozen=True)
class Need:
    """One line of apt-packages.txt: who needs it, how to see that it is there, what brings it."""

    group: str
    probe: str
    packages: tuple[str, ...]


def needs(groups: set[str], text: str | None = None) -> list[Need]:
    """The lines of the list that belong to these groups."""
    lines = (text if text is not None else LIST.read_text()).splitlines()
    rows = [line.split() for line in lines if line.strip() and not line.startswith("#")]
    return [Need(group, probe, tuple(names.split("|"))) for group, probe, names in rows if group in groups]


def is_there(need: Need) -> bool:
    """Whether it is installed, from whatever source."""
    kind, _, names = need.probe.partition(":")
    return any(PROBES[kind](name) for name in names.split("|"))


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


PROBES: dict[str, Callable[[str], bool]] = {
    "module": lambda name: importlib.util.find_spec(name) is not None,
    "lib": _loads,
    "cmd": lambda name: shutil.which(name) is not None,
    # The one that CHROMIUM names, else one of the usual ones.
    "browser": lambda name: shutil.which(os.environ.get("CHROMIUM") or name) is not None,
    "glob": lambda pattern: any(Path("/").glob(pattern.lstrip("/"))),
}


def ensure(*groups: str) -> None:
    """Install what these groups are missing; raises Trouble with the list when that cannot be done here."""
    lacking = [need for need in needs(set(groups)) if not is_there(need)]
    if not lacking:
        return
    if not shutil.which("apt-get"):
        raise Trouble(_by_hand(lacking))
    _install(lacking)
    still = [need for need in lacking if not is_there(need)]
    if still:
        raise Trouble(_by_hand(still))


def _by_hand(lacking: list[Need]) -> str:
    lines = [f"    {need.probe.partition(':')[2]}   (Debian: {need.packages[0]})" for need in lacking]
    return "\n".join(
        [
            "These are missing on this machine and apt cannot install them:",
            *lines,
            "  Install these and start again, or use containers: docker compose up",
        ]
    )


def _install(lacking: list[Need]) -> None:
    privilege = _privilege(lacking)
    say("Refreshing the package lists")
    # One unreachable source of several is no reason to stop: the installation below decides.
    with contextlib.suppress(Trouble):
        _apt(privilege, ["update"], "")
    names = [_first_known(need) for need in lacking]
    say(f"Installing system packages: {' '.join(names)}")
    quietly([*privilege, "dpkg", "--configure", "-a"], log="dpkg", or_else="dpkg --configure -a failed")
    with _no_main_cluster(privilege):
        _apt(
            privilege,
            ["install", "--no-install-recommends", *names],
            f"apt could not install {' '.join(names)}",
        )
    importlib.invalidate_caches()


@contextlib.contextmanager
def _no_main_cluster(privilege: list[str]) -> Iterator[None]:
    """Keep a fresh PostgreSQL package from starting an unwanted server; ours is private."""
    subprocess.run([*privilege, "mkdir", "-p", str(NO_MAIN_CLUSTER.parent)], check=True)
    wish = b"create_main_cluster = false\n"
    subprocess.run(
        [*privilege, "tee", str(NO_MAIN_CLUSTER)], input=wish, stdout=subprocess.DEVNULL, check=True
    )
    try:
        yield
    finally:
        subprocess.run([*privilege, "rm", "-f", str(NO_MAIN_CLUSTER)], check=True)


def _privilege(lacking: list[Need]) -> list[str]:
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo"):
        return ["sudo", "--preserve-env=http_proxy,https_proxy,no_proxy"]
    names = " ".join(need.packages[0] for need in lacking)
    raise Trouble(
        f"Missing system packages, and neither root nor sudo here; as root: apt-get install {names}"
    )


def _apt(privilege: list[str], arguments: list[str], sentence: str) -> None:
    remedy = "is the package source reachable (/etc/apt/sources.list*, network)? Then start again"
    command = [*privilege, "env", "DEBIAN_FRONTEND=noninteractive", *APT, *arguments]
    quietly(command, log=f"apt-{arguments[0]}", or_else=f"{sentence}: {remedy}")


def _first_known(need: Need) -> str:
    """The first alternative this distribution has; the first one when it knows none of them."""
    for name in need.packages:
        shown = subprocess.run(["apt-cache", "show", name], capture_output=True, check=False)  # nosec B607 # apt's
        if shown.returncode == 0 and shown.stdout:
            return name
    return need.packages[0]


if __name__ == "__main__":
    main(lambda: ensure(*sys.argv[1:]))
