"""What the child takes from itself is really gone: network, other files, memory, time."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings

ENTER = """
import json, pathlib, sys
from territories.importing import sandbox
in_force = sandbox.enter(memory_mb=500, seconds=2, file_mb=1)
in_force += sandbox.close_files(pathlib.Path(sys.argv[1]))
def tried(act):
    try:
        act()
    except BaseException as error:
        return type(error).__name__
    return "done"
"""


def child(tmp_path, act: str) -> subprocess.CompletedProcess:
    """Run a line inside the sandbox; `tried` in it names the exception it met."""
    program = f"{ENTER}\nprint(json.dumps([in_force, tried(lambda: {act})]))"
    return subprocess.run(
        [sys.executable, "-P", "-s", "-c", program, str(tmp_path)],
        env={"PYTHONPATH": str(settings.BASE_DIR), "PATH": os.environ["PATH"]},
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=30,
    )


FORBIDDEN = {
    "a file of the system": ("open('/etc/passwd').read()", "PermissionError"),
    "another process": ("open('/proc/1/environ').read()", "PermissionError"),
    "our own settings": ("open('config/settings.py').read()", "PermissionError"),
    "a folder": ("__import__('os').listdir('/')", "PermissionError"),
    "writing elsewhere": ("open('/tmp/limites-x', 'w')", "PermissionError"),
    "the network": ("__import__('socket').create_connection(('127.0.0.1', 9), 2)", "OSError|PermissionError"),
    "much memory": ("bytearray(600_000_000)", "MemoryError"),
    "a large file": (
        "pathlib.Path(sys.argv[1], 'x').write_bytes(b'x' * 3_000_000)",
        "OSError",
    ),
}


@pytest.mark.parametrize(("act", "met"), FORBIDDEN.values(), ids=FORBIDDEN.keys())
def test_it_cannot_be_done_inside(tmp_path, act, met):
    in_force, result = json.loads(child(tmp_path, act).stdout)
    assert {"no_network", "no_other_files"} <= set(in_force)
    assert result in met.split("|")


def test_its_own_folder_stays_usable(tmp_path):
    act = "pathlib.Path(sys.argv[1], 'x').write_text('x')"
    assert json.loads(child(tmp_path, act).stdout)[1] == "done"


def test_a_loop_without_end_is_stopped_by_the_kernel(tmp_path):
    assert child(tmp_path, "sum(0 for _ in iter(int, 1))").returncode < 0
