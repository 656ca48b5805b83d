"""The rights that the child gives up before it reads an untrusted file. Imports no Django.

Each measure that the kernel refuses is left out and named in the answer of `enter` or `close_files`.
"""

from __future__ import annotations

import ctypes
import os
import resource
import struct
import sys
import sysconfig
from pathlib import Path

CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
PR_SET_NO_NEW_PRIVS = 38
LANDLOCK_CREATE, LANDLOCK_ADD, LANDLOCK_RESTRICT = 444, 445, 446
READ_FILE, READ_DIR = 1 << 2, 1 << 3
# Every right of the first version of Landlock: 13 bits.
ALL_FILE_RIGHTS = (1 << 13) - 1
CONNECT_TCP = 0b11
OPEN_PATH_ONLY = 0o10000000

_libc = ctypes.CDLL(None, use_errno=True)


def enter(*, memory_mb: int, seconds: int, file_mb: int) -> list[str]:
    """Limit memory (MB of address space), CPU seconds and file size; leave the network.

    Returns the names of the measures in force.
    """
    return limit(memory_mb=memory_mb, seconds=seconds, file_mb=file_mb) + leave_network()


def limit(*, memory_mb: int, seconds: int, file_mb: int) -> list[str]:
    """Limit memory (MB of address space), CPU seconds and file size of this process from here on."""
    megabyte = 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (memory_mb * megabyte, memory_mb * megabyte))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    largest = _at_most(file_mb * megabyte)
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (128, 128))
    return ["memory", "cpu", "file_size"]


def _at_most(size: int) -> int:
    """Never more than whoever started us may write."""
    given, _hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    return size if given == resource.RLIM_INFINITY else min(size, given)


def no_more_processes() -> None:
    """From here on this process starts no other (the kernel lets root all the same)."""
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))


def leave_network() -> list[str]:
    """A private network namespace, which has no route to anywhere, not even to this machine."""
    alone = _libc.unshare(CLONE_NEWNET) == 0 or _libc.unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0
    return ["no_network"] if alone else []


def close_files(writable: Path | None) -> list[str]:
    """From here on read only the libraries and read and write only `writable`; no TCP connection either."""
    if _landlock(writable):
        return ["no_other_files"]
    return []


def _landlock(writable: Path | None) -> bool:
    version = _libc.syscall(LANDLOCK_CREATE, None, 0, 1)
    if version < 1:
        return False
    handled = struct.pack("<QQ", ALL_FILE_RIGHTS, CONNECT_TCP if version >= 4 else 0)
    size = 16 if version >= 4 else 8
    rules = _libc.syscall(LANDLOCK_CREATE, handled, size, 0)
    if rules < 0:
        return False
    for folder in _readable():
        _allow(rules, folder, READ_FILE | READ_DIR)
    if writable is not None:
        _allow(rules, writable, ALL_FILE_RIGHTS)
    _libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    return _libc.syscall(LANDLOCK_RESTRICT, rules, 0) == 0


def _readable() -> set[Path]:
    libraries = {Path(path) for path in sysconfig.get_paths().values()}
    # The code of Python and of its packages, and the system's: neither holds anybody's data.
    return libraries | {Path(sys.base_prefix) / "lib", Path("/usr/lib"), Path("/usr/share"), Path("/lib")}


def _allow(rules: int, folder: Path, rights: int) -> None:
    if not folder.is_dir():
        return
    opened = os.open(folder, OPEN_PATH_ONLY | os.O_CLOEXEC)
    # struct landlock_path_beneath_attr is packed: u64 rights, s32 descriptor.
    _libc.syscall(LANDLOCK_ADD, rules, 1, struct.pack("<Qi", rights, opened), 0)
    os.close(opened)
