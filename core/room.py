"""A disk, quota or size limit that is used up. Imports no Django."""

from __future__ import annotations

import errno
import tempfile
from pathlib import Path

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
# What a disk has to take in one piece before it counts as having room.
PIECE = 256 * 1024


def is_full(error: BaseException | None) -> bool:
    """Whether a file could not be written because there is no room for it."""
    return isinstance(error, OSError) and error.errno in FULL


def takes_more(folder: Path) -> bool:
    """Whether the disk of a folder takes one more piece now; libraries say it each in its own words."""
    try:
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"\0" * PIECE)
            probe.flush()
    except OSError as error:
        return not is_full(error)
    return True
