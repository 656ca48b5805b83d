"""Who counts: two sides that never see each other's figures before both are done."""

from __future__ import annotations

from django.contrib.gis.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.constraints import can_be_seen
from core.typing import present
from gatherings.models.gathering import Gathering
from gatherings.models.organisations import Organisation


class Side(models.IntegerChoices):
    """Who types first, and who types the same once more without seeing it."""

    FIRST = 1, _("primer conteo")
    SECOND = 2, _("segundo conteo")


class CounterCode(models.Model):
    """A code for one second count, given by the office to an organisation; kept only as a digest."""

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="counter_codes", verbose_name=_("organización")
    )
    digest = models.CharField(max_length=64, unique=True)
    given_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("quién lo entregó"))
    given_at = models.DateTimeField(_("cuándo"), auto_now_add=True)

    class Meta:
        verbose_name = _("código de conteo")
        verbose_name_plural = _("códigos de conteo")

    def __str__(self) -> str:
        return str(self.organisation)


class Counter(models.Model):
    """An account, or an organisation by a code of the office, that counts on one side of one gathering."""

    gathering = models.ForeignKey(
        Gathering, models.CASCADE, related_name="counters", verbose_name=_("reunión")
    )
    side = models.PositiveSmallIntegerField(_("conteo"), choices=Side)
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    code = models.OneToOneField(CounterCode, models.PROTECT, null=True, blank=True, related_name="counter")
    # Went home before the end; somebody else typed it all again.
    is_replaced = models.BooleanField(_("reemplazado"), default=False)

    class Meta:
        verbose_name = _("quien cuenta")
        verbose_name_plural = _("quienes cuentan")
        ordering = ["side", "id"]
        constraints = [
            models.UniqueConstraint(fields=["gathering", "user"], name="account_counts_on_one_side"),
            models.UniqueConstraint(
                fields=["gathering"],
                condition=Q(side=2, is_replaced=False),
                name="one_second_count_per_gathering",
            ),
            models.CheckConstraint(
                name="counter_is_account_or_organisation",
                condition=Q(user__isnull=False, code__isnull=True)
                | Q(user__isnull=True, code__isnull=False, side=2),
            ),
        ]

    def __str__(self) -> str:
        return str(self.code.organisation) if self.code else str(present(self.user).office)


class CounterName(models.Model):
    """Who held the code of an organisation: for the office alone, and only until a day."""

    counter = models.OneToOneField(Counter, models.CASCADE, primary_key=True, related_name="named")
    name = models.CharField(_("nombre"), max_length=120)
    expires_on = models.DateField(_("se borra el"))

    class Meta:
        verbose_name = _("nombre de quien contó")
        verbose_name_plural = _("nombres de quienes contaron")
        constraints = [can_be_seen("name", "counter_name_seen")]

    def __str__(self) -> str:
        return self.name


class PaperAgain(models.Model):
    """A paper ballot as the second count typed it, without having seen the first."""

    gathering = models.ForeignKey(
        Gathering, models.CASCADE, related_name="cast_again", verbose_name=_("reunión")
    )
    number = models.PositiveIntegerField(_("número de la papeleta"))
    # Issue id → tokens.
    choices = models.JSONField(_("fichas"), default=dict)

    class Meta:
        verbose_name = _("papeleta del segundo conteo")
        verbose_name_plural = _("papeletas del segundo conteo")
        constraints = [
            models.UniqueConstraint(fields=["gathering", "number"], name="paper_again_once"),
        ]

    def __str__(self) -> str:
        return f"{self.gathering_id} {self.number}"
