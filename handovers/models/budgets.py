"""Money before promises: a yearly budget for each department and track."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Department
from issues.models import Track


class Budget(models.Model):
    """What a department may commit in a year in one track, in whole pesos."""

    year = models.PositiveSmallIntegerField(_("año"))
    department = models.ForeignKey(
        Department, models.CASCADE, related_name="budgets", verbose_name=_("dirección")
    )
    track = models.CharField(_("pista"), max_length=10, choices=Track)
    amount = models.PositiveBigIntegerField(_("monto ($)"))

    class Meta:
        verbose_name = _("presupuesto")
        verbose_name_plural = _("presupuestos")
        ordering = ["-year", "department", "track"]
        constraints = [
            models.UniqueConstraint(fields=["year", "department", "track"], name="budget_once_per_year")
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.department} {self.track}"
