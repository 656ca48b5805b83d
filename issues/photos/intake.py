"""Pictures of problems: what comes in is looked at, re-encoded and stripped before it is kept.

Nothing of the received file is stored but its pixels: no metadata, no other frames, no trailing bytes.
"""

from __future__ import annotations

import errno
import hashlib
import io
import uuid
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from PIL import Image, ImageFile, ImageFilter, ImageOps, UnidentifiedImageError
from uuid6 import uuid7

from accounts.models import User
from core.together.contention import sqlstate_of
from core.typing import present
from issues.models import EntryKind, HistoryEntry, Issue, Photo, PhotoKind, PhotoReview

MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 64_000_000
MAX_SIDE = 1600
THUMB_SIDE = 400
QUALITY = 82
FORMATS = ("JPEG", "PNG", "WEBP")
BROKEN = (OSError, ValueError, SyntaxError, EOFError, MemoryError, Image.DecompressionBombError)


# As PostgreSQL says it.
DISK_FULL = "53100"
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class PhotoRefused(ValueError):
    """A file that cannot become a photo; the text is one sentence for the person."""


def has_no_room(error: BaseException | None) -> bool:
    """Whether a file or a row could not be kept because disk, quota or size limit is used up."""
    return sqlstate_of(error) == DISK_FULL or (isinstance(error, OSError) and error.errno in NO_ROOM)


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

    The same bytes again are the same photo. `data` is a JPEG, PNG or WebP of at most 20 MB and
    64 megapixels. Raises PhotoRefused, and then nothing is stored.
    """
    digest = hashlib.sha256(data).hexdigest()
    known = Photo.objects.filter(issue=issue, received_sha256=digest).first()
    return known or _store(issue, encode(data), digest, actor, office, kind, caption, photo_id or uuid7())


def add_photos(issue: Issue, files: Iterable[bytes], *, actor: User | None, office: str) -> None:
    """Keep several, each once, or none of them: every one is looked at before the first is stored.

    Raises PhotoRefused.
    """
    looked_at = [(hashlib.sha256(data).hexdigest(), encode(data)) for data in files]
    for digest, jpeg in dict(looked_at).items():
        _store(issue, jpeg, digest, actor, office, PhotoKind.BEFORE, "", uuid7())


def encode(data: bytes) -> bytes:
    """Any accepted picture as a clean JPEG, upright, at most 1600 px a side. Raises PhotoRefused."""
    return _jpeg(_fitted(_opened(data), MAX_SIDE))


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
    """Approve or refuse a photo for the public, with its line of history."""
    before = photo.review
    photo.review = verdict
    photo.save(update_fields=["review"])
    _line(photo, actor, office, before, verdict, reason)
    return photo


@transaction.atomic
def _store(
    issue: Issue,
    jpeg: bytes,
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
    photo.file.save("", ContentFile(jpeg), save=False)
    photo.width, photo.height = Image.open(io.BytesIO(jpeg), formats=("JPEG",)).size
    photo.save(force_insert=True)
    _line(photo, actor, office, "", kind)
    _write_public(photo)
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


def _opened(data: bytes) -> Image.Image:
    if not data:
        raise PhotoRefused(_("La foto llegó vacía. Tómala de nuevo."))
    if len(data) > MAX_BYTES:
        raise PhotoRefused(_("La foto pesa más de 20 MB. Envíala más chica."))
    # WeasyPrint makes Pillow accept truncated pictures in the whole process.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        picture = Image.open(io.BytesIO(data), formats=FORMATS)
    except (UnidentifiedImageError, *BROKEN) as error:
        raise PhotoRefused(_("El archivo no es una foto JPEG, PNG o WebP.")) from error
    if picture.width * picture.height > MAX_PIXELS:
        raise PhotoRefused(_("La foto tiene demasiados píxeles. Envíala más chica."))
    return picture


def _fitted(picture: Image.Image, side: int) -> Image.Image:
    try:
        # A JPEG is decoded at a reduced scale at once: a 48 MP photo needs a few MB, not 150.
        picture.draft("RGB", (side, side))
        picture.seek(0)
        upright = ImageOps.exif_transpose(picture)
        upright.thumbnail((side, side), Image.Resampling.LANCZOS)
        return _flat(upright)
    except BROKEN as error:
        raise PhotoRefused(_("La foto está dañada y no se puede abrir. Tómala de nuevo.")) from error


def _flat(picture: Image.Image) -> Image.Image:
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        layer = picture.convert("RGBA")
        paper = Image.new("RGBA", layer.size, "white")
        return Image.alpha_composite(paper, layer).convert("RGB")
    return picture.convert("RGB")


def _jpeg(picture: Image.Image) -> bytes:
    clean = Image.new("RGB", picture.size)
    clean.paste(picture)
    out = io.BytesIO()
    clean.save(out, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return out.getvalue()


def _write_public(photo: Photo) -> None:
    with photo.file.open("rb") as stored:
        kept = Image.open(io.BytesIO(stored.read()), formats=("JPEG",))
    if not photo.blurs:
        # Only the small version is made of it: read it small.
        kept.draft("RGB", (THUMB_SIDE, THUMB_SIDE))
    picture = kept.convert("RGB")
    for rectangle in photo.blurs:
        _blur_one(picture, rectangle)
    if photo.blurs:
        _replace(_variant_name(photo, "public"), _jpeg(picture))
    picture.thumbnail((THUMB_SIDE, THUMB_SIDE), Image.Resampling.LANCZOS)
    _replace(_variant_name(photo, "mini"), _jpeg(picture))


def _blur_one(picture: Image.Image, rectangle: Sequence[int]) -> None:
    x, y, width, height = rectangle
    box = (x, y, min(x + width, picture.width), min(y + height, picture.height))
    part = picture.crop(box)
    # Down to 6 cells a side first: a blur alone can be sharpened back, missing pixels cannot.
    coarse = part.resize((6, 6), Image.Resampling.BOX).resize(part.size, Image.Resampling.BILINEAR)
    picture.paste(coarse.filter(ImageFilter.GaussianBlur(8)), box)


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
