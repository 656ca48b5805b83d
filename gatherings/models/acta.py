"""The minutes of a gathering and their corrections."""

from __future__ import annotations

from django.contrib.gis.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from gatherings.models.gathering import Gathering


class MinuteKind(models.TextChoices):
    """What kind of thing was said."""

    AGREEMENT = "agreement", _("acuerdo")
    DISSENT = "dissent", _("desacuerdo")
    DECLINED = "declined", _("no se aceptó")


class Minute(models.Model):
    """A passage of the acta in words: an agreement, a dissent, what was not accepted and why."""

    gathering = models.ForeignKey(
        Gathering, models.PROTECT, related_name="minutes", verbose_name=_("reunión")
    )
    kind = models.CharField(_("tipo"), max_length=9, choices=MinuteKind)
    text = models.CharField(_("texto"), max_length=500)
    # Why it was not accepted.
    reason = models.CharField(_("motivo"), max_length=300, blank=True)
    office = models.CharField(_("oficina responsable"), max_length=120, blank=True)
    due = models.DateField(_("para el"), null=True, blank=True)

    class Meta:
        verbose_name = _("anotación del acta")
        verbose_name_plural = _("anotaciones del acta")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(name="minute_has_text", condition=~Q(text="")),
            models.CheckConstraint(
                name="agreement_has_office_and_date",
                condition=~Q(kind=MinuteKind.AGREEMENT) | (~Q(office="") & Q(due__isnull=False)),
            ),
            models.CheckConstraint(
                name="declined_has_reason", condition=~Q(kind=MinuteKind.DECLINED) | ~Q(reason="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.text}"


class ActaState(models.TextChoices):
    """How far the acta of a gathering has come."""

    DRAFT = "draft", _("borrador")
    READ = "read", _("leída en voz alta")
    SIGNED = "signed", _("firmada")
    PUBLISHED = "published", _("publicada")


class Acta(models.Model):
    """The minutes of a gathering; frozen as a document when they were read aloud."""

    gathering = models.OneToOneField(
        Gathering, models.PROTECT, related_name="acta", verbose_name=_("reunión")
    )
    state = models.CharField(_("estado"), max_length=9, choices=ActaState, default=ActaState.DRAFT)
    read_at = models.DateTimeField(_("leída"), null=True, blank=True)
    signed_at = models.DateTimeField(_("firmada"), null=True, blank=True)
    published_at = models.DateTimeField(_("publicada"), null=True, blank=True)
    # Canonical JSON text from the reading on; `digest` is its SHA-256.
    document = models.TextField(_("documento"), blank=True)
    digest = models.CharField(_("huella"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("acta")
        verbose_name_plural = _("actas")
        constraints = [
            models.CheckConstraint(
                name="acta_read_has_document",
                condition=Q(state=ActaState.DRAFT) | (~Q(document="") & ~Q(digest="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gathering_id} {self.get_state_display()}"


class Addendum(models.Model):
    """A correction of an acta that was read: it is added to the text, which stays as it was."""

    acta = models.ForeignKey(Acta, models.PROTECT, related_name="addenda", verbose_name=_("acta"))
    number = models.PositiveSmallIntegerField(_("número"))
    text = models.TextField(_("texto"), max_length=2000)
    office = models.CharField(_("oficina"), max_length=120)
    author = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("autor"))
    at = models.DateTimeField(_("cuándo"), auto_now_add=True)

    class Meta:
        verbose_name = _("addendum")
        verbose_name_plural = _("addenda")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["acta", "number"], name="addendum_number_once"),
            models.CheckConstraint(name="addendum_has_text", condition=~Q(text="")),
        ]

    def __str__(self) -> str:
        return f"{self.acta_id}/{self.number}"
