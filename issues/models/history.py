"""The append-only history of each problem, and its public daily seal."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Q, Window
from django.db.models.functions import Lag
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from issues.models.issue import Issue

# `to_value` of a note: a neighbour answers that a repair is not well.
DOUBTED = "doubted"


class EntryKind(models.TextChoices):
    """What kind of event a line of the history records."""

    STATUS = "status", _("cambio de estado")
    EDIT = "edit", _("corrección")
    LEVELS = "levels", _("puntaje")
    VISIBILITY = "visibility", _("visibilidad")
    DEPARTMENT = "department", _("dirección")
    TERRITORY = "territory", _("barrio")
    PHOTO = "photo", _("foto")
    MERGE = "merge", _("unión de duplicados")
    NOTE = "note", _("avance")
    ANSWER = "answer", _("respuesta")
    CONFIG = "config", _("configuración")


class HistoryEntry(models.Model):
    """One line of the append-only history; the database refuses changes and chains the lines by hash.

    `previous_hash` and `hash` are filled in by the database (issues/migrations): SHA-256 over the
    hash of the issue's line before and this line's own fields. A status line must start where the
    line before ended and be in the transition table; at commit an issue's status must be the last
    line's `to_value`. Lines without an issue are changes of configuration.

    `sealed` and `salt` are the database's too: the commitment to person and reason, which the hash
    runs over, and what opens it. Salt and reason can be erased, by `issues.life.erasure` alone.
    """

    # `history_of_issue` begins with it.
    issue = models.ForeignKey(
        Issue,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="history",
        verbose_name=_("problema"),
        db_index=False,
    )
    kind = models.CharField(_("tipo"), max_length=10, choices=EntryKind)
    from_value = models.CharField(_("de"), max_length=200, blank=True)
    to_value = models.CharField(_("a"), max_length=200, blank=True)
    actor = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("quién")
    )
    # The office in whose name it was done; public, unlike the person.
    office = models.CharField(_("oficina"), max_length=120)
    at = models.DateTimeField(_("cuándo"))
    reason = models.TextField(_("motivo interno"), blank=True)
    public_text = models.TextField(_("texto público"), blank=True)
    # Photo ids and other proofs, as JSON text of a list.
    evidence = models.JSONField(_("evidencia"), default=list, blank=True)
    # The gathering whose verdict a status line is; only such lines have one.
    gathering_number = models.PositiveIntegerField(_("reunión que lo decidió"), null=True, blank=True)
    salt = models.CharField(max_length=32, editable=False, db_default="")
    sealed = models.CharField(max_length=64, editable=False, db_default="")
    previous_hash = models.CharField(max_length=64, editable=False, default="")
    hash = models.CharField(max_length=64, editable=False, default="")

    class Meta:
        verbose_name = _("línea de la historia")
        verbose_name_plural = _("historia")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="history_done_has_evidence",
                condition=~Q(kind="status", to_value="reported_done") | ~Q(evidence=[]),
            ),
        ]
        indexes = [
            models.Index(fields=["issue", "id"], name="history_of_issue"),
            models.Index(fields=["at"], name="history_at"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d} {self.kind} {self.from_value} → {self.to_value}"


class DailyHeadQuerySet(models.QuerySet["DailyHead"]):
    """Seals, each told together with the one before it."""

    def in_order(self) -> DailyHeadQuerySet:
        """By number, each with `.before`: the day of the seal before it, None for the first."""
        return self.annotate(before=Window(Lag("day"), order_by="number")).order_by("number")


class DailyHead(models.Model):
    """The public seal of one day: SHA-256 over the head before and the day's line hashes in order.

    The order is that of the numbers: a wrong clock may write any day, and the next seal follows all the same.
    """

    number = models.PositiveIntegerField(_("número"), primary_key=True)
    day = models.DateField(_("día"))
    entries = models.PositiveIntegerField(_("líneas"))
    last_entry = models.PositiveBigIntegerField(_("última línea"))
    previous_digest = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    # Of rows of `in_order`: the day of the seal before.
    before: dt.date | None
    # Of rows of issues.life.broken_seals.told: the line that declares it broken.
    broken: HistoryEntry | None

    objects = DailyHeadQuerySet.as_manager()

    class Meta:
        verbose_name = _("sello diario")
        verbose_name_plural = _("sellos diarios")
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"{self.number} ({self.day}) {self.digest[:12]}"

    @property
    def is_clock_corrected(self) -> bool:
        """Whether the clock was put back since the seal before; of rows of `in_order` only."""
        return self.before is not None and self.day < self.before
