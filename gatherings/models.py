"""In the room: organisations, gatherings, who came, and the ballot with its result."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.contrib.gis.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7

from accounts.models import User
from issues.models import Issue
from territories.models import Territory

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class Organisation(models.Model):
    """A body of civil society that takes part by name; persons do not."""

    name = models.CharField(_("nombre"), max_length=160)
    kind = models.CharField(_("tipo"), max_length=80)
    # Empty for those of the whole commune.
    territory_code = models.PositiveIntegerField(_("número del barrio"), null=True, blank=True)
    is_active = models.BooleanField(_("activa"), default=True)

    class Meta:
        verbose_name = _("organización")
        verbose_name_plural = _("organizaciones")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["name", "territory_code"],
                nulls_distinct=False,
                name="organisation_once_per_territory",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class GatheringState(models.TextChoices):
    """How far a gathering has come."""

    PLANNED = "planned", _("programada")
    OPEN = "open", _("abierta")
    VOTING = "voting", _("en votación")
    CLOSED = "closed", _("cerrada")
    CANCELLED = "cancelled", _("suspendida")


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


class GatheringQuerySet(models.QuerySet):
    """Questions about gatherings."""

    def closed(self) -> GatheringQuerySet:
        """Gatherings whose count is final."""
        return self.filter(state=GatheringState.CLOSED)

    def upcoming(self) -> GatheringQuerySet:
        """Planned and not over yet, the nearest first."""
        return self.filter(state=GatheringState.PLANNED, ends_at__gte=timezone.now()).order_by("starts_at")

    def never_opened(self) -> GatheringQuerySet:
        """Planned, but their hour went by and nobody opened them."""
        return self.filter(state=GatheringState.PLANNED, ends_at__lt=timezone.now()).order_by("starts_at")

    def under_way(self) -> GatheringQuerySet:
        """People are in the room now, the latest first."""
        return self.filter(state__in=[GatheringState.OPEN, GatheringState.VOTING])

    def unfinished(self) -> GatheringQuerySet:
        """Those in which there is still something to do before the count is final."""
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
        """Gatherings this person may conduct: those of the own neighbourhoods, or all of them."""
        if not user.is_authenticated:
            return self.none()
        if user.sees_everything:
            return self
        if not user.is_facilitator:
            return self.none()
        return self.filter(Q(territory__code__in=user.territory_codes) | Q(facilitator=user))


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
    # One more with every change in the room: how a screen knows that it is behind.
    revision = models.PositiveIntegerField(_("revisión"), default=0)
    # The walk through the neighbourhood before people meet.
    walk_at = models.DateTimeField(_("caminata previa"), null=True, blank=True)
    walk_from = models.CharField(_("punto de partida de la caminata"), max_length=200, blank=True)
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

    objects = GatheringQuerySet.as_manager()

    class Meta:
        verbose_name = _("reunión barrial")
        verbose_name_plural = _("reuniones barriales")
        ordering = ["-starts_at"]
        constraints = [
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
        return self.territory.name if self.territory_id else self.council

    @property
    def is_closed(self) -> bool:
        """Whether the count is final."""
        return self.state == GatheringState.CLOSED

    @property
    def is_under_way(self) -> bool:
        """Whether people are in the room now."""
        return self.state in (GatheringState.OPEN, GatheringState.VOTING)

    @property
    def tokens_handed_out(self) -> int:
        """d · V."""
        return self.tokens_each * self.voters


class Attendance(models.Model):
    """How many people came for an organisation; a NULL organisation counts those who came on their own."""

    gathering = models.ForeignKey(
        Gathering, models.CASCADE, related_name="attendance", verbose_name=_("reunión")
    )
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="attendance",
        verbose_name=_("organización"),
    )
    people = models.PositiveIntegerField(_("personas"))
    voters = models.PositiveIntegerField(_("votan"))

    class Meta:
        verbose_name = _("asistencia")
        verbose_name_plural = _("asistencia")
        constraints = [
            models.UniqueConstraint(
                fields=["gathering", "organisation"],
                nulls_distinct=False,
                name="attendance_once_per_organisation",
            ),
            models.CheckConstraint(
                name="attendance_two_voters_per_organisation",
                condition=Q(organisation__isnull=True) | Q(voters__lte=2),
            ),
            models.CheckConstraint(name="attendance_voters_came", condition=Q(voters__lte=F("people"))),
        ]

    def __str__(self) -> str:
        return f"{self.organisation or '—'}: {self.people}"


class BallotItem(models.Model):
    """One problem on a gathering's ballot, and what it got once the count was closed."""

    gathering = models.ForeignKey(Gathering, models.CASCADE, related_name="ballot", verbose_name=_("reunión"))
    issue = models.ForeignKey(Issue, models.PROTECT, related_name="ballots", verbose_name=_("problema"))
    # Order on the screen, from the seed.
    shown_at = models.PositiveSmallIntegerField(_("orden en pantalla"))
    tokens = models.PositiveIntegerField(_("fichas"), null=True, blank=True)
    people = models.PositiveIntegerField(_("personas"), null=True, blank=True)
    # 1 is first; set when the gathering closes, with the index the problem had then.
    place = models.PositiveSmallIntegerField(_("lugar"), null=True, blank=True)
    index_then = models.PositiveSmallIntegerField(_("puntaje × 3 ese día"), null=True, blank=True)

    class Meta:
        verbose_name = _("problema en votación")
        verbose_name_plural = _("papeleta")
        ordering = ["shown_at"]
        constraints = [
            models.UniqueConstraint(fields=["gathering", "issue"], name="issue_once_per_ballot"),
            models.UniqueConstraint(fields=["gathering", "place"], name="ballot_place_once"),
            models.CheckConstraint(
                name="ballot_people_at_most_tokens",
                condition=Q(tokens__isnull=True) | Q(people__isnull=True) | Q(people__lte=F("tokens")),
            ),
        ]
        indexes = [models.Index(fields=["issue"], name="ballot_of_issue")]

    def __str__(self) -> str:
        return f"{self.issue_id} {self.place or '—'}"


class RoomAction(models.Model):
    """One thing that was done in the room; append-only, its id is made by the screen that asked for it.

    The same id with the same body is the same wish sent twice, and is done once.
    """

    id = models.UUIDField(primary_key=True)
    gathering = models.ForeignKey(
        Gathering, models.PROTECT, related_name="actions", verbose_name=_("reunión")
    )
    revision = models.PositiveIntegerField(_("revisión"))
    action = models.CharField(_("acción"), max_length=30)
    body = models.JSONField(_("datos"), default=dict)
    actor = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("quién"))
    at = models.DateTimeField(_("cuándo"), auto_now_add=True)

    class Meta:
        verbose_name = _("acción en la sala")
        verbose_name_plural = _("acciones en la sala")
        ordering = ["gathering", "revision"]
        constraints = [
            models.UniqueConstraint(fields=["gathering", "revision"], name="room_action_once_per_revision"),
        ]

    def __str__(self) -> str:
        return f"{self.revision} {self.action}"


class CastBallot(models.Model):
    """One ballot, of paper (numbered, typed by the conductor) or from a phone (no number).

    Nothing here tells whose it is: no person, no code, no time, and an id that does not grow.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    gathering = models.ForeignKey(Gathering, models.CASCADE, related_name="cast", verbose_name=_("reunión"))
    number = models.PositiveIntegerField(_("número de la papeleta"), null=True, blank=True)
    # Issue id → tokens.
    choices = models.JSONField(_("fichas"), default=dict)

    class Meta:
        verbose_name = _("papeleta emitida")
        verbose_name_plural = _("papeletas emitidas")
        constraints = [
            models.UniqueConstraint(fields=["gathering", "number"], name="paper_ballot_once"),
        ]

    def __str__(self) -> str:
        return f"{self.gathering_id} {self.number or '·'}"


class VoteCode(models.Model):
    """A printed code for one ballot from a phone; drawn from a bag, never handed out by name.

    Kept only as a digest. `receipt` is the digest of a random word the phone made, so that a phone
    whose answer was lost learns that its ballot had arrived; it does not lead to the ballot.
    """

    gathering = models.ForeignKey(Gathering, models.CASCADE, related_name="codes", verbose_name=_("reunión"))
    digest = models.CharField(max_length=64)
    receipt = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("código de votación")
        verbose_name_plural = _("códigos de votación")
        constraints = [
            models.UniqueConstraint(fields=["gathering", "digest"], name="vote_code_once"),
        ]

    def __str__(self) -> str:
        return f"{self.gathering_id} {'✓' if self.receipt else '·'}"


class MappedIssue(models.Model):
    """A problem that was put on the map in the room."""

    gathering = models.ForeignKey(Gathering, models.PROTECT, related_name="mapped", verbose_name=_("reunión"))
    issue = models.OneToOneField(Issue, models.PROTECT, related_name="mapped_in", verbose_name=_("problema"))

    class Meta:
        verbose_name = _("problema mapeado en la reunión")
        verbose_name_plural = _("problemas mapeados en la reunión")

    def __str__(self) -> str:
        return f"{self.gathering_id} {self.issue_id}"


class RoomMerge(models.Model):
    """What the room answered when asked whether two problems are the same."""

    gathering = models.ForeignKey(Gathering, models.PROTECT, related_name="merges", verbose_name=_("reunión"))
    duplicate = models.ForeignKey(Issue, models.PROTECT, related_name="+", verbose_name=_("duplicado"))
    into = models.ForeignKey(Issue, models.PROTECT, related_name="+", verbose_name=_("queda"))
    is_same = models.BooleanField(_("la sala dijo que sí"))

    class Meta:
        verbose_name = _("unión decidida en la sala")
        verbose_name_plural = _("uniones decididas en la sala")
        constraints = [
            models.UniqueConstraint(fields=["gathering", "duplicate", "into"], name="merge_asked_once"),
        ]

    def __str__(self) -> str:
        return f"{self.duplicate_id} {'=' if self.is_same else '≠'} {self.into_id}"


class MinuteKind(models.TextChoices):
    """What kind of thing was said."""

    AGREEMENT = "agreement", _("acuerdo")
    DISSENT = "dissent", _("desacuerdo")
    DECLINED = "declined", _("no se aceptó")


class Minute(models.Model):
    """Something the acta tells in words: an agreement, a dissent, what was not accepted and why."""

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
    """A correction of an acta that was read: it stands beside the text, never in its place."""

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
