"""Photos of the demo town: drawn scenes stored as the app stores photos, reviewed, with their history."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import random
import uuid
from functools import cache
from pathlib import Path

from django.core.files.storage import default_storage
from PIL import Image

from accounts.models import User
from demo import scenes
from demo.problems import Draft
from issues.models import EntryKind, HistoryEntry, Photo, PhotoKind, PhotoReview, photo_path
from issues.photos.develop import THUMB_SIDE
from issues.photos.intake import thumb_name

WITH_PHOTO = 0.45
SCENE_OF_GROUP = {"ASE": "rubbish", "EQU": "hall", "PRI": "lot"}
SCENE_OF = {
    "ALU-01": "lamp", "ALU-02": "lamp", "ALU-03": "cables", "ALU-04": "cables",
    "PAV-01": "pothole", "PAV-02": "pothole", "PAV-03": "sidewalk", "PAV-04": "sidewalk", "PAV-05": "manhole",
    "TRA-01": "crossing", "TRA-02": "crossing", "TRA-03": "crossing", "TRA-04": "car", "TRA-05": "stop",
    "ARV-01": "plaza", "ARV-02": "branch", "ARV-03": "swings", "ARV-04": "lot",
    "AGU-01": "leak", "AGU-02": "manhole", "AGU-03": "leak", "AGU-04": "flood", "AGU-05": "flood",
}  # fmt: skip
CAPTIONS = {
    PhotoKind.BEFORE: "Dibujo de demostración: así estaba",
    PhotoKind.AFTER: "Dibujo de demostración: así quedó",
}


def scene_of(code: str) -> str | None:
    """The scene that shows problems of a category; None where no picture should be taken."""
    if code.startswith(("SEG", "SOC")) or code == "PRI-03":
        return None
    return SCENE_OF.get(code) or SCENE_OF_GROUP.get(code.split("-")[0])


class Album:
    """Takes the photos of one town."""

    def __init__(self, luck: random.Random) -> None:
        self.luck = luck
        self.taken = 0
        self.drawn: set[str] = set()

    def before(self, draft: Draft, reviewer: User) -> None:
        """A photo of the problem as reported, for some of them."""
        scene = scene_of(draft.category.code)
        if not scene or self.luck.random() >= WITH_PHOTO:
            return
        at = draft.created_at + dt.timedelta(minutes=1)
        self._take(draft.id, scene, PhotoKind.BEFORE, draft.creator, draft.office, reviewer, at)

    def after(self, issue_id: uuid.UUID, code: str, actor: User, reviewer: User, at: dt.datetime) -> Photo:
        """A photo of the repair, taken by the office and reviewed."""
        scene = scene_of(code) or "sidewalk"
        return self._take(issue_id, scene, PhotoKind.AFTER, actor, actor.office, reviewer, at)

    def shared(self, draft: Draft) -> str:
        """Storage name of a drawing of the repair that many problems of the archive show, drawn once."""
        scene = scene_of(draft.category.code) or "sidewalk"
        name = f"photos/archivo/{scene}-{draft.id.int % scenes.VARIANTS}.jpg"
        if name not in self.drawn:
            data = scenes.photo(scene, mended=True, variant=draft.id.int % scenes.VARIANTS)
            _write(name, data)
            _write(f"{name.removesuffix('.jpg')}-mini.jpg", _thumb(data))
            self.drawn.add(name)
        return name

    def _take(
        self,
        issue_id: uuid.UUID,
        scene: str,
        kind: PhotoKind,
        actor: User | None,
        office: str,
        reviewer: User,
        at: dt.datetime,
    ) -> Photo:
        # The same corner before and after.
        variant = issue_id.int % scenes.VARIANTS
        data = scenes.photo(scene, mended=kind == PhotoKind.AFTER, variant=variant)
        photo = self._store(issue_id, data, kind, actor, at)
        _line(photo, actor, office, "", kind, at)
        seen = at + dt.timedelta(minutes=1)
        _line(photo, reviewer, reviewer.office, PhotoReview.PENDING, photo.review, seen)
        self.taken += 1
        return photo

    def _store(
        self, issue_id: uuid.UUID, data: bytes, kind: PhotoKind, actor: User | None, at: dt.datetime
    ) -> Photo:
        photo = Photo(
            id=uuid.UUID(int=self.luck.getrandbits(128), version=4),
            issue_id=issue_id,
            width=scenes.WIDTH,
            height=scenes.HEIGHT,
            received_sha256=_digest(issue_id, data, self.taken),
            kind=kind,
            review=PhotoReview.APPROVED,
            caption=CAPTIONS[kind],
            added_by=actor,
        )
        photo.file.name = photo_path(photo, "")
        _write(photo.file.name, data)
        _write(thumb_name(photo), _thumb(data))
        photo.save(force_insert=True)
        Photo.objects.filter(pk=photo.pk).update(added_at=at)
        return photo


def _digest(issue_id: uuid.UUID, data: bytes, number: int) -> str:
    """Of the drawing and its use: an issue may be mended, and drawn, twice."""
    return hashlib.sha256(data + issue_id.bytes + str(number).encode()).hexdigest()


def _write(name: str, data: bytes) -> None:
    # Straight to the folder: drawings can be drawn again, they need not survive a power cut.
    path = Path(default_storage.path(name))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


@cache
def _thumb(data: bytes) -> bytes:
    picture = Image.open(io.BytesIO(data))
    picture.thumbnail((THUMB_SIDE, THUMB_SIDE))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=82, optimize=True)
    return out.getvalue()


def _line(photo: Photo, actor: User | None, office: str, before: str, after: str, at: dt.datetime) -> None:
    HistoryEntry.objects.create(
        issue_id=photo.issue_id,
        kind=EntryKind.PHOTO,
        from_value=before,
        to_value=after,
        actor=actor,
        office=office,
        at=at,
        evidence=[str(photo.pk)],
    )
