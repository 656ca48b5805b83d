"""The result of a gathering as a document that anyone can check."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from django.utils import timezone

from gatherings.models import BallotItem, Gathering


def document_of(gathering: Gathering, items: Sequence[BallotItem]) -> dict[str, object]:
    """What the digest is taken over: rules, totals and places, no person and no text that could be hidden."""
    return {
        "number": gathering.number,
        "territory": gathering.territory.code if gathering.territory_id else None,
        "council": gathering.council,
        "day": timezone.localdate(gathering.starts_at).isoformat(),
        "mode": gathering.mode,
        "voters": gathering.voters,
        "tokens_each": gathering.tokens_each,
        "tokens_per_issue": gathering.tokens_per_issue,
        "seed": gathering.seed,
        "ballots": gathering.ballots_counted,
        "ballots_left_out": gathering.ballots_left_out,
        "places": [_line(item) for item in sorted(items, key=lambda item: item.place)],
    }


def digest_of(gathering: Gathering, items: Sequence[BallotItem]) -> str:
    """SHA-256, in hexadecimal, over the canonical JSON of the result."""
    return hashlib.sha256(canonical(document_of(gathering, items)).encode()).hexdigest()


def canonical(document: dict[str, object]) -> str:
    """JSON with sorted keys, no spaces and plain Unicode: the same bytes everywhere."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _line(item: BallotItem) -> dict[str, object]:
    return {
        "place": item.place,
        "reference": item.issue.reference,
        "tokens": item.tokens,
        "people": item.people,
        "index": item.index_then,
    }
