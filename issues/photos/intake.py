"""Pictures of problems: what comes in is looked at, re-encoded and stripped before it is kept.

Nothing of the received file is stored but its pixels: no metadata, no other frames, no trailing bytes.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from uuid6 import uuid7

from accounts.models import User
from core import jobs
from core.room import is_full
from core.together.contention import sqlstate_of
from core.typing import present
from issues.models import EntryKind, HistoryEntry, Issue, Photo, PhotoKind, PhotoReview
from issues.photos import faces
from issues.photos.darkroom import PhotoRefused, darkroom, refused

MAX_BYTES = 20 * 1024 * 1024
# As PostgreSQL says it.
DISK_FULL = "53100"


@dataclass(frozen=True)
class Developed:
    """A picture as it is kept: a clean JPEG, its small version, and its size in pixels."""

    jpeg: bytes
    small: bytes
    width: int
    height: int


def has_no_room(error: BaseException | None) -> bool:
    """Whether a file or a row could not be kept because disk, quota or size limit is used up."""
    return sqlstate_of(error) == DISK_FULL or is_full(error)


def add_photo(
    issue: Issue,
    data: bytes,
    *,
    actor: User | None,
    office: str,
    kind: PhotoKind = PhotoKind.BEFORE,
    caption: str = "",
    photo_id: uuid.UUID | None = None,
) -> Photo:
    """Keep a picture of an issue, to be reviewed before it is public.

    The same bytes again are the same photo. `data` is a JPEG (at most 64 megapixels), PNG or WebP (24) of at
    most 20 MB. Raises PhotoRefused, and then nothing is stored.
    """
    digest = hashlib.sha256(data).hexdigest()
    known = Photo.objects.filter(issue=issue, received_sha256=digest).first()
    return known or _store(issue, develop(data), digest, actor, office, kind, caption, photo_id or uuid7())


def add_photos(issue: Issue, files: Iterable[bytes], *, actor: User | None, office: str) -> None:
    """Keep several, each once, or none of them: every one is looked at before the first is stored.

    Raises PhotoRefused.
    """
    looked_at = [(hashlib.sha256(data).hexdigest(), develop(data)) for data in files]
    for digest, picture in dict(looked_at).items():
        _store(issue, picture, digest, actor, office, PhotoKind.BEFORE, "", uuid7())


def develop(data: bytes) -> Developed:
    """Any accepted picture as it is kept: clean, upright, at most 1600 px a side. Raises PhotoRefused."""
    if not data:
        raise refused("empty")
    if len(data) > MAX_BYTES:
        raise refused("heavy")
    facts, (jpeg, small) = darkroom.ask("develop", data)
    return Developed(jpeg, small, *facts["size"])


def public_name(photo: Photo) -> str:
    """Storage name of the picture people may see: the blurred one where something was blurred."""
    return _variant_name(photo, "public") if photo.blurs else present(photo.file.name)


def thumb_name(photo: Photo) -> str:
    """Storage name of the small version of the public picture."""
    return _variant_name(photo, "mini")


@transaction.atomic
def blur(photo: Photo, rectangles: Sequence[Sequence[int]], *, actor: User, office: str) -> Photo:
    """Blur rectangles [x, y, width, height] (pixels of the kept picture); an empty list restores it.

    The kept picture is not touched. Raises PhotoRefused for a rectangle outside the picture.
    """
    checked = [_checked(rectangle, photo) for rectangle in rectangles]
    photo.blurs = checked
    photo.save(update_fields=["blurs"])
    _line(photo, actor, office, "blur", str(len(checked)))
    _write_public(photo)
    return photo


@transaction.atomic
def review(photo: Photo, verdict: PhotoReview, *, actor: User, office: str, reason: str = "") -> Photo:
    """Approve or refuse a photo for the public, with its line of history.

    Raises PhotoRefused for an approval while a proposed face has no answer.
    """
    locked = Photo.objects.select_for_update(no_key=True).get(pk=photo.pk)
    if verdict == PhotoReview.APPROVED:
        faces.require_answers(photo)
    before = locked.review
    photo.review = verdict
    photo.save(update_fields=["review"])
    _line(photo, actor, office, before, verdict, reason)
    return photo


@transaction.atomic
def _store(
    issue: Issue,
    picture: Developed,
    digest: str,
    actor: User | None,
    office: str,
    kind: PhotoKind,
    caption: str,
    photo_id: uuid.UUID,
) -> Photo:
    photo = Photo(
        id=photo_id, issue=issue, received_sha256=digest, kind=kind, caption=caption, added_by=actor
    )
    photo.file.save("", ContentFile(picture.jpeg), save=False)
    photo.width, photo.height = picture.width, picture.height
    photo.save(force_insert=True)
    _line(photo, actor, office, "", kind)
    _replace(thumb_name(photo), picture.small)
    jobs.defer("issues.find_faces", photo_id=str(photo.pk))
    return photo


def _line(
    photo: Photo, actor: User | None, office: str, before: str, after: str, reason: str = ""
) -> HistoryEntry:
    return HistoryEntry.objects.create(
        issue_id=photo.issue_id,
        kind=EntryKind.PHOTO,
        from_value=before,
        to_value=after,
        actor=actor,
        office=office,
        at=timezone.now(),
        reason=reason,
        evidence=[str(photo.id)],
    )


def _write_public(photo: Photo) -> None:
    with photo.file.open("rb") as stored:
        _facts, (covered, small) = darkroom.ask("cover", stored.read(), rectangles=photo.blurs)
    if photo.blurs:
        _replace(_variant_name(photo, "public"), covered)
    _replace(thumb_name(photo), small)


def _checked(rectangle: Sequence[int], photo: Photo) -> list[int]:
    numbers = list(rectangle) if isinstance(rectangle, list | tuple) else []
    if len(numbers) != 4 or any(type(n) is not int for n in numbers):
        raise PhotoRefused(_("Cada zona borrosa son cuatro números enteros: x, y, ancho, alto."))
    x, y, width, height = numbers
    if not (0 <= x < photo.width and 0 <= y < photo.height and width > 0 and height > 0):
        raise PhotoRefused(_("La zona borrosa queda fuera de la foto."))
    return numbers


def _variant_name(photo: Photo, what: str) -> str:
    path = PurePosixPath(present(photo.file.name))
    return str(path.with_name(f"{path.stem}-{what}.jpg"))


def _replace(name: str, data: bytes) -> None:
    # The storage writes through a rename, so that a reader has the old or the new picture.
    default_storage._save(name, ContentFile(data))  # type: ignore[attr-defined]  # save() takes no name twice
