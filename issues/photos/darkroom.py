"""Have a picture opened by a child process that knows nothing and reaches nothing. docs/decisions/photos.md

A process of the site has one warm child to open pictures and one to look for faces, started when the first
picture comes and gone when none came for a while. All processes of a machine together have so many places for
open pictures; who waits too long for one is told so.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import select
import signal
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import OperationalError
from django.utils.translation import gettext_lazy as _

from issues.photos.child import TOO_SLOW

IDLE_SECONDS = 120
# How long one waits for a free child before the sender is asked to come back.
PATIENCE = 20.0
PAUSE = 0.02
MEGABYTE = 1024 * 1024
REASONS = {
    "empty": _("La foto llegó vacía. Tómala de nuevo."),
    "heavy": _("La foto pesa más de 20 MB. Envíala más chica."),
    "no_picture": _("El archivo no es una foto JPEG, PNG o WebP."),
    "many_pixels": _(
        "La foto tiene demasiados píxeles: caben 64 millones en JPEG y 24 en PNG o WebP. Envíala más chica."
    ),
    "broken": _("La foto está dañada o es demasiado grande para abrirla. Tómala de nuevo o más chica."),
    "much_memory": _("Abrir esta foto pide demasiada memoria. Envíala más chica o como JPEG."),
    "too_slow": _("La foto tarda demasiado en abrirse. Envíala más chica o como JPEG."),
    "died": _("La foto no se pudo abrir sin riesgo para el sitio. Tómala de nuevo."),
}
# «Payload too large» is what a program understands by these.
TOO_MUCH = frozenset({"heavy", "many_pixels", "much_memory"})


class PhotoRefused(ValueError):
    """A file that cannot become a photo; the text is one sentence for the person, `status` the answer's."""

    def __init__(self, sentence: str, status: int = 400) -> None:
        super().__init__(sentence)
        self.status = status


class DarkroomBusy(OperationalError):
    """Too many pictures are being opened just now; nothing is wrong with this one."""


def refused(code: str) -> PhotoRefused:
    """The refusal with the sentence of this reason."""
    return PhotoRefused(str(REASONS[code]), 413 if code in TOO_MUCH else 400)


class Darkroom:
    """One child of this process. One picture at a time; the next one waits."""

    def __init__(self, *, for_faces: bool = False) -> None:
        self.for_faces = for_faces
        self._mine = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        # Of whose process the child is: after a fork it is the parent's.
        self._owner = 0

    def ask(self, task: str, data: bytes, **words: object) -> tuple[dict[str, Any], list[bytes]]:
        """What the child found, and what it made. Raises PhotoRefused, or DarkroomBusy."""
        if not self._mine.acquire(timeout=PATIENCE):
            raise DarkroomBusy("photos: the child is busy")
        try:
            with _one_of_the_machine(*self._places):
                facts, made = self._asked(task, data, words)
        finally:
            self._mine.release()
        if "refused" in facts:
            raise refused(facts["refused"])
        return facts, made

    @property
    def _places(self) -> tuple[str, int]:
        # Faces have a place of their own: looking for them takes long, and a tablet that sends waits.
        return ("faces", 1) if self.for_faces else ("open", settings.PHOTO_CHILDREN)

    def close(self) -> None:
        """End the child now."""
        if self._child is not None and self._owner == os.getpid():
            _kill(self._child)
        self._child = None

    def _asked(self, task: str, data: bytes, words: object) -> tuple[dict[str, Any], list[bytes]]:
        child = self._living()
        late = threading.Event()
        timer = threading.Timer(settings.PHOTO_SECONDS * 2, _end_late, (child, late))
        timer.start()
        try:
            return _exchange(child, _request(task, data, words), data)
        except (OSError, EOFError, ValueError, struct.error):
            self._child = None
            return {"refused": "too_slow" if late.is_set() or _ended(child) == TOO_SLOW else "died"}, []
        finally:
            timer.cancel()

    def _living(self) -> subprocess.Popen[bytes]:
        child = self._child
        if child is None or self._owner != os.getpid() or child.poll() is not None or _leaves(child):
            self._child, self._owner = _started(polite=self.for_faces), os.getpid()
        assert self._child is not None
        return self._child


def _leaves(child: subprocess.Popen[bytes]) -> bool:
    """Whether nobody reads at the other end: it is about to end for want of work."""
    assert child.stdout is not None
    ready, _w, _x = select.select([child.stdout], [], [], 0)
    return bool(ready)


def _started(*, polite: bool) -> subprocess.Popen[bytes]:
    nice = "10" if polite else "0"
    return subprocess.Popen(  # noqa: S603 # our own module
        [sys.executable, "-P", "-s", "-m", "issues.photos.child", str(IDLE_SECONDS), nice],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={
            "PATH": "/usr/bin:/bin",
            "PYTHONPATH": str(settings.BASE_DIR),
            "PYTHONDONTWRITEBYTECODE": "1",
            "LC_ALL": "C.UTF-8",
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
        },
        cwd=settings.BASE_DIR,
        bufsize=0,
        start_new_session=True,
    )


def _request(task: str, data: bytes, words: object) -> bytes:
    memory = settings.FACES_MEMORY_MB if task == "faces" else settings.PHOTO_MEMORY_MB
    told = {"task": task, "words": words, "length": len(data)}
    text = json.dumps(told | {"memory_mb": memory, "seconds": settings.PHOTO_SECONDS}).encode()
    return struct.pack(">I", len(text)) + text


def _exchange(
    child: subprocess.Popen[bytes], request: bytes, data: bytes
) -> tuple[dict[str, Any], list[bytes]]:
    assert child.stdin is not None
    assert child.stdout is not None
    for part in (request, data):
        rest = memoryview(part)
        while rest:
            rest = rest[child.stdin.write(rest) :]
    (length,) = struct.unpack(">I", _read(child.stdout, 4))
    facts = json.loads(_read(child.stdout, min(length, MEGABYTE)))
    return facts, [_read(child.stdout, size) for size in facts["lengths"]]


def _read(source: Any, length: int) -> bytes:
    parts, left = [], length
    while left:
        part = source.read(left)
        if not part:
            raise EOFError
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


def _ended(child: subprocess.Popen[bytes]) -> int:
    with contextlib.suppress(subprocess.TimeoutExpired):
        return child.wait(1)
    _kill(child)
    return child.wait()


def _end_late(child: subprocess.Popen[bytes], late: threading.Event) -> None:
    late.set()
    _kill(child)


def _kill(child: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)


@contextlib.contextmanager
def _one_of_the_machine(what: str, places: int) -> Iterator[None]:
    """One of the few places that all processes of this machine share. Raises DarkroomBusy."""
    until = time.monotonic() + PATIENCE
    while (place := _free_place(what, places)) is None:
        if time.monotonic() > until:
            raise DarkroomBusy("photos: every place of this machine is taken")
        time.sleep(PAUSE)
    try:
        yield
    finally:
        os.close(place)


def _free_place(what: str, places: int) -> int | None:
    folder = Path(tempfile.gettempdir()) / f"mapa-photos-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    for number in range(places):
        place = os.open(
            folder / f"{what}-{number}", os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600
        )
        try:
            fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(place)
        else:
            return place
    return None


darkroom = Darkroom()
face_room = Darkroom(for_faces=True)
