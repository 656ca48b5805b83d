"""The ledger of erasures and corrections: a file outside the database, so that no restored backup undoes one.

A line names a thing by a key that no other thing ever gets (an UUID, a digest), and nothing of the person. It
is on the disk before the erasure is stored: a disk that is full refuses the erasure, and a line whose erasure
was not stored erases what somebody asked to have erased. docs/decisions/erasures.md
"""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

Eraser = Callable[[str], int]
# A later word takes the one before about the same thing back.
WITHDRAWN_BY = {"shown": "hidden"}


def note(what: str, key: object) -> None:
    """Write down that a thing is being erased, durably. Raises OSError, and then nothing may be erased."""
    told = {"at": timezone.now().isoformat(timespec="seconds"), "what": what, "key": str(key)}
    path = Path(settings.ERASURES_FILE)
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "wb") as file:
        # A line that a full disk cut short stands alone, and spoils no other.
        file.write(f"\n{json.dumps(told)}\n".encode())
        file.flush()
        os.fsync(file.fileno())


def keep(key: object, sealed: str) -> None:
    """Keep what a person had corrected, sealed, beside the ledger; durable like a line. Raises OSError."""
    path = _kept_at(key)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    half = path.with_suffix(".half")
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(sealed)
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)


def kept(key: object) -> str:
    """What was kept under this key, «» when there is nothing."""
    path = _kept_at(key)
    return path.read_text() if path.exists() else ""


def drop(key: object) -> None:
    """Keep it no longer: the person is gone."""
    _kept_at(key).unlink(missing_ok=True)


def _kept_at(key: object) -> Path:
    return Path(settings.ERASURES_FILE).with_suffix(".corrected") / str(uuid.UUID(str(key)))


def noted() -> Iterator[tuple[str, str]]:
    """What was erased and under which key, oldest first; a line that was cut short is none."""
    path = Path(settings.ERASURES_FILE)
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
        try:
            told = json.loads(line)
            yield told["what"], told["key"]
        except (ValueError, LookupError, TypeError):
            continue


@transaction.atomic
def replay(erasers: dict[str, Eraser]) -> int:
    """Erase anew whatever came back with a backup; returns how much. Doing it twice is doing it once."""
    last = {(WITHDRAWN_BY.get(what, what), key): what for what, key in noted()}
    return sum(erasers[what](key) for (_, key), what in last.items() if what in erasers)
