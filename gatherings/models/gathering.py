"""One gathering: when, where, how far it has come, how it counts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import TYPE_CHECKING

from django.contrib.gis.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7

from accounts.models import User
from core.constraints import can_be_seen
from core.duties import Act
from territories.models import Territory

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class GatheringState(models.TextChoices):
    """How far a gathering has come."""

    PLANNED = "planned", _("programada")
    OPEN = "open", _("abierta")
    VOTING = "voting", _("en votación")
    CLOSED = "closed", _("cerrada")
    CANCELLED = "cancelled", _("suspendida")


UNDER_WAY = (GatheringState.OPEN, GatheringState.VOTING)


class Panel(models.TextChoices):
    """What the projector shows, as the conductor turns it."""

    COMMITMENTS = "commitments", _("Compromisos")
    ATTENDANCE = "attendance", _("Asistencia")
    MAPPING = "mapping", _("Mapa")
    BALLOT = "ballot", _("Papeleta")
    VOTE = "vote", _("Votación")
    RESULT = "result", _("Resultado")
    AGREEMENTS = "agreements", _("Acuerdos")


class CountingMode(models.TextChoices):
    """How the tokens are counted."""

    TOKENS = "tokens", _("fichas contadas a la vista")
    BALLOTS = "ballots", _("papeletas")
    HANDS = "hands", _("manos alzadas")
    PHONES = "phones", _("teléfonos con código impreso")


COMFORTS = {
    "has_ramp": _("se entra sin escalones"),
    "has_interpreter": _("hay intérprete de lengua de señas"),
    "has_child_care": _("se cuida a niñas y niños mientras tanto"),
}


class GatheringQuerySet(models.QuerySet["Gathering"]):
    """Questions about gatherings."""

    def closed(self) -> GatheringQuerySet:
        """Gatherings whose count is final."""
        return self.filter(state=GatheringState.CLOSED)

    def upcoming(self) -> GatheringQuerySet:
        """Planned and not over yet, the nearest first."""
        return self.filter(state=GatheringState.PLANNED, ends_at__gte=timezone.now()).order_by("starts_at")

    def left_in(self, codes: Collection[int]) -> GatheringQuerySet:
        """Planned in neighbourhoods of these numbers; what was held stays with the neighbourhood it had."""
        return self.filter(state=GatheringState.PLANNED, territory__code__in=codes).order_by("starts_at")

    def next_by_territory(self) -> dict[int, Gathering]:
        """The gathering under way or the next one of each neighbourhood, by its code."""
        planned = Q(state=GatheringState.PLANNED, ends_at__gte=timezone.now())
        coming = self.filter(Q(state__in=UNDER_WAY) | planned, territory__isnull=False)
        rows = coming.with_names().order_by("-starts_at")
        return {gathering.territory.code: gathering for gathering in rows if gathering.territory}

    def never_opened(self) -> GatheringQuerySet:
        """Planned, not opened, and their hour has passed."""
        return self.filter(state=GatheringState.PLANNED, ends_at__lt=timezone.now()).order_by("starts_at")

    def under_way(self) -> GatheringQuerySet:
        """People are in the room now, the latest first."""
        return self.filter(state__in=UNDER_WAY)

    def unfinished(self) -> GatheringQuerySet:
        """Gatherings whose count is not final yet."""
        return self.filter(state__in=[GatheringState.PLANNED, GatheringState.OPEN, GatheringState.VOTING])

    def with_names(self) -> GatheringQuerySet:
        """With neighbourhood and facilitator, without the heavy boundaries."""
        return self.select_related("territory", "facilitator").defer(
            "territory__boundary", "territory__outline"
        )

    def visible_to(self, user: User | AnonymousUser) -> GatheringQuerySet:
        """The agenda and the results are public; everyone sees every gathering."""
        return self

    def run_by(self, user: User | AnonymousUser) -> GatheringQuerySet:
        """Gatherings this person may conduct: those of the own neighbourhoods, and the own ones."""
        if not user.is_authenticated or not user.may(Act.CONDUCT):
            return self.none()
        return self.filter(Q(territory__code__in=user.territory_codes) | Q(facilitator=user))

    def counted_by(self, user: User | AnonymousUser) -> GatheringQuerySet:
        """Those of `run_by` and, during its vote, any: whoever facilitates elsewhere may count again."""
        if not user.is_authenticated or not user.may(Act.SECOND_COUNT):
            return self.none()
        return self.run_by(user) | self.filter(state=GatheringState.VOTING)

    def planned_by(self, user: User | AnonymousUser) -> GatheringQuerySet:
        """Gatherings this person may move or call off: those to conduct, and for the cabinet all."""
        return self if user.is_authenticated and user.may(Act.PLAN_COUNCIL) else self.run_by(user)


class Gathering(models.Model):
    """One neighbourhood gathering («reunión barrial»), or a council's, with its count.

    V voters get `tokens_each` tokens (d) and put at most `tokens_per_issue` (t) on one problem.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.PositiveIntegerField(_("número"), unique=True)
    # Empty for councils that belong to no single neighbourhood.
    territory = models.ForeignKey(
        Territory, models.PROTECT, null=True, blank=True, related_name="gatherings", verbose_name=_("barrio")
    )
    council = models.CharField(_("consejo"), max_length=120, blank=True)
    place = models.CharField(_("lugar"), max_length=200)
    location = models.PointField(_("ubicación"), srid=4326, null=True, blank=True)
    starts_at = models.DateTimeField(_("empieza"))
    ends_at = models.DateTimeField(_("termina"))
    opened_at = models.DateTimeField(_("abierta a las"), null=True, blank=True)
    # Why it was opened more than a day away from what was planned.
    opened_reason = models.CharField(_("por qué se abrió otro día"), max_length=300, blank=True)
    closed_at = models.DateTimeField(_("cerrada a las"), null=True, blank=True)
    facilitator = models.ForeignKey(
        User, models.PROTECT, related_name="gatherings", verbose_name=_("facilitadora o facilitador")
    )
    state = models.CharField(
        _("estado"), max_length=9, choices=GatheringState, default=GatheringState.PLANNED
    )
    mode = models.CharField(
        _("modo de conteo"), max_length=7, choices=CountingMode, default=CountingMode.TOKENS
    )
    people_present = models.PositiveIntegerField(_("personas presentes"), default=0)
    voters = models.PositiveIntegerField(_("personas que votan"), default=0)
    tokens_each = models.PositiveSmallIntegerField(_("fichas por persona"), default=5)
    tokens_per_issue = models.PositiveSmallIntegerField(_("fichas por problema, a lo más"), default=2)
    # Decides the order of the ballot on the screen; shown to the room.
    seed = models.CharField(_("semilla del orden"), max_length=32, blank=True)
    witnesses = models.JSONField(_("testigos del conteo (organización)"), default=list, blank=True)
    # Grows with every change in the room, so that a screen knows when it is behind.
    revision = models.PositiveIntegerField(_("revisión"), default=0)
    # The walk through the neighbourhood before people meet.
    walk_at = models.DateTimeField(_("caminata previa"), null=True, blank=True)
    walk_from = models.CharField(_("punto de partida de la caminata"), max_length=200, blank=True)
    # What the place offers to whom it would keep away.
    has_ramp = models.BooleanField(_("se entra sin escalones"), default=False)
    has_interpreter = models.BooleanField(_("hay intérprete de lengua de señas"), default=False)
    has_child_care = models.BooleanField(_("se cuida a niñas y niños"), default=False)
    # How many said of their own will that they belong to a group (gatherings/groups.py); from the close on
    # only what may be published of it.
    groups = models.JSONField(_("asistencia por grupos, voluntaria"), default=dict, blank=True)
    reminded_at = models.DateTimeField(_("recordatorio enviado"), null=True, blank=True, editable=False)
    cancelled_reason = models.CharField(_("motivo de la suspensión"), max_length=300, blank=True)
    shown = models.CharField(_("lo que se proyecta"), max_length=12, choices=Panel, default=Panel.COMMITMENTS)
    # SHA-256 over the result, set when the count closes; from then on the database refuses any change.
    digest = models.CharField(_("huella del resultado"), max_length=64, blank=True)
    # Only where whole ballots are known: how many there were, how many had none of the first five problems.
    ballots_counted = models.PositiveIntegerField(_("papeletas contadas"), null=True, blank=True)
    ballots_left_out = models.PositiveIntegerField(
        _("papeletas sin ninguno de los cinco primeros"), null=True, blank=True
    )
    missing_reason = models.CharField(_("por qué faltan papeletas"), max_length=300, blank=True)
    # Both typings as they stood when they were first laid side by side: two digests, their salt, how many
    # differences there were.
    typings = models.JSONField(_("los dos conteos"), null=True, blank=True)
    # One side asked to annul the vote; the other has not answered yet.
    annul_reason = models.CharField(_("por qué se pidió anular"), max_length=300, blank=True)
    annul_side = models.PositiveSmallIntegerField(_("quién pidió anular"), null=True, blank=True)

    objects = GatheringQuerySet.as_manager()

    class Meta:
        verbose_name = _("reunión barrial")
        verbose_name_plural = _("reuniones barriales")
        ordering = ["-starts_at"]
        constraints = [
            can_be_seen("place", "gathering_place_seen"),
            models.CheckConstraint(
                name="gathering_of_territory_or_council",
                condition=Q(territory__isnull=False, council="")
                | (Q(territory__isnull=True) & ~Q(council="")),
            ),
            models.CheckConstraint(
                name="gathering_ends_after_start", condition=Q(ends_at__gt=F("starts_at"))
            ),
            models.CheckConstraint(
                name="gathering_digest_only_when_closed",
                condition=Q(digest="") | Q(state=GatheringState.CLOSED),
            ),
            models.CheckConstraint(
                name="gathering_closed_has_time",
                condition=~Q(state=GatheringState.CLOSED) | Q(closed_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["territory", "-starts_at"], name="gathering_territory")]

    def __str__(self) -> str:
        return f"{self.number} {self.host_name}"

    @property
    def host_name(self) -> str:
        """The neighbourhood or the council that meets."""
        return self.territory.name if self.territory else self.council

    @property
    def territory_code(self) -> int | None:
        """The neighbourhood's number; None for a council of the whole commune."""
        return self.territory.code if self.territory else None

    @property
    def is_closed(self) -> bool:
        """Whether the count is final."""
        return self.state == GatheringState.CLOSED

    @property
    def is_under_way(self) -> bool:
        """Whether people are in the room now."""
        return self.state in UNDER_WAY

    @property
    def begins_at(self) -> dt.datetime:
        """When it was opened or, before that, is planned to begin."""
        return self.opened_at if self.was_opened and self.opened_at else self.starts_at

    @property
    def was_opened(self) -> bool:
        """Whether people met."""
        return self.is_under_way or self.is_closed

    @property
    def comforts(self) -> list[str]:
        """What the place offers, as the invitation says it."""
        return [str(words) for name, words in COMFORTS.items() if getattr(self, name)]

    @property
    def tokens_handed_out(self) -> int:
        """d · V."""
        return self.tokens_each * self.voters
