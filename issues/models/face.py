"""Where a face seems to be in a photo, and what a person says of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from issues.models.photo import Photo


class FaceAnswer(models.TextChoices):
    """What a person says of a proposal."""

    COVER = "cover", _("tapar")
    NONE = "none", _("no es una cara")


class FaceQuerySet(models.QuerySet["FaceProposal"]):
    """Questions about proposals."""

    def unanswered(self) -> FaceQuerySet:
        """Nobody has said anything of them; their photo cannot be approved."""
        return self.filter(answer="")


class FaceProposal(models.Model):
    """A rectangle of a photo, in pixels of the kept picture, that a program takes for a face."""

    photo = models.ForeignKey(Photo, models.CASCADE, related_name="faces", verbose_name=_("foto"))
    x = models.PositiveIntegerField()
    y = models.PositiveIntegerField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    # Of 100, as the program says.
    sure = models.PositiveSmallIntegerField(_("certeza"))
    answer = models.CharField(_("respuesta"), max_length=5, choices=FaceAnswer, blank=True)
    answered_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("respondió")
    )
    answered_at = models.DateTimeField(_("respondida"), null=True, blank=True)

    objects = FaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("cara propuesta")
        verbose_name_plural = _("caras propuestas")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="face_answered_by_somebody", condition=Q(answer="") | Q(answered_by__isnull=False)
            ),
            models.CheckConstraint(name="face_of_some_size", condition=Q(width__gte=1, height__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.photo_id} {self.rectangle}"

    @property
    def rectangle(self) -> list[int]:
        """[x, y, width, height], as a photo keeps what is covered."""
        return [self.x, self.y, self.width, self.height]
