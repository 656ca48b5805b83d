"""Paths of this checkout, and the output, stamps, locks and errors of the scripts."""

import contextlib
import fcntl
import hashlib
import os
import secrets
import signal
import subprocess
import sys
import types
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCAL = Path(os.environ.get("LOCAL_DIR") or ROOT / ".local")
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"


class Trouble(Exception):
    """An error that a person has to correct, in one sentence."""


def say(text: str) -> None:
    """Print one line of progress at once."""
    print(f"· {text}", flush=True)


def local(name: str = "") -> Path:
    """A path inside .local/ (or LOCAL_DIR), which is made when missing; passable for the database's user."""
    LOCAL.mkdir(mode=0o711, exist_ok=True)
    return LOCAL / name


def main(work: Callable[[], int | None]) -> None:
    """Run a command: a Trouble becomes one sentence and exit 1, Ctrl-C and TERM become exit 130."""
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        sys.exit(work())
    except Trouble as trouble:
        sys.exit(f"✗ {trouble}")
    except KeyboardInterrupt:
        print("\n· Stopped. What was finished stays; the next start goes on from there.", file=sys.stderr)
        sys.exit(130)


def _interrupt(signum: int, frame: types.FrameType | None) -> None:
    raise KeyboardInterrupt


def quietly(command: list[str], *, log: str, or_else: str, env: dict[str, str] | None = None) -> None:
    """Run a command with its output in .local/logs/<log>.log; raise Trouble(or_else) when it fails."""
    path = local("logs") / f"{log}.log"
    path.parent.mkdir(exist_ok=True)
    with path.open("wb") as out:
        status = _status(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=env, cwd=ROOT)
    if status:
        raise Trouble(f"{or_else} (details: {path})")


def _status(command: list[str], **how: object) -> int:
    try:
        return subprocess.run(command, check=False, **how).returncode  # type: ignore[call-overload]  # whatever it takes
    except FileNotFoundError:
        return 127


def fingerprint(paths: Iterable[Path], *also: str) -> str:
    """SHA-256 over the contents of files and some words, in order: changes when any of them does."""
    digest = hashlib.sha256("\0".join(also).encode())
    for path in paths:
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def is_stamped(stamp: Path, value: str) -> bool:
    """Whether a step wrote this value after it had finished."""
    return stamp.is_file() and stamp.read_text() == value


def write_whole(path: Path, text: str, mode: int = 0o644) -> None:
    """Write a file so that a kill leaves the old one or the new one, never half of it."""
    half = path.with_name(path.name + ".half")
    half.unlink(missing_ok=True)
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    half.replace(path)


def kept_secret(path: Path, size: int = 24) -> str:
    """A random secret of `size` bytes, made once and kept for its owner only."""
    if not path.is_file():
        write_whole(path, secrets.token_urlsafe(size), mode=0o600)
    return path.read_text()


@contextlib.contextmanager
def only_one(name: str, otherwise: str) -> Iterator[None]:
    """Hold a lock that ends with this process, however it ends; raise Trouble when another holds it."""
    with local(f"{name}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Trouble(otherwise) from None
        yield


def is_process(pid: int, *words: str) -> bool:
    """Whether this process runs and its command line has all the words: a number may have been reused."""
    try:
        line = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return False
    return bool(line) and all(word in line for word in words)
