"""Pictures of a problem and their review."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7

from accounts.models import User
from issues.models.categories import Privacy
from issues.models.issue import Issue
from issues.models.labels import Visibility

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class PhotoKind(models.TextChoices):
    """When a photo was taken in the life of its issue."""

    BEFORE = "before", _("antes")
    DURING = "during", _("durante")
    AFTER = "after", _("después")


class PhotoReview(models.TextChoices):
    """The review of a photo by a person; only approved ones are public."""

    PENDING = "pending", _("por revisar")
    APPROVED = "approved", _("aprobada")
    REFUSED = "refused", _("rechazada")


class PhotoQuerySet(models.QuerySet["Photo"]):
    """Questions about photos."""

    def public(self) -> PhotoQuerySet:
        """Approved photos of public issues."""
        return self.filter(
            review=PhotoReview.APPROVED,
            issue__visibility=Visibility.PUBLIC,
            issue__category__privacy=Privacy.PUBLIC,
        )

    def visible_to(self, user: User | AnonymousUser) -> PhotoQuerySet:
        """Public photos, and every photo of the issues this person may work on."""
        if not user.is_authenticated:
            return self.public()
        own = Issue.objects.editable_by(user)
        return self.filter(Q(pk__in=self.public().values("pk")) | Q(issue__in=own))

    def pending(self) -> PhotoQuerySet:
        """Photos not reviewed yet, oldest first."""
        return self.filter(review=PhotoReview.PENDING).order_by("added_at", "id")

    def reviewable_by(self, user: User | AnonymousUser) -> PhotoQuerySet:
        """Photos this person may approve, blur or refuse.

        The neighbourhood's facilitator, the cabinet and the administration; never the department
        whose own work the photo shows.
        """
        if not user.is_authenticated or not (user.is_facilitator or user.sees_everything):
            return self.none()
        return self.filter(issue__in=Issue.objects.editable_by(user))


def photo_path(photo: Photo, _name: str) -> str:
    """Where a photo is stored, below MEDIA_ROOT: its own id decides, never a name that came in."""
    return f"photos/{photo.id.hex[-2:]}/{photo.id}.jpg"


class Photo(models.Model):
    """A picture of a problem: re-encoded JPEG, without metadata, at most 1600 px wide or high."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    issue = models.ForeignKey(Issue, models.CASCADE, related_name="photos", verbose_name=_("problema"))
    file = models.ImageField(_("archivo"), upload_to=photo_path, width_field="width", height_field="height")
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    # Of the bytes as they arrived: the same photo sent twice is one photo.
    received_sha256 = models.CharField(max_length=64)
    kind = models.CharField(_("momento"), max_length=6, choices=PhotoKind, default=PhotoKind.BEFORE)
    review = models.CharField(_("revisión"), max_length=8, choices=PhotoReview, default=PhotoReview.PENDING)
    # Rectangles to blur, [x, y, width, height] in pixels of the stored picture.
    blurs = models.JSONField(_("zonas borrosas"), default=list, blank=True)
    # When a program looked for faces, and which; NULL and empty: not yet, and none that runs here.
    looked_at = models.DateTimeField(_("caras buscadas"), null=True, blank=True)
    looked_by = models.CharField(_("buscó caras"), max_length=20, blank=True)
    caption = models.CharField(_("descripción"), max_length=200, blank=True)
    added_at = models.DateTimeField(_("agregada"), auto_now_add=True)
    added_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("agregó"))

    objects = PhotoQuerySet.as_manager()

    class Meta:
        verbose_name = _("foto")
        verbose_name_plural = _("fotos")
        ordering = ["added_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["issue", "received_sha256"], name="photo_once_per_issue"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.id}"
