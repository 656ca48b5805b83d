"""The child process that opens pictures. Imports no Django, knows no secret, reaches no network and no file.

It stays, with its libraries loaded, and forks once for each picture: what opens one lives in that fork,
within limits of memory and processor time, and ends with it. A fork that does not end well ends the child
too, so that nobody reads the rest of its answer as the next one. `darkroom.py` starts another.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import select
import signal
import struct
import sys
from collections.abc import Callable
from typing import Any

from issues.photos import develop, seen_faces
from territories.importing import sandbox

TASKS: dict[str, Callable[..., develop.Answer]] = {
    "develop": develop.develop,
    "cover": develop.cover,
    "faces": seen_faces.find,
}
TOO_SLOW, DIED = 3, 4


def main(idle_seconds: float) -> int:
    """Answer one request after the other; end by itself when none came for so many seconds."""
    answers = os.dup(1)
    # Whatever a library prints goes to standard error, never into an answer.
    os.dup2(2, 1)
    sandbox.leave_network()
    sandbox.close_files(None)
    while select.select([0], [], [], idle_seconds)[0]:
        ended = _in_a_fork(answers)
        if ended is not None:
            return ended
    return 0


def _in_a_fork(answers: int) -> int | None:
    """Let a fork read and answer one request; None when it ended well, else how this child has to end."""
    pid = os.fork()
    if pid == 0:
        os._exit(_answer_one(answers))
    _pid, status = os.waitpid(pid, 0)
    if os.WIFSIGNALED(status):
        return TOO_SLOW if os.WTERMSIG(status) == signal.SIGXCPU else DIED
    return None if os.WEXITSTATUS(status) == 0 else DIED


def _answer_one(answers: int) -> int:
    head = _read(4)
    if not head:
        return DIED
    request = json.loads(_read(struct.unpack(">I", head)[0]))
    data = _read(request["length"])
    sandbox.limit(memory_mb=request["memory_mb"], seconds=request["seconds"], file_mb=1)
    sandbox.no_more_processes()
    facts, blobs = _done(request, data)
    facts |= {"peak_mb": _peak_mb(), "lengths": [len(blob) for blob in blobs]}
    said = json.dumps(facts).encode()
    _write(answers, b"".join([struct.pack(">I", len(said)), said, *blobs]))
    return 0


def _done(request: dict[str, Any], data: bytes) -> develop.Answer:
    try:
        return TASKS[request["task"]](data, **request["words"])
    except develop.Unusable as unusable:
        return {"refused": unusable.code}, []
    except MemoryError:
        return {"refused": "much_memory"}, []


def _read(length: int) -> bytes:
    parts, left = [], length
    while left and (part := os.read(0, min(left, 1 << 20))):
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


def _write(to: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(to, rest) :]


def _peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        os.nice(int(sys.argv[2]))
        sys.exit(main(float(sys.argv[1])))
