"""References such as M-2026-000123, and which of two came first. Pure: imports no Django."""

import re

_DIGITS = re.compile("[0-9]+")

ReferenceKey = tuple[list[int], str]


def reference_key(reference: str) -> ReferenceKey:
    """Orders references by their numbers, so that M-2026-999999 stands before M-2026-1000000."""
    return [int(digits) for digits in _DIGITS.findall(reference)], reference
