"""Files that are being sent to us, on their way to the disk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler


class WholeOrNothing(TemporaryFileUploadHandler):
    """A file that the disk takes only in part is removed at once.

    Django's own is, too, but only when the memory of the request is tidied up; a full disk needs it now.
    """

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Write a piece."""
        with self._removed_where_it_fails():
            return super().receive_data_chunk(raw_data, start)

    def file_complete(self, file_size: int) -> UploadedFile | None:
        """Write what was held back."""
        with self._removed_where_it_fails():
            return super().file_complete(file_size)

    @contextmanager
    def _removed_where_it_fails(self) -> Iterator[None]:
        try:
            yield
        except OSError:
            # Closing removes it, and writes what is left once more, in vain.
            with suppress(OSError):
                self.file.close()
            raise
