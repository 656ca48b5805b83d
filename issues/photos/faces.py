"""Faces: proposed once by a program beside the site, answered by a person before a photo is public.

The database holds the rule too (issues/migrations): no photo is approved while a proposal has no answer, or
while one that shall be covered is not. docs/decisions/faces.md
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import ngettext

from accounts.models import User
from issues.models import FaceAnswer, FaceProposal, Photo, PhotoReview
from issues.photos.darkroom import PhotoRefused, face_room


def look(photo: Photo) -> None:
    """Have the kept picture looked at, once; what is approved already is not looked at any more."""
    if photo.looked_at is None and photo.review != PhotoReview.APPROVED:
        with photo.file.open("rb") as stored:
            by, found = _found(stored.read())
        _keep(photo, by, found)


@transaction.atomic
def answer(photo: Photo, answers: Mapping[int, str], actor: User) -> list[list[int]]:
    """Note what a person says of each proposal; returns the rectangles to cover.

    An answer that is none, or to a proposal of another photo, counts as not given.
    """
    for face in photo.faces.select_for_update():
        said = answers.get(face.pk, "")
        if said in FaceAnswer and said != face.answer:
            face.answer, face.answered_by, face.answered_at = said, actor, timezone.now()
            face.save(update_fields=["answer", "answered_by", "answered_at"])
    return [face.rectangle for face in photo.faces.filter(answer=FaceAnswer.COVER)]


def require_answers(photo: Photo) -> None:
    """Raises PhotoRefused while something in the photo may be a face and nobody has said what it is."""
    look(photo)
    left = photo.faces.unanswered().count()
    if left:
        words = ngettext(
            "Falta responder por %(left)s cara propuesta: tápala o di que no es una cara.",
            "Falta responder por %(left)s caras propuestas: tápalas o di que no son caras.",
            left,
        )
        raise PhotoRefused(words % {"left": left})


def _found(data: bytes) -> tuple[str, list[list[int]]]:
    try:
        facts, _made = face_room.ask("faces", data)
    except PhotoRefused:
        # Nothing can be proposed; the page says so, and the person looks alone.
        return "", []
    return facts["by"], facts["faces"]


@transaction.atomic
def _keep(photo: Photo, by: str, found: list[list[int]]) -> None:
    """Both the job and a page may have looked: the first one counts."""
    locked = Photo.objects.select_for_update(no_key=True).get(pk=photo.pk)
    if locked.looked_at is None and locked.review != PhotoReview.APPROVED:
        photo.looked_at, photo.looked_by = timezone.now(), by
        names = ("x", "y", "width", "height", "sure")
        faces = [FaceProposal(photo=photo, **dict(zip(names, one, strict=True))) for one in found]
        FaceProposal.objects.bulk_create(faces)
        photo.save(update_fields=["looked_at", "looked_by"])
    photo.refresh_from_db(fields=["looked_at", "looked_by"])
