"""What a page needs to keep what is typed on the device until it is sent: docs/decisions/drafts.md.

A signed-in person's drafts are encrypted with a key that only pages of that person carry: whoever else
uses the machine finds nothing that can be read. A stranger's stay in the tab.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass

from django.utils.crypto import salted_hmac

# Shorter than the keys of forms are remembered (core.together.once.KEEP): a draft sent again is done once.
HOURS = 72
STRANGERS_HOURS = 1


@dataclass(frozen=True)
class Place:
    """Where this page keeps drafts: under whom, with which key, for how long."""

    person: str = ""
    key: str = ""
    hours: int = STRANGERS_HOURS


def place_of(person: int | None) -> Place:
    """The place of an account, or of a stranger; the same until SECRET_KEY changes."""
    if person is None:
        return Place()
    name = _derived("name", person).hex()[:16]
    return Place(name, base64.b64encode(_derived("key", person)).decode(), HOURS)


def _derived(what: str, person: int) -> bytes:
    return salted_hmac(f"core.together.drafts.{what}", str(person), algorithm="sha256").digest()
