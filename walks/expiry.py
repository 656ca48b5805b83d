"""What tablets sent is kept as long as it proves something, and no longer; its SHA-256 stays for good.

What waits for a person's decision is kept until that person has decided, however old it is.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts import ledger
from walks.models import (
    TRACK_DAYS,
    ConflictingBody,
    DeviceSession,
    DeviceSignIn,
    Held,
    PhotoPart,
    RecordKind,
    SyncPhoto,
    SyncRecord,
    TrackSegment,
)
from walks.sync.arrivals import photo_lock

ORIGINAL_DAYS, BODY_DAYS, PART_DAYS, SIGN_IN_DAYS = 90, 365, 30, 365
# As long as a tablet itself keeps what it delivered: the record may still come from there.
ORPHAN_DAYS = 30
# A file without a row was left by something that broke off; one being written now has none yet either.
LEFT_DAYS = 2


@transaction.atomic
def forget_tracks(at: dt.datetime | None = None) -> int:
    """Delete the ways walked TRACK_DAYS ago, and the records they came in; returns how many."""
    old = _old(SyncRecord.objects.filter(kind=RecordKind.TRACK), TRACK_DAYS, at)
    TrackSegment.objects.filter(record__in=old.values("pk")).delete()
    return _empty(old)


def forget_bodies(at: dt.datetime | None = None) -> int:
    """Empty the records that came BODY_DAYS ago, and their other versions; returns how many."""
    variants = _old(ConflictingBody.objects.all(), BODY_DAYS, at).exclude(record__in=_waiting("record_id"))
    old = _old(SyncRecord.objects.all(), BODY_DAYS, at).exclude(pk__in=_waiting("record_id"))
    return _empty(variants) + _empty(old)


def forget_originals(at: dt.datetime | None = None) -> int:
    """Delete the photos as they came ORIGINAL_DAYS ago, place and camera included; returns how many files."""
    old = _old(SyncPhoto.objects.all(), ORIGINAL_DAYS, at).exclude(pk__in=_waiting("photo_id"))
    old = old.exclude(record_id__in=_waiting("record_id"))
    # The same bytes may have come again since, or wait for somebody.
    kept = SyncPhoto.objects.exclude(pk__in=old.values("pk"))
    gone = list(old.exclude(sha256__in=kept.values("sha256")).only("sha256"))
    return sum(_remove(photo.stored_name) for photo in gone)


def forget_parts(at: dt.datetime | None = None) -> int:
    """Delete pieces of photos of which nothing came for PART_DAYS; returns how many."""
    limit = _limit(PART_DAYS, at)
    same = PhotoPart.objects.filter(photo_id=OuterRef("photo_id"), sha256=OuterRef("sha256"))
    is_alive = Exists(same.filter(received_at__gt=limit))
    return PhotoPart.objects.filter(~is_alive, received_at__lte=limit).delete()[0]


def forget_orphans(at: dt.datetime | None = None) -> int:
    """Delete photos whose record did not come within ORPHAN_DAYS; returns how many. Their files go next."""
    return sum(_forget_orphan(photo) for photo in list(_orphans(at)))


def forget_left_files(at: dt.datetime | None = None) -> int:
    """Delete files as they came that no row names, LEFT_DAYS after they were written; returns how many."""
    since = _limit(LEFT_DAYS, at).timestamp()
    folders = (Path(settings.MEDIA_ROOT) / "inbox").glob("*")
    return sum(_forget_left_in(folder, since) for folder in folders)


def forget_sign_ins(at: dt.datetime | None = None) -> int:
    """Forget who used a tablet SIGN_IN_DAYS after it expired, and sessions that ended; returns how many."""
    limit = _limit(SIGN_IN_DAYS, at)
    over = ~Exists(Session.objects.filter(session_key=OuterRef("session_key")))
    gone = DeviceSession.objects.filter(over).delete()[0]
    return gone + DeviceSignIn.objects.filter(device__expires_at__lte=limit).delete()[0]


@transaction.atomic
def erase_record(record: SyncRecord) -> int:
    """Empty one record and its other versions now, because a person asked for it; returns how many."""
    ledger.note("record", record.pk)
    return forget_record_named(str(record.pk))


def forget_record_named(record_id: str) -> int:
    """Empty the record with this id and its other versions; returns how many."""
    variants = ConflictingBody.objects.filter(record__pk=record_id)
    return _empty(variants) + _empty(SyncRecord.objects.filter(pk=record_id))


def _orphans(at: dt.datetime | None) -> QuerySet[SyncPhoto]:
    recorded = Exists(SyncRecord.objects.filter(pk=OuterRef("record_id")))
    return _old(SyncPhoto.objects.filter(~recorded), ORPHAN_DAYS, at).order_by("record_id")


@transaction.atomic
def _forget_orphan(photo: SyncPhoto) -> int:
    """Its record may come at this very moment: then it stays."""
    photo_lock([photo.record_id])
    if SyncRecord.objects.filter(pk=photo.record_id).exists():
        return 0
    return photo.delete()[0]


def _forget_left_in(folder: Path, since: float) -> int:
    old = [path for path in folder.glob("*") if path.stat().st_mtime <= since]
    named = SyncPhoto.objects.filter(sha256__in=[path.stem for path in old])
    known = set(named.values_list("sha256", flat=True))
    left = [path for path in old if path.stem not in known]
    for path in left:
        path.unlink(missing_ok=True)
    return len(left)


def _limit(days: int, at: dt.datetime | None) -> dt.datetime:
    return (at or timezone.now()) - dt.timedelta(days=days)


def _old(rows: QuerySet, days: int, at: dt.datetime | None) -> QuerySet:
    return rows.filter(received_at__lte=_limit(days, at))


def _waiting(name: str) -> QuerySet:
    return Held.objects.open().filter(Q(**{f"{name}__isnull": False})).values(name)


def _empty(rows: QuerySet) -> int:
    return rows.exclude(body="").update(body="")


def _remove(name: str) -> bool:
    path = Path(settings.MEDIA_ROOT) / name
    is_there = path.exists()
    path.unlink(missing_ok=True)
    return is_there
