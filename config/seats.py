"""How many at once, counted over all processes of this machine without a row: the kernel's locks on one file.

A seat is one byte of a file without a name; who holds its lock sits on it. A process that dies gives all its
seats back.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import struct
import tempfile

# Made before the processes of the server are, and theirs together.
_file = tempfile.TemporaryFile(prefix="mapa-seats-")  # noqa: SIM115
# Of struct flock; what F_OFD_SETLK demands is a zero as the process.
_FLOCK = "@hhqqi4x"


def take(who: str, seats: int) -> int | None:
    """A seat for `who`, who may have so many at a time, to be given to `leave`; None when all are taken."""
    seat = os.open(f"/proc/self/fd/{_file.fileno()}", os.O_RDWR | os.O_CLOEXEC)
    first = int.from_bytes(hashlib.blake2b(who.encode(), digest_size=5).digest()) * 1024
    if any(_lock(seat, first + number) for number in range(seats)):
        return seat
    os.close(seat)
    return None


def leave(seat: int | None) -> None:
    """Give a seat back; nothing for None."""
    if seat is not None:
        os.close(seat)


def _lock(seat: int, place: int) -> bool:
    try:
        wanted = struct.pack(_FLOCK, fcntl.F_WRLCK, os.SEEK_SET, place, 1, 0)
        fcntl.fcntl(seat, fcntl.F_OFD_SETLK, wanted)
    except BlockingIOError:
        return False
    return True
