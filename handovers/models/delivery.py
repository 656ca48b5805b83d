"""What was handed over, when it was received, and what the office answered."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.contrib.gis.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Department, User
from core.constraints import can_be_seen
from core.duties import Act
from issues.models import CostClass, Issue
from issues.workflow import TOLD_DONE, Status
from rankings.asking import MAX_ASKER, AskedBy, WhoAsked, says_who_asked
from rankings.models import ListPlace, RankedList

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class HandoverQuerySet(models.QuerySet["Handover"]):
    """Questions about handovers."""

    def visible_to(self, user: User | AnonymousUser) -> HandoverQuerySet:
        """Handovers are public: who received what and when is no secret."""
        return self

    def editable_by(self, user: User | AnonymousUser) -> HandoverQuerySet:
        """Handovers whose receipt this person may give: the own department's."""
        if not user.is_authenticated or not user.may(Act.ANSWER):
            return self.none()
        return self.filter(department_id=user.department_id)

    def waiting_for_receipt(self, user: User | AnonymousUser) -> HandoverQuerySet:
        """Parts of lists without a receipt that this person may acknowledge, oldest first."""
        waiting = self.editable_by(user).filter(received_at__isnull=True, ranked_list__isnull=False)
        return (
            waiting.select_related("department", "ranked_list")
            .defer("ranked_list__document")
            .order_by("number")
        )

    def urgent(self) -> HandoverQuerySet:
        """Sent at once, outside any list."""
        return self.filter(ranked_list__isnull=True)


class Handover(models.Model):
    """The part of a published list that went to one department (or one urgent problem, sent at once)."""

    number = models.PositiveIntegerField(_("número"), unique=True)
    # Empty for the urgent lane.
    ranked_list = models.ForeignKey(
        RankedList, models.PROTECT, null=True, blank=True, related_name="handovers", verbose_name=_("lista")
    )
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="handovers", verbose_name=_("dirección")
    )
    memo = models.CharField(_("memorándum"), max_length=40, blank=True)
    # Who asked for an urgent sending; empty for a list, whose moves say it themselves.
    asked_by = models.CharField(_("quién lo pidió"), max_length=12, choices=AskedBy, blank=True)
    asker = models.CharField(_("nombre o número"), max_length=MAX_ASKER, blank=True)
    handed_at = models.DateTimeField(_("entregada"))
    # Empty where the installation itself sent an urgent problem.
    handed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("entregó")
    )
    received_at = models.DateTimeField(_("acuse de la lista"), null=True, blank=True)
    received_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("recibió")
    )

    objects = HandoverQuerySet.as_manager()

    class Meta:
        verbose_name = _("entrega")
        verbose_name_plural = _("entregas")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["ranked_list", "department"],
                condition=Q(ranked_list__isnull=False),
                name="handover_once_per_list_and_department",
            ),
            models.CheckConstraint(
                name="urgent_says_who_asked",
                condition=(Q(ranked_list__isnull=True) & says_who_asked())
                | Q(ranked_list__isnull=False, asked_by="", asker=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} → {self.department}"

    @property
    def who_asked(self) -> WhoAsked:
        """Who asked for an urgent sending; of a list its moves say it."""
        return WhoAsked(self.asked_by, self.asker)


class Answer(models.TextChoices):
    """What an office can answer."""

    ACCEPT = "accept", _("aceptado con fecha")
    REDIRECT = "redirect", _("derivado a otra dirección")
    REFUSE = "refuse", _("no se hará")


class RefusalKind(models.TextChoices):
    """The closed list of reasons to refuse."""

    NOT_MUNICIPAL = "not_municipal", _("no es municipal")
    PRIVATE = "private_property", _("es propiedad privada")
    NEEDS_STUDY = "needs_study", _("necesita un estudio")
    NO_BUDGET = "no_budget", _("sin presupuesto este año")
    UNFEASIBLE = "unfeasible", _("técnicamente no factible")
    DUPLICATE = "duplicate", _("duplicado")
    SOLVED = "already_solved", _("ya está resuelto")


class HoldKind(models.TextChoices):
    """The closed list of reasons for a pause; public, before the words of the office."""

    MATERIAL = "material", _("falta material o repuesto")
    WEATHER = "weather", _("por el tiempo")
    PERMIT = "permit", _("falta un permiso")
    PURCHASE = "purchase", _("compra o licitación en curso")
    OTHER_WORKS = "other_works", _("depende de otra obra u otro organismo")


class HandoverItemQuerySet(models.QuerySet["HandoverItem"]):
    """Questions about handed-over problems."""

    def current(self) -> HandoverItemQuerySet:
        """The newest handover of each problem, the one that runs."""
        return self.filter(is_current=True)

    def counted(self) -> HandoverItemQuerySet:
        """The same rows in no order, said in the words of the index issue_past_registered.

        What was handed over is never merely registered again: the table of transitions has no way back.
        """
        return self.exclude(issue__status=Status.REGISTERED).order_by()

    def visible_to(self, user: User | AnonymousUser) -> HandoverItemQuerySet:
        """The items whose problem this person may see."""
        return self.filter(issue__in=Issue.objects.visible_to(user))

    def editable_by(self, user: User | AnonymousUser) -> HandoverItemQuerySet:
        """The running items on this person's desk: the own department's to answer, or all of them to read."""
        if not user.is_authenticated:
            return self.none()
        if user.sees_everything:
            return self.current()
        mine = user.is_manager and user.department_id
        return self.current().filter(department_id=mine) if mine else self.none()

    def in_neighbourhoods_of(self, user: User | AnonymousUser) -> HandoverItemQuerySet:
        """The running items of the neighbourhoods of this person, or all of them."""
        if not user.is_authenticated:
            return self.none()
        if user.sees_everything:
            return self.current()
        if user.facilitates_everywhere:
            return self.current()
        if not user.is_facilitator:
            return self.none()
        return self.current().filter(issue__territory__code__in=user.territory_codes)


class HandoverItem(models.Model):
    """One problem in a handover: its clock, its receipt, its answer, its cost.

    `place` and `round` are copied from `list_place` by the database when the row is made; 0 is the
    urgent lane, which stands before every list. Of the items of one problem only the newest is current.
    """

    handover = models.ForeignKey(Handover, models.PROTECT, related_name="items", verbose_name=_("entrega"))
    issue = models.ForeignKey(
        Issue, models.PROTECT, related_name="handover_items", verbose_name=_("problema")
    )
    list_place = models.ForeignKey(
        ListPlace,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="handover_items",
        verbose_name=_("lugar"),
    )
    place = models.PositiveIntegerField(_("lugar"), default=0, db_default=0)
    round = models.PositiveIntegerField(_("ronda"), default=0, db_default=0)
    is_current = models.BooleanField(_("vigente"), default=True, db_default=True)
    # The department that has it now (a redirect moves it) and the person who answers there.
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="handover_items", verbose_name=_("dirección")
    )
    assigned_to = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="handover_items",
        verbose_name=_("a cargo de"),
    )
    expected_result = models.CharField(_("resultado esperado"), max_length=200, blank=True)
    receipt_due = models.DateField(_("acuse hasta"))
    answer_due = models.DateField(_("respuesta hasta"))
    written_answer_due = models.DateField(_("respuesta escrita al barrio hasta"))
    received_at = models.DateTimeField(_("acuse"), null=True, blank=True)
    received_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("recibió")
    )
    answer = models.CharField(_("respuesta"), max_length=8, choices=Answer, blank=True)
    answered_at = models.DateTimeField(_("respondido"), null=True, blank=True)
    refusal_kind = models.CharField(
        _("motivo de la negativa"), max_length=16, choices=RefusalKind, blank=True
    )
    public_text = models.TextField(_("texto público"), blank=True)
    committed_date = models.DateField(_("fecha comprometida"), null=True, blank=True)
    finished_at = models.DateTimeField(_("terminado"), null=True, blank=True)
    cost_class = models.CharField(_("clase de costo"), max_length=2, choices=CostClass, blank=True)
    cost_estimate = models.PositiveBigIntegerField(_("costo estimado ($)"), null=True, blank=True)
    cost_spent = models.PositiveBigIntegerField(_("gasto ($)"), null=True, blank=True)
    # Public reason for committing beyond the year's budget.
    over_budget_reason = models.TextField(
        _("por qué se compromete sin presupuesto"), blank=True, default="", db_default=""
    )
    # The problem this one is a part of.
    parent = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="parts", verbose_name=_("es parte de")
    )

    objects = HandoverItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("problema entregado")
        verbose_name_plural = _("problemas entregados")
        ordering = ["handover", "list_place__place", "id"]
        constraints = [
            models.UniqueConstraint(fields=["handover", "issue"], name="issue_once_per_handover"),
            models.UniqueConstraint(
                fields=["issue"], condition=Q(is_current=True), name="one_current_item_per_issue"
            ),
            models.CheckConstraint(
                name="item_refusal_has_kind_and_text",
                condition=~Q(answer=Answer.REFUSE) | (~Q(refusal_kind="") & ~Q(public_text="")),
            ),
            models.CheckConstraint(
                name="item_accept_has_date",
                condition=~Q(answer=Answer.ACCEPT) | Q(committed_date__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["issue"], name="handover_item_of_issue"),
            models.Index(
                fields=["department", "place", "issue"],
                condition=Q(is_current=True),
                name="handover_item_desk",
            ),
            models.Index(fields=["place", "issue"], condition=Q(is_current=True), name="handover_item_place"),
        ]

    def __str__(self) -> str:
        return f"{self.handover_id}/{self.issue_id}"

    @property
    def told_done_at(self) -> dt.datetime | None:
        """When the repair that stands now was told as done; None once a gathering sent it back to work."""
        return self.finished_at if self.issue.status in TOLD_DONE else None


class HolidayQuerySet(models.QuerySet["Holiday"]):
    """Questions about municipal holidays."""

    def days(self) -> frozenset[dt.date]:
        """All of them as dates."""
        return frozenset(self.values_list("day", flat=True))


class Holiday(models.Model):
    """A day on which the municipality does not work besides the national holidays."""

    day = models.DateField(_("día"), primary_key=True)
    name = models.CharField(_("nombre"), max_length=120)

    objects = HolidayQuerySet.as_manager()

    class Meta:
        verbose_name = _("feriado municipal")
        verbose_name_plural = _("feriados municipales")
        ordering = ["day"]
        constraints = [can_be_seen("name", "holiday_name_seen")]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"
