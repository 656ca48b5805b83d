"""Published lists, the places in them, coefficients and overrides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.gis.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Department, User
from core.constraints import can_be_seen
from gatherings.models import Gathering
from issues.index import Weights
from issues.models import Issue, Privacy, Track, Visibility
from rankings.asking import MAX_ASKER, AskedBy, WhoAsked, says_who_asked
from territories.models import Territory

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class CoefficientTable(models.Model):
    """One yearly table of coefficients, entered with the council's decision; the newest is in force.

    `hundredths` maps a neighbourhood's code (as text) to c in hundredths, 70–140; absent means 100.
    """

    year = models.PositiveSmallIntegerField(_("año"))
    decision = models.CharField(_("acuerdo del concejo"), max_length=200)
    hundredths = models.JSONField(_("coeficientes (centésimas)"), default=dict)
    author = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("autor"))
    since = models.DateTimeField(_("desde"), auto_now_add=True)

    class Meta:
        verbose_name = _("coeficientes")
        verbose_name_plural = _("coeficientes")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.year}: {self.decision}"


class RankedListQuerySet(models.QuerySet["RankedList"]):
    """Questions about published lists."""

    def visible_to(self, user: User | AnonymousUser) -> RankedListQuerySet:
        """Published lists are public: everyone sees every list."""
        return self

    def latest_of(self, track: str) -> RankedListQuerySet:
        """The newest list of a track: none or one."""
        return self.filter(track=track).order_by("-number")[:1]

    def before(self, ranked_list: RankedList) -> RankedListQuerySet:
        """The list of the same track that this one followed: none or one."""
        return self.filter(track=ranked_list.track, number__lt=ranked_list.number).order_by("-number")[:1]

    def with_clock(self) -> RankedListQuerySet:
        """Each with `.is_clock_corrected`: the list of the number before says a later moment."""
        later = self.model.objects.filter(
            number=OuterRef("number") - 1, published_at__gt=OuterRef("published_at")
        )
        return self.annotate(is_clock_corrected=Exists(later))

    def without_document(self) -> RankedListQuerySet:
        """The same rows without the whole text, for pages."""
        return self.defer("document")


class RankedList(models.Model):
    """A published list: frozen, numbered, chained by digest. The database refuses any change."""

    number = models.PositiveIntegerField(_("número"), unique=True)
    track = models.CharField(_("pista"), max_length=10, choices=Track)
    published_at = models.DateTimeField(_("publicada"))
    published_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("publicó"))
    office = models.CharField(_("oficina"), max_length=120)
    # Canonical JSON text; `digest` is its SHA-256 and `previous_digest` the one of list number - 1.
    document = models.TextField(_("documento"))
    digest = models.CharField(_("huella"), max_length=64, unique=True)
    previous_digest = models.CharField(_("huella de la lista anterior"), max_length=64, blank=True)
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="corrections", verbose_name=_("corrige a")
    )

    objects = RankedListQuerySet.as_manager()

    class Meta:
        verbose_name = _("lista de prioridades")
        verbose_name_plural = _("listas de prioridades")
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"Lista {self.number}"


class ListPlaceQuerySet(models.QuerySet["ListPlace"]):
    """Questions about places of published lists."""

    def of_territory(self, code: int) -> ListPlaceQuerySet:
        """Places of one neighbourhood, whatever set of boundaries named it."""
        return self.filter(territory__code=code)

    def from_place(self, number: int) -> ListPlaceQuerySet:
        """Places from a number on, in the order of the list."""
        return self.filter(place__gte=number).order_by("place")


class ListPlace(models.Model):
    """One place of a published list, copied out of the document for joins and filters."""

    ranked_list = models.ForeignKey(
        RankedList, models.PROTECT, related_name="places", verbose_name=_("lista")
    )
    place = models.PositiveIntegerField(_("lugar"))
    # The place the rule alone gave; differs where an override moved the item.
    rule_place = models.PositiveIntegerField(_("lugar según la regla"))
    round = models.PositiveIntegerField(_("ronda"))
    issue = models.ForeignKey(Issue, models.PROTECT, related_name="places", verbose_name=_("problema"))
    territory = models.ForeignKey(Territory, models.PROTECT, related_name="+", verbose_name=_("barrio"))
    # j-th pending problem of its neighbourhood; k = e + j.
    position_in_territory = models.PositiveIntegerField(_("orden en su barrio"))
    k = models.PositiveIntegerField()
    index = models.PositiveSmallIntegerField(_("puntaje × 3"), null=True)
    tokens = models.PositiveIntegerField(_("fichas"), null=True)
    tokens_possible = models.PositiveIntegerField(_("fichas posibles"), null=True)
    people = models.PositiveIntegerField(_("personas"), null=True)
    gathering = models.ForeignKey(
        Gathering, models.PROTECT, null=True, related_name="+", verbose_name=_("reunión")
    )
    is_provisional = models.BooleanField(_("provisorio"))
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, related_name="+", verbose_name=_("dirección")
    )
    # Two sentences, one a line: the place in the neighbourhood, the place in the city.
    reason = models.TextField(_("por qué está en este lugar"))

    objects = ListPlaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("lugar")
        verbose_name_plural = _("lugares")
        ordering = ["ranked_list", "place"]
        constraints = [
            models.UniqueConstraint(fields=["ranked_list", "place"], name="place_once_per_list"),
            models.UniqueConstraint(fields=["ranked_list", "issue"], name="issue_once_per_list"),
            models.CheckConstraint(
                name="place_from_1", condition=Q(place__gte=1, rule_place__gte=1, round__gte=1)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ranked_list_id}/{self.place}"

    @property
    def reasons(self) -> list[str]:
        """The two sentences."""
        return self.reason.splitlines()

    @property
    def is_moved(self) -> bool:
        """Whether it stands elsewhere than the rule alone would put it."""
        return self.place != self.rule_place


class OverrideQuerySet(models.QuerySet["Override"]):
    """Questions about changes of place."""

    def waiting(self) -> OverrideQuerySet:
        """Written down and not yet used by a list, the oldest first."""
        return self.filter(used_in__isnull=True).order_by("id")


class Override(models.Model):
    """Moving an item on the next list against the rule: needs a public reason and its author's office."""

    issue = models.ForeignKey(Issue, models.PROTECT, related_name="overrides", verbose_name=_("problema"))
    to_place = models.PositiveIntegerField(_("al lugar"))
    reason = models.TextField(_("motivo público"))
    author = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("autor"))
    office = models.CharField(_("oficina"), max_length=120)
    asked_by = models.CharField(_("quién lo pidió"), max_length=12, choices=AskedBy)
    # The organisation, the office or the number of the audience; empty for nobody.
    asker = models.CharField(_("nombre o número"), max_length=MAX_ASKER, blank=True)
    at = models.DateTimeField(_("cuándo"), auto_now_add=True)
    # Empty until a list used it.
    used_in = models.ForeignKey(
        RankedList, models.PROTECT, null=True, blank=True, related_name="overrides", verbose_name=_("lista")
    )

    objects = OverrideQuerySet.as_manager()

    class Meta:
        verbose_name = _("cambio de lugar")
        verbose_name_plural = _("cambios de lugar")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(name="override_has_reason", condition=~Q(reason="")),
            models.CheckConstraint(name="override_says_who_asked", condition=says_who_asked()),
            models.CheckConstraint(name="override_from_1", condition=Q(to_place__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.issue_id} → {self.to_place}"

    @property
    def who_asked(self) -> WhoAsked:
        """Who asked for it."""
        return WhoAsked(self.asked_by, self.asker)

    @property
    def is_shown(self) -> bool:
        """Whether its reason and who asked may be read: they go with their problem."""
        is_open = self.issue.category.privacy == Privacy.PUBLIC
        return is_open and self.issue.visibility == Visibility.PUBLIC


class ListTextQuerySet(models.QuerySet["ListText"]):
    """Questions about texts of lists."""

    def public(self) -> ListTextQuerySet:
        """What anybody may read now: neither erased nor about a problem that is hidden."""
        shown = self.filter(issue__visibility=Visibility.PUBLIC, issue__category__privacy=Privacy.PUBLIC)
        return shown.exclude(salt="")

    def of_list(self, ranked_list: RankedList) -> ListTextQuerySet:
        """Texts about the problems of a list; some of them only other lists may say."""
        return self.filter(issue__in=ranked_list.places.values("issue"))


class ListText(models.Model):
    """A free text that lists commit to: their digests hold the commitment, this row what opens it.

    The same text about the same problem keeps its salt from list to list. Empty text and salt: erased.
    """

    issue = models.ForeignKey(Issue, models.PROTECT, related_name="+", verbose_name=_("problema"))
    commitment = models.CharField(_("huella del texto"), max_length=64, unique=True)
    salt = models.CharField(_("sal"), max_length=32, blank=True)
    text = models.TextField(_("texto"), blank=True)

    objects = ListTextQuerySet.as_manager()

    class Meta:
        verbose_name = _("texto de una lista")
        verbose_name_plural = _("textos de listas")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="list_text_with_salt", condition=Q(text="", salt="") | (~Q(text="") & ~Q(salt=""))
            ),
        ]

    def __str__(self) -> str:
        return self.commitment


class ScenarioQuerySet(models.QuerySet["Scenario"]):
    """Questions about what-if computations."""

    def visible_to(self, user: User | AnonymousUser) -> ScenarioQuerySet:
        """Cabinet and administration see all of them, others none."""
        return self if user.is_authenticated and user.sees_everything else self.none()


class Scenario(models.Model):
    """«What if»: other weights and coefficients, kept with their author. Publishing never reads them."""

    name = models.CharField(_("nombre"), max_length=120)
    track = models.CharField(_("pista"), max_length=10, choices=Track)
    severity = models.PositiveSmallIntegerField(_("gravedad"), default=40)
    reach = models.PositiveSmallIntegerField(_("alcance"), default=30)
    duration = models.PositiveSmallIntegerField(_("tiempo"), default=20)
    vulnerability = models.PositiveSmallIntegerField(_("vulnerabilidad"), default=10)
    # Neighbourhood's code (as text) → c in hundredths; absent means 100.
    hundredths = models.JSONField(_("coeficientes (centésimas)"), default=dict, blank=True)
    author = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("autor"))
    office = models.CharField(_("oficina"), max_length=120)
    at = models.DateTimeField(_("cuándo"), auto_now_add=True)

    objects = ScenarioQuerySet.as_manager()

    class Meta:
        verbose_name = _("ensayo")
        verbose_name_plural = _("ensayos")
        ordering = ["-id"]
        constraints = [
            can_be_seen("name", "scenario_name_seen"),
            models.CheckConstraint(
                name="scenario_weights_sum_100",
                condition=Q(severity=100 - F("reach") - F("duration") - F("vulnerability")),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def weights(self) -> Weights:
        """Its weights of the index."""
        return Weights(self.severity, self.reach, self.duration, self.vulnerability)
