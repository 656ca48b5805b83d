"""The weights of the public index, version by version."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class IndexWeights(models.Model):
    """One version of the weights of the public index; the newest is in force, older ones stay."""

    severity = models.PositiveSmallIntegerField(_("gravedad"), default=40)
    reach = models.PositiveSmallIntegerField(_("alcance"), default=30)
    duration = models.PositiveSmallIntegerField(_("tiempo"), default=20)
    vulnerability = models.PositiveSmallIntegerField(_("vulnerabilidad"), default=10)
    reason = models.TextField(_("motivo"))
    author = models.ForeignKey(User, models.PROTECT, null=True, verbose_name=_("autor"), related_name="+")
    since = models.DateTimeField(_("desde"), auto_now_add=True)

    class Meta:
        verbose_name = _("pesos del puntaje")
        verbose_name_plural = _("pesos del puntaje")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="index_weights_sum_100",
                condition=Q(severity=100 - F("reach") - F("duration") - F("vulnerability")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.severity}/{self.reach}/{self.duration}/{self.vulnerability}"
