"""Photos from tablets: bytes first and durable, whole or in parts, then attached to what they show."""

from __future__ import annotations

import hashlib
import os
import tempfile
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from core.postgis import identity
from issues.models import Issue, Photo
from issues.photos.darkroom import PhotoRefused
from issues.photos.intake import add_photo, develop
from walks.models import Held, HoldReason, PhotoPart, SyncPhoto, SyncRecord
from walks.sync.envelope import BadHash, Malformed, read_item
from walks.sync.projection import Hold, SignIn

MAX_PHOTO_BYTES = 20 * 1024 * 1024
MAX_WHOLE_BYTES = 256 * 1024
PART_BYTES = 128 * 1024
OFFICE = "Caminata"


@dataclass(frozen=True)
class Arrival:
    """A photo as announced: its id, the SHA-256 of all its bytes, the record it belongs to."""

    photo_id: uuid.UUID
    sha256: str
    record_id: uuid.UUID


def receive_photo(arrival: Arrival, data: bytes, signed_in: SignIn) -> bool:
    """Keep a whole photo; True when it is new. Raises BadHash. Returns after the commit."""
    if hashlib.sha256(data).hexdigest() != arrival.sha256:
        raise BadHash(_("La foto no coincide con su huella: llegó cortada o cambiada."))
    if is_whole(arrival):
        return False
    store_durably(arrival.sha256, data)
    return _keep(arrival, len(data), signed_in)


def receive_part(arrival: Arrival, number: int, parts: int, data: bytes, signed_in: SignIn) -> bool:
    """Keep one of `parts` pieces, numbered from 0; True once all are here. Raises BadHash, Malformed."""
    if not 1 <= parts <= MAX_PHOTO_BYTES // PART_BYTES or not 0 <= number < parts:
        raise Malformed(_("El número de la parte no corresponde."))
    if not 0 < len(data) <= PART_BYTES:
        raise Malformed(_("Cada parte lleva entre 1 byte y 128 KB."))
    if is_whole(arrival):
        return True
    _keep_part(arrival, number, data)
    whole = _joined(arrival, parts)
    if whole is None:
        return False
    receive_photo(arrival, whole, signed_in)
    return True


def is_whole(arrival: Arrival) -> bool:
    """Whether this photo is here for this record: the same bytes may have come for another one."""
    known = SyncPhoto.objects.filter(photo_id=arrival.photo_id, sha256=arrival.sha256)
    return known.filter(record_id=arrival.record_id).exists()


def parts_present(photo_id: uuid.UUID, sha256: str) -> list[int]:
    """Which pieces of a photo are here."""
    parts = PhotoPart.objects.filter(photo_id=photo_id, sha256=sha256)
    return list(parts.order_by("number").values_list("number", flat=True))


def photo_lock(record_ids: Iterable[uuid.UUID]) -> None:
    """Until the end of the transaction, a record and its photos arrive one after the other.

    Without it each could miss the other, both being uncommitted.
    """
    with connection.cursor() as cursor:
        for record_id in record_ids:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 7))", [str(record_id)])


def attach_photos(record: SyncRecord, listed: dict[uuid.UUID, str]) -> None:
    """Attach the photos that came before their record."""
    if not listed:
        return
    for photo in SyncPhoto.objects.filter(record_id=record.pk).order_by("pk"):
        _attach(photo, record, listed)


def attach_anyway(photo: SyncPhoto) -> None:
    """Attach a photo, on a person's word, to the problem of the record it named. Raises Hold."""
    record = SyncRecord.objects.filter(pk=photo.record_id).first()
    issue = Issue.objects.filter(pk=record.subject_id or record.pk).first() if record else None
    if record is None or issue is None:
        raise Hold(HoldReason.FOREIGN_PHOTO, _("El problema de esta foto no está."))
    try:
        with _of(record):
            add_photo(issue, bytes_of(photo), actor=record.author, office=OFFICE)
    except PhotoRefused as refused:
        raise Hold(HoldReason.PHOTO, str(refused)) from refused


def store_durably(sha256: str, data: bytes) -> Path:
    """Write bytes below MEDIA_ROOT/inbox so that they survive a power cut: file, fsync, rename, fsync."""
    target = Path(settings.MEDIA_ROOT) / "inbox" / sha256[:2] / f"{sha256}.bin"
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=target.parent, prefix=".part-", delete=False) as part:
        _write_or_remove(data, part)
    Path(part.name).replace(target)
    _sync_folder(target.parent)
    return target


def _write_or_remove(data: bytes, part: tempfile._TemporaryFileWrapper) -> None:
    try:
        part.write(data)
        part.flush()
        os.fsync(part.fileno())
    except BaseException:
        Path(part.name).unlink(missing_ok=True)
        raise


def bytes_of(photo: SyncPhoto) -> bytes:
    """The photo as it came."""
    return (Path(settings.MEDIA_ROOT) / photo.stored_name).read_bytes()


def preview(photo: SyncPhoto) -> bytes:
    """The photo as our own encoder writes it, for the office's eyes. Raises PhotoRefused, OSError."""
    return develop(bytes_of(photo)).jpeg


@transaction.atomic
def _keep(arrival: Arrival, size: int, signed_in: SignIn) -> bool:
    photo_lock([arrival.record_id])
    photo, made = SyncPhoto.objects.get_or_create(
        photo_id=arrival.photo_id,
        sha256=arrival.sha256,
        record_id=arrival.record_id,
        defaults={
            "size": size,
            "sender": signed_in.sender,
            "device": signed_in.device,
        },
    )
    if made:
        _meet_record(photo)
        PhotoPart.objects.filter(photo_id=arrival.photo_id, sha256=arrival.sha256).delete()
    return made


def _meet_record(photo: SyncPhoto) -> None:
    record = SyncRecord.objects.filter(pk=photo.record_id).first()
    if record is not None and record.body:
        stored = {"id": str(record.id), "sha256": record.sha256, "body": record.body}
        _attach(photo, record, read_item(stored).photos)


def _attach(photo: SyncPhoto, record: SyncRecord, listed: dict[uuid.UUID, str]) -> None:
    if listed.get(photo.photo_id) != photo.sha256:
        Held.objects.get_or_create(photo=photo, reason=HoldReason.FOREIGN_PHOTO)
        return
    with _of(record):
        issue = Issue.objects.filter(pk=record.subject_id or record.pk).first()
        if issue is not None:
            _add(photo, issue, record)


@contextmanager
def _of(record: SyncRecord) -> Iterator[None]:
    """A photo is its record's: of the same author, for the problem that the record names."""
    with (
        identity.in_the_name_of(record.author_id or 0),
        identity.holding(str(record.subject_id or record.pk)),
    ):
        yield


def _add(photo: SyncPhoto, issue: Issue, record: SyncRecord) -> None:
    try:
        with transaction.atomic():
            free = not Photo.objects.filter(pk=photo.photo_id).exists()
            add_photo(
                issue,
                bytes_of(photo),
                actor=record.author,
                office=OFFICE,
                photo_id=photo.photo_id if free else None,
            )
    except PhotoRefused as refused:
        Held.objects.get_or_create(
            photo=photo, reason=HoldReason.PHOTO, defaults={"sentence": str(refused), "record": record}
        )


@transaction.atomic
def _keep_part(arrival: Arrival, number: int, data: bytes) -> None:
    PhotoPart.objects.bulk_create(
        [PhotoPart(photo_id=arrival.photo_id, sha256=arrival.sha256, number=number, data=data)],
        ignore_conflicts=True,
    )


def _joined(arrival: Arrival, parts: int) -> bytes | None:
    pieces = PhotoPart.objects.filter(photo_id=arrival.photo_id, sha256=arrival.sha256, number__lt=parts)
    if pieces.count() < parts:
        return None
    whole = b"".join(bytes(piece.data) for piece in pieces.order_by("number").iterator())
    if hashlib.sha256(whole).hexdigest() == arrival.sha256:
        return whole
    # One piece is wrong and it is unknown which: the tablet starts this photo again.
    pieces.delete()
    raise BadHash(_("La foto no coincide con su huella: llegó cortada o cambiada."))


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
