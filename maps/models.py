"""The public problems counted by cells of the map, and other systems that may send us problems."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.bearer import new_token, token_digest
from accounts.models import User
from accounts.sealed_fields import SealedField
from core.constraints import can_be_seen
from issues.models import Issue
from maps.grid import COARSE


class ClientKeyQuerySet(models.QuerySet["ClientKey"]):
    """Questions about keys."""

    def holding(self, key: str) -> ClientKeyQuerySet:
        """The active client that holds this key: none or one."""
        return self.filter(is_active=True, digest=token_digest(key))


class ClientKey(models.Model):
    """The right of another system to send problems by Open311; only the digest of its key is kept."""

    name = models.CharField(_("sistema"), max_length=120, unique=True)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    # Otherwise a person of the team looks first.
    publishes_at_once = models.BooleanField(_("se publica sin revisión"), default=False)
    is_active = models.BooleanField(_("activa"), default=True)
    created_at = models.DateTimeField(_("creada"), auto_now_add=True)

    objects = ClientKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("clave de otro sistema")
        verbose_name_plural = _("claves de otros sistemas")
        ordering = ["name"]
        constraints = [can_be_seen("name", "client_name_seen")]

    def __str__(self) -> str:
        return self.name


class SentReportQuerySet(models.QuerySet["SentReport"]):
    """Questions about what other systems sent."""

    def slot(self, client: ClientKey, digest: str) -> SentReport:
        """The row of one report, locked until the transaction ends; without an issue the first time.

        Who sends the same at the same moment waits here for the first. Old rows are erased on the way.
        """
        kept_since = timezone.now() - dt.timedelta(hours=settings.OPEN311_REPEAT_HOURS)
        old = self.filter(received_at__lte=kept_since)
        old.filter(pk__in=old.select_for_update(skip_locked=True).values("pk")).delete()
        self.get_or_create(client=client, digest=digest)
        return self.select_for_update().get(client=client, digest=digest)


class SentReport(models.Model):
    """That a system sent this very report: sent again, as after a lost answer, it is the same problem."""

    client = models.ForeignKey(ClientKey, models.CASCADE, related_name="+", verbose_name=_("sistema"))
    # A keyed digest of all that was sent: nobody can be recognised by it.
    digest = models.CharField(max_length=64)
    issue = models.ForeignKey(Issue, models.CASCADE, null=True, related_name="+", verbose_name=_("problema"))
    received_at = models.DateTimeField(_("recibido"), auto_now_add=True, db_index=True)

    objects = SentReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("informe recibido")
        verbose_name_plural = _("informes recibidos")
        constraints = [models.UniqueConstraint(fields=["client", "digest"], name="sent_report_once")]

    def __str__(self) -> str:
        return f"{self.client_id}: {self.issue_id}"


class MapCellQuerySet(models.QuerySet["MapCell"]):
    """Questions about counted problems."""

    def by_status(self) -> models.QuerySet[MapCell, tuple[int | None, str, int]]:
        """(neighbourhood's id, status, how many public problems), as exact as a count of the problems."""
        coarse = self.filter(level=COARSE).order_by()
        total = Cast(models.Sum("count"), models.BigIntegerField())
        return coarse.values_list("territory_id", "status").annotate(total=total)


class MapCell(models.Model):
    """How many public problems of a neighbourhood and status stand in one cell of the map.

    Written by the database alone, with every change of an issue (maps/migrations/0002_guards.py). A cell
    may have several rows where changes met; they are summed. Level 0 has the cells of maps.grid; those of
    COARSE are 2^COARSE times as wide and high. `sum_x` and `sum_y` are longitudes and latitudes
    (EPSG:4326) in millionths of a degree.
    """

    id = models.BigAutoField(primary_key=True)
    level = models.PositiveSmallIntegerField()
    x = models.IntegerField()
    y = models.IntegerField()
    territory_id = models.BigIntegerField(null=True)
    status = models.CharField(max_length=16)
    count = models.BigIntegerField()
    sum_x = models.BigIntegerField()
    sum_y = models.BigIntegerField()

    objects = MapCellQuerySet.as_manager()

    class Meta:
        verbose_name = _("casilla del mapa")
        verbose_name_plural = _("casillas del mapa")
        indexes = [models.Index(fields=["level", "x", "y"], name="map_cell_place")]

    def __str__(self) -> str:
        return f"{self.level}/{self.x}/{self.y}: {self.count}"


class RightKind(models.TextChoices):
    """What a person may ask about the own data."""

    ACCESS = "access", _("ver sus datos")
    PORTABILITY = "portability", _("llevarse sus datos")
    CORRECTION = "correction", _("corregirlos")
    ERASURE = "erasure", _("borrarlos")
    BLOCKING = "blocking", _("bloquearlos")
    OBJECTION = "objection", _("oponerse a que se usen")


class PersonRequestQuerySet(models.QuerySet["PersonRequest"]):
    """Questions about requests of persons."""

    def open(self) -> PersonRequestQuerySet:
        """Not answered yet."""
        return self.filter(answered_at__isnull=True)

    def late(self, today: dt.date) -> PersonRequestQuerySet:
        """Open after their day."""
        return self.open().filter(due_on__lt=today)


class PersonRequest(models.Model):
    """Somebody asks about the own data; the answer is due within 30 days."""

    kind = models.CharField(_("qué pide"), max_length=11, choices=RightKind)
    person = SealedField(_("quién pide y dónde responderle"), max_length=300)
    asked_on = models.DateField(_("pedido el"))
    due_on = models.DateField(_("responder hasta el"))
    answer = SealedField(_("qué se respondió"), max_length=2000, blank=True)
    answered_at = models.DateTimeField(_("respondido"), null=True, blank=True)
    # Its words are gone; that it was asked and answered stays.
    is_emptied = models.BooleanField(_("vaciada"), default=False)
    taken_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("anotó"))
    answered_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("respondió")
    )

    objects = PersonRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("solicitud de una persona")
        verbose_name_plural = _("solicitudes de personas")
        ordering = ["due_on", "pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} #{self.pk}"


class PersonAct(models.Model):
    """Who read or changed somebody's data for which request; append-only, and naming nobody."""

    # NULL: the office that answers, without anybody having asked.
    request = models.ForeignKey(
        PersonRequest,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="acts",
        verbose_name=_("solicitud"),
    )
    act = models.CharField(_("qué hizo"), max_length=10)
    # «issues.Reporter M-2026-000123», «handovers.Follow 5».
    what = models.CharField(_("con qué"), max_length=80)
    actor = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("quién"))
    at = models.DateTimeField(_("cuándo"), default=timezone.now)

    class Meta:
        verbose_name = _("lectura de datos de una persona")
        verbose_name_plural = _("lecturas de datos de personas")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.act} {self.what}"


class Breach(models.Model):
    """Data of persons were lost, changed or seen by who should not: what, and who was told when."""

    found_at = models.DateTimeField(_("descubierta"), default=timezone.now)
    what = models.TextField(_("qué pasó, con qué datos y de cuántas personas"), max_length=4000)
    measures = models.TextField(_("qué se hizo"), max_length=4000, blank=True)
    agency_told_at = models.DateTimeField(_("avisada la Agencia"), null=True, blank=True)
    people_told_at = models.DateTimeField(_("avisadas las personas"), null=True, blank=True)

    class Meta:
        verbose_name = _("vulneración de datos")
        verbose_name_plural = _("vulneraciones de datos")
        ordering = ["-found_at"]

    def __str__(self) -> str:
        return f"{self.found_at:%Y-%m-%d}"


def issue_key(name: str, *, publishes_at_once: bool = False) -> str:
    """Make or renew the key of another system and return it; it cannot be read again later."""
    key = new_token()
    facts = {"digest": token_digest(key), "publishes_at_once": publishes_at_once}
    ClientKey.objects.update_or_create(name=name, defaults=facts | {"is_active": True})
    return key
