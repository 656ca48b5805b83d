"""Papers that were rendered once and are kept: the same bytes for everyone, until what they say changes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from contextlib import suppress

from django.db import DatabaseError, transaction

from core.models import KeptPaper


def kept(name: str, says: object, make: Callable[[], bytes]) -> bytes:
    """The paper of a name as it was made; made anew only when what it says (JSON) is not what it said.

    A database that cannot keep it now costs the next reader the time, and nobody the paper.
    """
    fingerprint = hashlib.sha256(json.dumps(says, sort_keys=True, default=str).encode()).hexdigest()
    found = KeptPaper.objects.filter(name=name, fingerprint=fingerprint).first()
    if found:
        return bytes(found.content)
    content = make()
    with suppress(DatabaseError), transaction.atomic():
        KeptPaper.objects.update_or_create(
            name=name, defaults={"fingerprint": fingerprint, "content": content}
        )
    return content
