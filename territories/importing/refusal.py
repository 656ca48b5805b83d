"""Why a file is not taken: a stable code and its details; `texts` holds the sentences. Imports no Django."""

from __future__ import annotations

from typing import Any


class FileRefused(Exception):
    """A file that cannot be trusted; nothing was stored.

    `code` is one of the keys of `texts.REFUSALS`; `details` are the values its sentence shows.
    `facts` is what the child told about itself: the limits in force, its peak memory in MB,
    the CPU seconds it took.
    """

    def __init__(self, code: str, **details: Any) -> None:
        super().__init__(code)
        self.code = code
        self.details = details
        self.facts: dict[str, Any] = {}
