"""Counting twice: where two typings of one count say different things.

Pure: imports no Django, so that two typings can be compared anywhere.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping

# Problem → [tokens, people], or number of a paper → {problem: tokens}.
Typing = Mapping[str, object]


def differences(first: Typing, second: Typing) -> list[str]:
    """What the two typings do not say alike, or only one of them says, in the order of the names."""
    return sorted(
        (each for each in first.keys() | second.keys() if first.get(each) != second.get(each)),
        key=lambda name: (len(name), name),
    )


def by_content(ballots: Iterable[Mapping[str, int]]) -> list[dict[str, int]]:
    """Ballots in an order that says nothing of their number, time or seat."""
    return sorted((dict(ballot) for ballot in ballots), key=lambda ballot: json.dumps(ballot, sort_keys=True))


def typing_digest(typing: object, salt: str) -> str:
    """SHA-256, in hexadecimal, of one typing before anybody saw both; the salt hides few papers."""
    written = json.dumps([salt, typing], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(written.encode()).hexdigest()
