"""Why a file is not taken: a stable code and its details; `texts` holds the sentences. Imports no Django."""

from __future__ import annotations

from typing import Any

from core.letters import line_of

LONGEST = 200


def shown(value: Any) -> Any:
    """A text of a file, such as its name, as one line that can be stored and printed; lists likewise."""
    if isinstance(value, list | tuple):
        return [shown(one) for one in value]
    if not isinstance(value, str):
        return value
    # Bytes that are no UTF-8 in the name of a file arrive as half letters.
    whole = value[: 2 * LONGEST].encode("utf-8", "replace").decode()
    return line_of(whole)[:LONGEST]


class FileRefused(Exception):
    """A file that cannot be trusted; nothing was stored.

    `code` is one of the keys of `texts.REFUSALS`; `details` are the values its sentence shows.
    `facts` is what the child reports about itself: the limits in force, its peak memory in MB,
    the CPU seconds it took.
    """

    def __init__(self, code: str, **details: Any) -> None:
        super().__init__(code)
        self.code = code
        self.details = {key: shown(value) for key, value in details.items()}
        self.facts: dict[str, Any] = {}
