"""Files that survive a power cut."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from django.core.files import File
from django.core.files.storage import FileSystemStorage


class DurableStorage(FileSystemStorage):
    """Writes to a temporary file, flushes it to the disk and only then gives it its name.

    A reader never sees half a file, and a name that exists has all its bytes.
    """

    def _save(self, name: str, content: File) -> str:
        target = Path(self.path(name))
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=target.parent, prefix=".part-", delete=False) as part:
            _copy_or_remove(content, part)
        Path(part.name).chmod(0o644)
        Path(part.name).replace(target)
        _flush_folder(target.parent)
        return name


def _copy_or_remove(content: File, part: tempfile._TemporaryFileWrapper) -> None:
    try:
        for chunk in content.chunks():
            part.write(chunk)
        part.flush()
        os.fsync(part.fileno())
    except BaseException:
        Path(part.name).unlink(missing_ok=True)
        raise


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
