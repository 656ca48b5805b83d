"""Have a file examined by a child process: no network, little memory, a deadline, an empty environment."""

from __future__ import annotations

import json
import logging
import math
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pyogrio
from django.conf import settings

from core.room import is_full
from territories.importing.refusal import FileRefused

logger = logging.getLogger(__name__)
# What the child may open with GDAL; everything else is switched off before it starts.
DRIVERS = ("ESRI Shapefile", "GPKG", "FlatGeobuf", "OSM")
MAX_ANSWER = 400 * 1024 * 1024


def examine(request: dict[str, Any], *, seconds: float, memory_mb: int) -> dict[str, Any]:
    """Send a request to a new child and return its answer; raises FileRefused.

    `seconds` is wall time: a child that is not done by then is killed. `memory_mb` is address space.
    """
    with _a_folder() as folder:
        limits = {"memory_mb": memory_mb, "seconds": math.ceil(seconds), "file_mb": 500}
        task = request | {"folder": folder, "limits": limits}
        answer = _answer(_run(json.dumps(task), folder, seconds))
    if "refused" in answer:
        refused = FileRefused(answer["refused"]["code"], **answer["refused"]["details"])
        refused.facts = answer["facts"]
        raise refused
    return answer


@contextmanager
def _a_folder() -> Iterator[str]:
    """Where the child works, gone afterwards; a full disk is a refusal like any other."""
    try:
        with tempfile.TemporaryDirectory(prefix="limites-") as folder:
            yield folder
    except OSError as error:
        if is_full(error):
            raise FileRefused("no_room") from error
        raise


def _run(request: str, folder: str, seconds: float) -> tuple[int, str]:
    child = subprocess.Popen(
        [sys.executable, "-P", "-s", "-m", "territories.importing.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=_environment(folder),
        cwd=settings.BASE_DIR,
        text=True,
        start_new_session=True,
    )
    try:
        out, err = child.communicate(request, timeout=seconds)
    except subprocess.TimeoutExpired:
        _kill(child)
        raise FileRefused("too_slow", seconds=seconds) from None
    if err:
        logger.debug("boundary child said: %s", repr(err[-2000:]))
    return child.returncode, out


def _kill(child: subprocess.Popen) -> None:
    os.killpg(child.pid, signal.SIGKILL)
    child.communicate()


def _answer(ended: tuple[int, str]) -> dict[str, Any]:
    code, text = ended
    if code == -signal.SIGXCPU:
        raise FileRefused("too_slow", seconds=settings.BOUNDARY_SECONDS)
    try:
        return json.loads(text)
    except ValueError:
        raise FileRefused("died") from None


def _environment(folder: str) -> dict[str, str]:
    package = Path(pyogrio.__file__).parent
    return {
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": str(settings.BASE_DIR),
        "PYTHONDONTWRITEBYTECODE": "1",
        "LC_ALL": "C.UTF-8",
        "HOME": folder,
        "TMPDIR": folder,
        "CPL_TMPDIR": folder,
        # One thread each: idle ones would use up the address space.
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "GDAL_NUM_THREADS": "1",
        "GDAL_DATA": str(package / "gdal_data"),
        "GDAL_SKIP": _switched_off(),
        "GDAL_DRIVER_PATH": "disable",
        "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".disabled",
        "GDAL_HTTP_PROXY": "http://127.0.0.1:9",
        "PROJ_NETWORK": "OFF",
        "OGR_SQLITE_LOAD_EXTENSIONS": "NO",
    }


@cache
def _switched_off() -> str:
    return ",".join(sorted(set(pyogrio.list_drivers()) - set(DRIVERS)))
