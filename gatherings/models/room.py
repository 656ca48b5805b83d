"""The open room: attendance, mapped and merged problems, and every act once."""

from __future__ import annotations

from django.contrib.gis.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from gatherings.models.gathering import Gathering
from gatherings.models.organisations import Organisation
from issues.models import Issue


class Attendance(models.Model):
    """How many people came for an organisation; a NULL organisation counts those who came on their own."""

    gathering = models.ForeignKey(
        Gathering, models.CASCADE, related_name="attendance", verbose_name=_("reunión")
    )
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="attendance",
        verbose_name=_("organización"),
    )
    people = models.PositiveIntegerField(_("personas"))
    voters = models.PositiveIntegerField(_("votan"))

    class Meta:
        verbose_name = _("asistencia")
        verbose_name_plural = _("asistencia")
        constraints = [
            models.UniqueConstraint(
                fields=["gathering", "organisation"],
                nulls_distinct=False,
                name="attendance_once_per_organisation",
            ),
            models.CheckConstraint(
                name="attendance_two_voters_per_organisation",
                condition=Q(organisation__isnull=True) | Q(voters__lte=2),
            ),
            models.CheckConstraint(name="attendance_voters_came", condition=Q(voters__lte=F("people"))),
        ]

    def __str__(self) -> str:
        return f"{self.organisation or '—'}: {self.people}"


class RoomAction(models.Model):
    """One thing that was done in the room; append-only, its id is made by the screen that asked for it.

    The same id with the same body is the same act sent twice, and is done once.
    """

    id = models.UUIDField(primary_key=True)
    gathering = models.ForeignKey(
        Gathering, models.PROTECT, related_name="actions", verbose_name=_("reunión")
    )
    revision = models.PositiveIntegerField(_("revisión"))
    action = models.CharField(_("acción"), max_length=30)
    body = models.JSONField(_("datos"), default=dict)
    actor = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("quién"))
    at = models.DateTimeField(_("cuándo"), auto_now_add=True)

    class Meta:
        verbose_name = _("acción en la sala")
        verbose_name_plural = _("acciones en la sala")
        ordering = ["gathering", "revision"]
        constraints = [
            models.UniqueConstraint(fields=["gathering", "revision"], name="room_action_once_per_revision"),
        ]

    def __str__(self) -> str:
        return f"{self.revision} {self.action}"


class MappedIssue(models.Model):
    """A problem that was put on the map in the room."""

    gathering = models.ForeignKey(Gathering, models.PROTECT, related_name="mapped", verbose_name=_("reunión"))
    issue = models.OneToOneField(Issue, models.PROTECT, related_name="mapped_in", verbose_name=_("problema"))

    class Meta:
        verbose_name = _("problema mapeado en la reunión")
        verbose_name_plural = _("problemas mapeados en la reunión")

    def __str__(self) -> str:
        return f"{self.gathering_id} {self.issue_id}"


class RoomMerge(models.Model):
    """What the room answered when asked whether two problems are the same."""

    gathering = models.ForeignKey(Gathering, models.PROTECT, related_name="merges", verbose_name=_("reunión"))
    duplicate = models.ForeignKey(Issue, models.PROTECT, related_name="+", verbose_name=_("duplicado"))
    into = models.ForeignKey(Issue, models.PROTECT, related_name="+", verbose_name=_("queda"))
    is_same = models.BooleanField(_("la sala dijo que sí"))

    class Meta:
        verbose_name = _("unión decidida en la sala")
        verbose_name_plural = _("uniones decididas en la sala")
        constraints = [
            models.UniqueConstraint(fields=["gathering", "duplicate", "into"], name="merge_asked_once"),
        ]

    def __str__(self) -> str:
        return f"{self.duplicate_id} {'=' if self.is_same else '≠'} {self.into_id}"
