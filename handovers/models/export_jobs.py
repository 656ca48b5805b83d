"""Files of the desk that take a while: who asked for what, and how far it is."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from issues.query.formats import WRITTEN

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


# As `trouble`: the disk was full, and a worker tries again by itself.
NO_ROOM = "no_room"
# Of these a file of any length can be.
FILE_KINDS = [(code, each.label) for code, each in WRITTEN.items()]


class DeskFileQuerySet(models.QuerySet["DeskFile"]):
    """Questions about files being made."""

    def visible_to(self, user: User | AnonymousUser) -> DeskFileQuerySet:
        """The own ones: each holds what its owner may see."""
        return self.filter(owner=user) if user.is_authenticated else self.none()

    def unfinished(self) -> DeskFileQuerySet:
        """Neither ready nor given up; what waits for room on the disk is tried again."""
        return self.filter(ready_at__isnull=True, trouble__in=("", NO_ROOM))

    def ready(self) -> DeskFileQuerySet:
        """To be downloaded."""
        return self.filter(ready_at__isnull=False)


class DeskFile(models.Model):
    """A file of the desk's problems, written by a worker while its owner watches the count."""

    owner = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("de"))
    kind = models.CharField(_("tipo"), max_length=4, choices=FILE_KINDS)
    # The part of the desk's address behind «?», and the marked references, if only those are wanted.
    query = models.CharField(_("filtros"), max_length=2000, blank=True)
    references = models.JSONField(_("folios"), default=list, blank=True)
    name = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    total = models.PositiveIntegerField(_("problemas"))
    written = models.PositiveIntegerField(_("escritos"), default=0)
    asked_at = models.DateTimeField(_("pedido"), default=timezone.now)
    # When its writer last gave a sign of life.
    beat_at = models.DateTimeField(null=True, blank=True, editable=False)
    ready_at = models.DateTimeField(_("listo"), null=True, blank=True)
    trouble = models.CharField(_("por qué no"), max_length=200, blank=True)

    objects = DeskFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("archivo del escritorio")
        verbose_name_plural = _("archivos del escritorio")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.asked_at:%Y-%m-%d %H:%M}"

    @property
    def waits_for_room(self) -> bool:
        """Whether it will be written as soon as the disk takes it."""
        return self.trouble == NO_ROOM

    @property
    def told(self) -> str:
        """Why it is not there, in a sentence; «» while nothing is wrong."""
        if not self.waits_for_room:
            return self.trouble
        return gettext("El disco está lleno: se escribirá solo cuando haya espacio.")

    @property
    def path(self) -> Path:
        """Where the file is, once it is ready."""
        return Path(settings.EXPORTS_ROOT) / f"{self.name}.{self.kind}"
