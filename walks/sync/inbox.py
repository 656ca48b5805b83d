"""The inbox: raw first, once per id, then into the domain; nothing that came is refused or changed.

Order of locks, the same for all writers: record ids in ascending order, the problem, the counter of
references. A deadlock with other work ends in a retry, which is safe because every step is idempotent.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import OperationalError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core.postgis import identity
from core.together.contention import patiently
from core.typing import present
from issues.models import Issue, Visibility
from territories.geo import BadCoordinates
from walks.models import (
    ConflictingBody,
    Decision,
    DecisionKind,
    Held,
    HoldReason,
    RecordKind,
    SyncRecord,
)
from walks.sync.arrivals import attach_photos, photo_lock
from walks.sync.envelope import BadHash, Item, Malformed, read_item
from walks.sync.projection import Case, Hold, SignIn, check_shape, project

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Result:
    """The answer for one item: stored, already, conflict, held, bad_hash or error."""

    id: str
    result: str
    sha256: str = ""
    sentence: str = ""
    reference: str = ""


def receive(raw_items: Sequence[object], signed_in: SignIn) -> list[Result]:
    """Store a batch and answer item by item, in order, after the commit."""
    read = [_read(raw) for raw in raw_items]
    items = [item for item in read if isinstance(item, Item)]
    answers = patiently(lambda: _receive_all(items, signed_in)) if items else {}
    return [answers[id(entry)] if isinstance(entry, Item) else entry for entry in read]


def _read(raw: object) -> Item | Result:
    raw_id = raw.get("id") if isinstance(raw, dict) else None
    name = raw_id[:36] if isinstance(raw_id, str) and raw_id.isascii() else ""
    try:
        item = read_item(raw)
        check_shape(item)
    except BadHash as error:
        return Result(name, "bad_hash", sentence=str(error))
    except (Malformed, BadCoordinates) as error:
        return Result(name, "error", sentence=str(error))
    return item


def _receive_all(items: list[Item], signed_in: SignIn) -> dict[int, Result]:
    first = {item.id: item for item in reversed(items)}
    photo_lock(sorted(item.id for item in first.values() if item.photos))
    new = _insert(sorted(first.values(), key=lambda item: item.id), signed_in)
    records = SyncRecord.objects.select_related("author", "device").in_bulk(list(first))
    answers = {}
    for item in items:
        fresh = item.id in new and item is first[item.id]
        handle = _project_new if fresh else _seen_before
        answers[id(item)] = handle(item, records[item.id], signed_in)
    return answers


def _insert(items: list[Item], signed_in: SignIn) -> set[uuid.UUID]:
    """Insert those whose id is new, in one statement; returns their ids."""
    claimed = {item.author_id for item in items if item.author_id is not None}
    authors = set(User.objects.filter(pk__in=claimed).values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO walks_syncrecord (id, kind, body, sha256, walk_id, subject_id, photo_ids, author_id,"
            " captured_at, sender_id, device_id, received_at)"
            " SELECT id, kind, body, sha256, walk_id, subject_id, photo_ids, author_id, captured_at,"
            " %s, %s, %s FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::text[], %s::uuid[],"
            " %s::uuid[], %s::jsonb[], %s::int[], %s::timestamptz[]) AS item"
            " (id, kind, body, sha256, walk_id, subject_id, photo_ids, author_id, captured_at)"
            " ON CONFLICT (id) DO NOTHING RETURNING id",
            [
                signed_in.sender.pk if signed_in.sender else None,
                signed_in.device.pk if signed_in.device else None,
                timezone.now(),
                [item.id for item in items],
                [item.kind for item in items],
                [item.body for item in items],
                [item.sha256 for item in items],
                [item.walk_id for item in items],
                [item.subject_id for item in items],
                [_photo_json(item) for item in items],
                [item.author_id if item.author_id in authors else None for item in items],
                [item.captured_at for item in items],
            ],
        )
        return {row[0] for row in cursor.fetchall()}


def _photo_json(item: Item) -> str:
    return "[" + ",".join(f'"{photo}"' for photo in item.photos) + "]"


def _project_new(item: Item, record: SyncRecord, signed_in: SignIn) -> Result:
    held = attempt(Case(record, item, signed_in))
    if held is None and item.kind == RecordKind.ISSUE:
        _release_waiting(record)
    return _result(record, held)


def _seen_before(item: Item, record: SyncRecord, signed_in: SignIn) -> Result:
    if record.sha256 != item.sha256:
        return _keep_variant(item, record, signed_in)
    held = Held.objects.open().filter(record=record, variant__isnull=True).first()
    if held:
        return _result(record, held)
    return _looked_at_first(record) or Result(str(record.id), "already", record.sha256)


def _result(record: SyncRecord, held: Held | None) -> Result:
    if held is None:
        return _looked_at_first(record) or Result(str(record.id), "stored", record.sha256)
    return Result(str(record.id), "held", record.sha256, held.sentence or str(held.get_reason_display()))


def _looked_at_first(record: SyncRecord) -> Result | None:
    """Of a problem whose text looks like somebody: a person reads it before it is public."""
    waits = Issue.objects.filter(pk=record.pk, visibility=Visibility.REVIEW)
    if record.kind != RecordKind.ISSUE:
        return None
    # What waits is not public, and a tablet sees no more than its people.
    with identity.behind("counts"):
        if not waits.exists():
            return None
    sentence = _("Una persona del equipo lo lee antes de que se vea en el mapa.")
    return Result(str(record.id), "held", record.sha256, sentence)


def _keep_variant(item: Item, record: SyncRecord, signed_in: SignIn) -> Result:
    variant, made = ConflictingBody.objects.get_or_create(
        record=record,
        sha256=item.sha256,
        defaults={"body": item.body, "sender": signed_in.sender, "device": signed_in.device},
    )
    if made:
        Held.objects.create(record=record, variant=variant, reason=HoldReason.CONFLICT)
    return Result(str(record.id), "conflict", item.sha256, str(HoldReason.CONFLICT.label))


def attempt(case: Case) -> Held | None:
    """Project a record and attach its photos; None when it went in, else why it waits for a person.

    Runs in a savepoint, deferred constraints included, so that one poisoned record
    neither loses itself nor spoils the batch. Errors of the connection pass through.
    """
    try:
        with transaction.atomic(), identity.in_the_name_of(case.record.author_id or 0):
            project(case)
            attach_photos(case.record, case.item.photos)
            _check_now()
    except Hold as hold:
        return Held.objects.create(record=case.record, reason=hold.reason, sentence=str(hold))
    except OperationalError:
        raise
    except Exception:
        log.exception("record %s could not be applied", case.record.pk)
        return Held.objects.create(record=case.record, reason=HoldReason.UNEXPECTED)
    return None


def _check_now() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def _release_waiting(record: SyncRecord) -> None:
    """Records that waited for this problem go in now."""
    waiting = Held.objects.open().filter(reason=HoldReason.SUBJECT, record__subject_id=record.pk)
    for held in waiting.select_related("record__author", "record__device").order_by("pk"):
        waited = present(held.record)
        item = item_of(waited)
        Decision.objects.create(held=held, kind=DecisionKind.RESOLVED)
        attempt(Case(waited, item, SignIn(waited.device, waited.sender)))


def item_of(record: SyncRecord) -> Item:
    """A stored record, read again from its own bytes."""
    return read_item({"id": str(record.id), "sha256": record.sha256, "body": record.body})
