"""Bodies of civil society."""

from __future__ import annotations

from django.contrib.gis.db import models
from django.utils.translation import gettext_lazy as _

from core.constraints import can_be_seen


class Organisation(models.Model):
    """A body of civil society that takes part by name; persons do not."""

    name = models.CharField(_("nombre"), max_length=160)
    kind = models.CharField(_("tipo"), max_length=80)
    # Empty for those of the whole commune.
    territory_code = models.PositiveIntegerField(_("número del barrio"), null=True, blank=True)
    is_active = models.BooleanField(_("activa"), default=True)
    # Typed in a room and not in the register: its people came, and nobody votes for it.
    is_provisional = models.BooleanField(_("falta en el registro"), default=False)

    class Meta:
        verbose_name = _("organización")
        verbose_name_plural = _("organizaciones")
        ordering = ["name"]
        constraints = [
            can_be_seen("name", "organisation_name_seen"),
            models.UniqueConstraint(
                fields=["name", "territory_code"],
                nulls_distinct=False,
                name="organisation_once_per_territory",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def may_vote(self) -> bool:
        """Whether the register has it."""
        return self.is_active and not self.is_provisional
