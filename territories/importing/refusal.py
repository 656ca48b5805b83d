"""Why a file is not taken: a stable code and its details; `texts` holds the sentences. Imports no Django."""

from __future__ import annotations

from typing import Any


class FileRefused(Exception):
    """A file that cannot be trusted; nothing was stored.

    `code` is one of the keys of `texts.REFUSALS`; `details` are the values its sentence shows.
    `problems` is what had been found until then, in the form of `checks.Problem.as_json()`.
    """

    def __init__(self, code: str, **details: Any) -> None:
        super().__init__(code)
        self.code = code
        self.details = details
        self.problems: list[dict[str, Any]] = []
        self.facts: dict[str, Any] = {}
