"""A change of confirmed levels that waits for a second account."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from issues.models.issue import Issue


class LevelsProposal(models.Model):
    """Other levels for a problem with confirmed ones; nothing changes before a second account agrees."""

    issue = models.OneToOneField(
        Issue, models.CASCADE, primary_key=True, related_name="levels_proposal", verbose_name=_("problema")
    )
    # In the order of SCALES.
    levels = models.JSONField(_("niveles"))
    evidence = models.TextField(_("en qué se basa el puntaje"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("quién"))
    at = models.DateTimeField(_("cuándo"))

    class Meta:
        verbose_name = _("cambio de puntaje propuesto")
        verbose_name_plural = _("cambios de puntaje propuestos")

    def __str__(self) -> str:
        return f"{self.issue_id} {self.levels}"
