"""Comparing a tablet's memory with the inbox: heals a server restored from a backup, proves a walk whole."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.utils.translation import gettext as _

from walks.models import ConflictingBody, SyncPhoto, SyncRecord
from walks.sync.envelope import Malformed, read_uuid

MAX_PAIRS = 20_000

Pair = tuple[uuid.UUID, str]


@dataclass(frozen=True)
class Differences:
    """Ids of what is not here under that hash, and how much is."""

    records: list[str]
    photos: list[str]
    received: int


def read_pairs(payload: object, name: str) -> list[Pair]:
    """A list of [id, sha256]; raises Malformed."""
    pairs = payload.get(name, []) if isinstance(payload, dict) else None
    if not isinstance(pairs, list) or len(pairs) > MAX_PAIRS:
        raise Malformed(_("Se comparan hasta 20.000 registros por vez."))
    return [_pair(pair) for pair in pairs]


def differences(records: list[Pair], photos: list[Pair]) -> Differences:
    """What the tablet has delivered and the server does not have."""
    ids = {pk for pk, _sha in records}
    here = set(SyncRecord.objects.filter(pk__in=ids).values_list("pk", "sha256"))
    here |= set(ConflictingBody.objects.filter(record__in=ids).values_list("record_id", "sha256"))
    shown = set(
        SyncPhoto.objects.filter(photo_id__in={pk for pk, _sha in photos}).values_list("photo_id", "sha256")
    )
    return Differences(
        records=[str(pair[0]) for pair in records if pair not in here],
        photos=[str(pair[0]) for pair in photos if pair not in shown],
        received=sum(pair in here for pair in records),
    )


def _pair(pair: object) -> Pair:
    if not isinstance(pair, list) or len(pair) != 2 or not isinstance(pair[1], str):
        raise Malformed(_("Cada par es [id, sha256]."))
    return read_uuid(pair[0]), pair[1]
