"""The part of a file that a request asks for: one range of bytes (RFC 9110, section 14). Pure."""

from __future__ import annotations

import re

ONE_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


class OutOfReach(Exception):
    """The range begins behind the end of the file."""


def asked_range(header: str, size: int) -> tuple[int, int] | None:
    """First byte and length of what `header` asks of a file of `size` bytes.

    None: the whole file (no header, several ranges, or one that cannot be read).
    Raises OutOfReach when nothing of the file lies in the range.
    """
    found = ONE_RANGE.fullmatch(header.strip())
    if not found or found.groups() == ("", ""):
        return None
    first, last = found.groups()
    return _last_bytes(int(last), size) if not first else _from(int(first), last, size)


def _last_bytes(count: int, size: int) -> tuple[int, int]:
    length = min(count, size)
    if not length:
        raise OutOfReach
    return size - length, length


def _from(start: int, last: str, size: int) -> tuple[int, int] | None:
    end = min(int(last), size - 1) if last else size - 1
    if last and int(last) < start:
        return None
    if start >= size:
        raise OutOfReach
    return start, end - start + 1
