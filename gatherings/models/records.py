"""The file of a closed gathering, as it was sealed."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from gatherings.models.gathering import Gathering


class GatheringRecord(models.Model):
    """What the digest of a gathering is taken over; append-only but for texts that were hidden since."""

    gathering = models.OneToOneField(
        Gathering, models.PROTECT, primary_key=True, related_name="record", verbose_name=_("reunión")
    )
    # Canonical JSON: the very bytes of the digest.
    document = models.TextField(_("documento"))
    # Commitment, salt and text of each free text.
    texts = models.JSONField(_("textos"), default=list)

    class Meta:
        verbose_name = _("archivo de la reunión")
        verbose_name_plural = _("archivos de las reuniones")

    def __str__(self) -> str:
        return str(self.gathering_id)
