"""The child process: one request as JSON on standard input, one answer as JSON. Imports no Django.

Started by `process.examine` with an empty environment; knows no secret and reaches no database.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import resource
import sys
from pathlib import Path
from typing import Any

from territories.importing import sandbox


def main() -> int:
    """Answer one request. Everything a library prints goes to standard error, never into the answer."""
    answer_to = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    # Opened now: in the sandbox nothing below /proc can be.
    status_file = os.open("/proc/self/status", os.O_RDONLY)
    request = json.loads(sys.stdin.read())
    in_force = sandbox.enter(**request["limits"])
    # Only now: the libraries load inside the limits.
    from territories.importing import work  # noqa: PLC0415

    answer = _guarded(work.examine, request, in_force)
    answer["facts"] = {"limits": in_force, "peak_mb": _peak_mb(status_file), "cpu_seconds": _cpu_seconds()}
    with contextlib.closing(answer_to):
        json.dump(answer, answer_to, ensure_ascii=True, allow_nan=False)
    return 0


def _guarded(examine: Any, request: dict[str, Any], in_force: list[str]) -> dict[str, Any]:
    try:
        return examine(request, Path(request["folder"]), in_force)
    except MemoryError:
        return {"refused": {"code": "too_much_memory", "details": {}}}


def _peak_mb(status_file: int) -> int:
    """The most memory ever resident; getrusage would count what the parent had at the fork."""
    found = re.search(rb"VmHWM:\s+(\d+) kB", os.pread(status_file, 8192, 0))
    return int(found[1]) // 1024 if found else 0


def _cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return round(used.ru_utime + used.ru_stime, 2)


if __name__ == "__main__":
    sys.exit(main())
