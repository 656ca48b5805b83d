"""The desk's own tools: saved views, bulk runs, answer templates, a shortlist, pages for outside bodies."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Department, Role, User
from core.constraints import can_be_seen
from handovers.models.delivery import HandoverItem
from issues.models import Category
from issues.statuses import STATUS_CHOICES

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

# How far ahead of now a moment may lie that was now when it was written.
WRONG_CLOCK = dt.timedelta(hours=1)


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    """Questions about saved views."""

    def visible_to(self, user: User | AnonymousUser) -> SavedViewQuerySet:
        """The own ones, those shared in the own department, and those the cabinet shares with everyone."""
        if not user.is_authenticated:
            return self.none()
        shared = Q(owner__department_id=user.department_id) if user.department_id else Q(pk__in=[])
        everyone = Q(owner__role__in=[Role.CABINET, Role.ADMINISTRATOR])
        return self.filter(Q(owner=user) | Q(shared | everyone, is_shared=True))

    def editable_by(self, user: User | AnonymousUser) -> SavedViewQuerySet:
        """The own ones."""
        return self.filter(owner=user) if user.is_authenticated else self.none()


class SavedView(models.Model):
    """An address of the desk with a name; one of them may be where its owner starts."""

    owner = models.ForeignKey(User, models.CASCADE, related_name="views", verbose_name=_("de"))
    name = models.CharField(_("nombre"), max_length=60)
    # The part of the address behind «?», with known filters only.
    query = models.CharField(_("filtros"), max_length=2000, blank=True)
    is_shared = models.BooleanField(_("compartida"), default=False)
    is_home = models.BooleanField(_("de inicio"), default=False)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("vista guardada")
        verbose_name_plural = _("vistas guardadas")
        ordering = ["name"]
        constraints = [
            can_be_seen("name", "view_name_seen"),
            models.UniqueConstraint(fields=["owner", "name"], name="view_name_once_per_owner"),
            models.UniqueConstraint(fields=["owner"], condition=Q(is_home=True), name="one_home_per_owner"),
        ]

    def __str__(self) -> str:
        return self.name


class BulkRunQuerySet(models.QuerySet["BulkRun"]):
    """Questions about bulk runs."""

    def waiting(self) -> BulkRunQuerySet:
        """Those that have not begun and were not taken back."""
        return self.filter(left_at__isnull=True, undone_at__isnull=True)

    def to_do(self, now: dt.datetime) -> BulkRunQuerySet:
        """Those whose time has come, and those that were cut short, the oldest first."""
        cut_short = Q(left_at__isnull=False, entries__is_done=False, entries__refusal="")
        # What was ordered in a time to come was ordered by a clock that was wrong: it need not come again.
        due = Q(left_at__isnull=True) & (Q(leaves_at__lte=now) | Q(at__gt=now + WRONG_CLOCK))
        return self.filter(cut_short | due, undone_at__isnull=True).distinct().order_by("pk")


class BulkRun(models.Model):
    """One act on many problems: who, what, when, and whether it was taken back.

    It begins at `leaves_at` (`left_at` says when it did). Until then nothing has been published and it can
    be taken back whole; docs/decisions/bulk-undo.md.
    """

    actor = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("quién"))
    action = models.CharField(_("qué"), max_length=20)
    input = models.JSONField(_("datos"), default=dict)
    at = models.DateTimeField(_("cuándo"), default=timezone.now)
    leaves_at = models.DateTimeField(_("sale"), default=timezone.now, db_default=Now())
    left_at = models.DateTimeField(_("salió"), null=True, blank=True)
    undone_at = models.DateTimeField(_("deshecho"), null=True, blank=True)

    objects = BulkRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("acción en lote")
        verbose_name_plural = _("acciones en lote")
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["leaves_at"],
                condition=Q(left_at__isnull=True, undone_at__isnull=True),
                name="bulk_run_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.at:%Y-%m-%d %H:%M}"


class BulkEntry(models.Model):
    """What a bulk run did to one problem, or why it did not."""

    run = models.ForeignKey(BulkRun, models.CASCADE, related_name="entries", verbose_name=_("acción"))
    item = models.ForeignKey(HandoverItem, models.CASCADE, related_name="+", verbose_name=_("problema"))
    # What undoing puts back.
    before = models.JSONField(_("antes"), default=dict)
    # The last line of the problem's history when its person looked, and when the act was done.
    seen = models.PositiveBigIntegerField(default=0, db_default=0)
    line = models.PositiveBigIntegerField(default=0, db_default=0)
    is_done = models.BooleanField(_("hecho"), default=False, db_default=False)
    refusal = models.CharField(_("por qué no"), max_length=300, blank=True)
    undo_refusal = models.CharField(_("por qué no se deshizo"), max_length=300, blank=True, db_default="")

    class Meta:
        verbose_name = _("problema de una acción en lote")
        verbose_name_plural = _("problemas de una acción en lote")
        constraints = [
            models.UniqueConstraint(fields=["run", "item"], name="item_once_per_run"),
            models.CheckConstraint(
                name="bulk_entry_done_or_refused", condition=~Q(is_done=True) | Q(refusal="")
            ),
        ]
        indexes = [
            models.Index(fields=["run"], condition=Q(is_done=False, refusal=""), name="bulk_entry_unsettled")
        ]

    def __str__(self) -> str:
        return f"{self.run_id}/{self.item_id}"


class ResponseTemplateQuerySet(models.QuerySet["ResponseTemplate"]):
    """Questions about answer templates."""

    def fitting(self, item: HandoverItem) -> ResponseTemplateQuerySet:
        """Those for the item's department, category and status, or for all of them."""
        return self.filter(
            Q(department=item.department_id) | Q(department__isnull=True),
            Q(category=item.issue.category_id) | Q(category__isnull=True),
            Q(status=item.issue.status) | Q(status=""),
        )


class ResponseTemplate(models.Model):
    """A text with placeholders: {folio}, {problema}, {barrio}, {direccion}, {fecha}, {lugar}."""

    name = models.CharField(_("nombre"), max_length=80, unique=True)
    text = models.TextField(_("texto"), max_length=2000)
    department = models.ForeignKey(
        Department,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="templates",
        verbose_name=_("dirección"),
    )
    category = models.ForeignKey(
        Category, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("categoría")
    )
    status = models.CharField(_("estado"), max_length=16, choices=STATUS_CHOICES, blank=True)

    objects = ResponseTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = _("plantilla de respuesta")
        verbose_name_plural = _("plantillas de respuesta")
        ordering = ["name"]
        constraints = [can_be_seen("name", "template_name_seen")]

    def __str__(self) -> str:
        return self.name


class Shortlisted(models.Model):
    """A problem on somebody's own ordered shortlist."""

    user = models.ForeignKey(User, models.CASCADE, related_name="shortlist", verbose_name=_("de"))
    item = models.ForeignKey(HandoverItem, models.CASCADE, related_name="+", verbose_name=_("problema"))
    position = models.PositiveIntegerField(_("orden"))

    class Meta:
        verbose_name = _("problema en mi lista corta")
        verbose_name_plural = _("problemas en mi lista corta")
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["user", "item"], name="shortlisted_once")]

    def __str__(self) -> str:
        return f"{self.position}: {self.item_id}"


class ForwardQuerySet(models.QuerySet["Forward"]):
    """Questions about problems passed to outside bodies."""

    def open(self) -> ForwardQuerySet:
        """Whose page still answers."""
        return self.filter(expires_at__gt=timezone.now(), withdrawn_at__isnull=True)


class Forward(models.Model):
    """A problem passed to an outside body, which answers on a personal page without an account.

    Only the SHA-256 of the page's token is kept.
    """

    item = models.ForeignKey(
        HandoverItem, models.CASCADE, related_name="forwards", verbose_name=_("problema")
    )
    body = models.CharField(_("organismo"), max_length=120)
    email = models.EmailField(_("correo"))
    message = models.TextField(_("qué se les pide"), max_length=2000)
    token_digest = models.CharField(max_length=64, unique=True, editable=False)
    sent_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("envió"))
    sent_at = models.DateTimeField(_("enviado"), default=timezone.now)
    expires_at = models.DateTimeField(_("vence"))
    withdrawn_at = models.DateTimeField(_("retirado"), null=True, blank=True)
    opened_at = models.DateTimeField(_("abierto"), null=True, blank=True)
    answered_at = models.DateTimeField(_("respondido"), null=True, blank=True)
    answer = models.TextField(_("respuesta"), max_length=2000, blank=True)
    promised_on = models.DateField(_("fecha que prometen"), null=True, blank=True)

    objects = ForwardQuerySet.as_manager()

    class Meta:
        verbose_name = _("envío a otro organismo")
        verbose_name_plural = _("envíos a otros organismos")
        ordering = ["-sent_at"]

    def __str__(self) -> str:
        return f"{self.body}: {self.item_id}"
