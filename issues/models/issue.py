"""One problem at one place, and who may see and change it.

All geometry is EPSG:4326, x = longitude, y = latitude, degrees.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib.gis.db import models
from django.contrib.gis.geos import Point
from django.contrib.postgres.indexes import GinIndex, GistIndex, OpClass
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7

from accounts.models import Department, User
from core.constraints import can_be_seen
from core.letters import fold
from core.postgis.folding import Folded
from issues import workflow
from issues.index import LIFE_AT_RISK, SCALES
from issues.models.categories import Category, Privacy, Track
from issues.models.labels import CLOSING_CHOICES, Origin, Visibility
from issues.statuses import STATUS_CHOICES
from issues.workflow import ClosingKind, Status
from territories.geo import BBox, metres_between_sql
from territories.models import Territory

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


# Before any department has it; as two conditions the database writes an index down and reads it back alike.
WAITING = Q(status=Status.REGISTERED.value) | Q(status=Status.VALIDATED.value)


def _joined(*fields: str) -> Concat:
    texts = [Cast(field, models.TextField()) for field in fields]
    parts = [part for text in texts for part in (Value(" ", models.TextField()), text)]
    return Concat(*parts, output_field=models.TextField())


class IssueQuerySet(models.QuerySet["Issue"]):
    """Questions about issues in the words of the domain."""

    def public(self) -> IssueQuerySet:
        """What anyone may see one by one."""
        return self.filter(self._public_condition())

    def not_public(self) -> IssueQuerySet:
        """All that `public` leaves out; categories by number, so that the indexes find them."""
        reserved = Category.objects.exclude(privacy=Privacy.PUBLIC).order_by().values_list("pk", flat=True)
        return self.filter(~Q(visibility=Visibility.PUBLIC) | Q(category_id__in=list(reserved)))

    def visible_to(self, user: User | AnonymousUser) -> IssueQuerySet:
        """What this person may see; fetching through it is the permission check.

        Residents: public issues. Facilitators: also all of the own neighbourhoods and the own
        reports. Managers: also all of the own department. Cabinet, control and administration: everything.
        """
        if not user.is_authenticated:
            return self.public()
        if user.sees_everything or user.is_control or user.facilitates_everywhere:
            return self
        return self.filter(self._public_condition() | self._own_condition(user))

    def editable_by(self, user: User | AnonymousUser) -> IssueQuerySet:
        """What this person may change."""
        if not user.is_authenticated:
            return self.none()
        everything = user.sees_everything or user.facilitates_everywhere
        return self if everything else self.filter(self._own_condition(user))

    def hidden_or_shown_by(self, user: User | AnonymousUser) -> IssueQuerySet:
        """What this person may hide or show: what may be changed, and for the control office all."""
        return self if user.is_authenticated and user.is_control else self.editable_by(user)

    def locked(self, pk: UUID) -> Issue:
        """The stored issue, locked until the transaction ends; Issue.DoesNotExist without one.

        Without joins: a row that changed its category while the lock was waited for would find no partner
        in them, and be missing from the answer.
        """
        return self.select_for_update(no_key=True).get(pk=pk)

    def lock_in_order(self, keys: Iterable[UUID]) -> None:
        """Lock several until the transaction ends, by key: the one order is in docs/architecture.md.

        The keys themselves, not a question for them: before its first ANALYZE PostgreSQL asks it row by row.
        """
        rows = self.select_for_update(no_key=True).filter(pk__in=list(keys)).order_by("pk")
        list(rows.values_list("pk", flat=True))

    def open(self) -> IssueQuerySet:
        """Neither finished nor closed."""
        return self.filter(status__in=workflow.OPEN)

    def finished(self) -> IssueQuerySet:
        """Repaired, says the neighbourhood."""
        return self.filter(status__in=workflow.FINISHED)

    def overdue(self, today: dt.date) -> IssueQuerySet:
        """Open problems whose next deadline has passed."""
        return self.open().filter(due_date__lt=today)

    def matching(self, text: str) -> IssueQuerySet:
        """Problems whose reference, title, description or address holds every word, as `fold` compares."""
        found = self
        for word in fold(text).split() or text.lower().split():
            found = found.filter(search_text__contains=word)
        return found

    def in_bbox(self, bbox: BBox) -> IssueQuerySet:
        """Located inside a rectangle (EPSG:4326)."""
        return self.filter(location__coveredby=bbox.polygon())

    def within_metres(self, point: Point, metres: float) -> IssueQuerySet:
        """At most so many metres (geodesic) from a point in EPSG:4326."""
        return self.filter(metres_between_sql("location", point, metres))

    def _public_condition(self) -> Q:
        return Q(visibility=Visibility.PUBLIC, category__privacy=Privacy.PUBLIC)

    def _own_condition(self, user: User) -> Q:
        if user.is_manager:
            return Q(department_id=user.department_id)
        if user.is_facilitator:
            return Q(territory__code__in=user.territory_codes) | Q(created_by_id=user.pk)
        return Q(pk__in=[])


class Issue(models.Model):
    """One problem at one place, as neighbours reported it.

    `index` is I3 of the public index: 0–300, shown as index/3 with one decimal; NULL until all
    four levels are known. It is written by issues.life.registration and issues.life.edits only.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    reference = models.CharField(_("folio"), max_length=16, unique=True)
    title = models.CharField(_("problema"), max_length=140)
    description = models.TextField(_("descripción"), max_length=4000, blank=True)
    # No separate index, as for the neighbourhood: the one in Meta begins with it.
    category = models.ForeignKey(
        Category, models.PROTECT, db_index=False, related_name="issues", verbose_name=_("categoría")
    )
    location = models.PointField(_("ubicación"), srid=4326)
    # Radius in metres of the position as the device gave it; NULL when a person placed it.
    accuracy_m = models.FloatField(_("precisión (m)"), null=True, blank=True)
    moved_by_hand = models.BooleanField(_("movido a mano"), default=False)
    # The line or area where the problem is more than a point.
    # Queries ask for locations, never for shapes: no index.
    shape = models.GeometryField(_("línea o área"), srid=4326, null=True, blank=True, spatial_index=False)
    address = models.CharField(_("dirección o referencia"), max_length=200, blank=True)
    # As of the boundaries in force now; NULL means outside the commune, for a person to decide.
    # No separate index, as for the department: those in Meta begin with them.
    territory = models.ForeignKey(
        Territory,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="issues",
        verbose_name=_("barrio"),
    )
    # The neighbourhood on the day of the report; never changes.
    reported_territory = models.ForeignKey(
        Territory, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("barrio de origen")
    )
    origin = models.CharField(_("origen"), max_length=10, choices=Origin, default=Origin.WALK)
    visibility = models.CharField(
        _("visibilidad"), max_length=8, choices=Visibility, default=Visibility.PUBLIC
    )
    hidden_reason = models.CharField(_("motivo de ocultar"), max_length=300, blank=True)
    status = models.CharField(_("estado"), max_length=16, choices=STATUS_CHOICES, default=workflow.START)
    status_since = models.DateTimeField(_("en este estado desde"))
    closing_kind = models.CharField(_("tipo de cierre"), max_length=14, choices=CLOSING_CHOICES, blank=True)
    duplicate_of = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="duplicates",
        verbose_name=_("duplicado de"),
    )
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="issues",
        verbose_name=_("dirección"),
    )
    severity = models.PositiveSmallIntegerField(_("gravedad"), null=True, blank=True)
    reach = models.PositiveSmallIntegerField(_("alcance"), null=True, blank=True)
    duration = models.PositiveSmallIntegerField(_("tiempo"), null=True, blank=True)
    vulnerability = models.PositiveSmallIntegerField(_("vulnerabilidad"), null=True, blank=True)
    levels_evidence = models.TextField(_("en qué se basa el puntaje"), blank=True)
    index = models.PositiveSmallIntegerField(_("puntaje × 3"), null=True, blank=True)
    # Two accounts: who said the levels, and who confirmed them.
    levels_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, db_index=False, related_name="+", editable=False
    )
    levels_confirmed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, db_index=False, related_name="+", editable=False
    )
    committed_date = models.DateField(_("fecha comprometida"), null=True, blank=True)
    review_date = models.DateField(_("fecha de revisión"), null=True, blank=True)
    # The next day by which the responsible office has to act: receipt, answer, commitment or review.
    due_date = models.DateField(_("plazo"), null=True, blank=True)
    redirects = models.PositiveSmallIntegerField(_("derivaciones"), default=0)
    appealed = models.BooleanField(_("cierre apelado"), default=False)
    support_count = models.PositiveIntegerField(_("apoyos"), default=0)
    reported_at = models.DateTimeField(_("informado"))
    created_at = models.DateTimeField(_("recibido"), auto_now_add=True)
    updated_at = models.DateTimeField(_("actualizado"), auto_now=True)
    created_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reported_issues",
        verbose_name=_("registró"),
    )

    # Written by the database; search compares the words of `fold` with it.
    search_text = models.GeneratedField(
        expression=Folded(_joined("reference", "title", "description", "address")),
        output_field=models.TextField(),
        db_persist=True,
    )

    objects = IssueQuerySet.as_manager()

    class Meta:
        verbose_name = _("problema")
        verbose_name_plural = _("problemas")
        ordering = ["-reported_at", "-id"]
        constraints = [
            *(
                models.CheckConstraint(
                    name=f"issue_{level}_0_to_3",
                    condition=Q(**{f"{level}__isnull": True}) | Q(**{f"{level}__lte": 3}),
                )
                for level in SCALES
            ),
            can_be_seen("title", "issue_title_seen"),
            models.CheckConstraint(
                name="issue_index_0_to_300", condition=Q(index__isnull=True) | Q(index__lte=300)
            ),
            models.CheckConstraint(
                name="issue_levels_confirmed_by_another",
                condition=Q(levels_confirmed_by__isnull=True)
                | (
                    Q(levels_by__isnull=False, index__isnull=False)
                    & ~Q(levels_by=F("levels_confirmed_by"))
                    & ~Q(levels_evidence="")
                ),
            ),
            models.CheckConstraint(name="issue_status_known", condition=Q(status__in=list(Status))),
            models.CheckConstraint(
                name="issue_closed_has_kind", condition=~Q(status=Status.CLOSED) | ~Q(closing_kind="")
            ),
            models.CheckConstraint(
                name="issue_duplicate_names_the_other",
                condition=~Q(closing_kind=ClosingKind.DUPLICATE) | Q(duplicate_of__isnull=False),
            ),
            models.CheckConstraint(
                name="issue_on_hold_has_review_date",
                condition=~Q(status=Status.ON_HOLD) | Q(review_date__isnull=False),
            ),
            models.CheckConstraint(
                name="issue_hidden_has_reason",
                condition=~Q(visibility=Visibility.HIDDEN) | ~Q(hidden_reason=""),
            ),
            models.CheckConstraint(
                name="issue_redirects_limited", condition=Q(redirects__lte=workflow.MAX_REDIRECTS)
            ),
        ]
        indexes = [
            models.Index(
                F("territory"),
                F("index").desc(nulls_last=True),
                F("id"),
                include=["status", "category"],
                name="issue_territory_index",
            ),
            models.Index(
                F("department"), F("index").desc(nulls_last=True), F("id"), name="issue_department_index"
            ),
            models.Index(F("index").desc(nulls_last=True), F("id"), name="issue_index"),
            models.Index(
                F("department"),
                F("status"),
                F("index").desc(nulls_last=True),
                F("id"),
                name="issue_desk",
            ),
            models.Index(
                "territory",
                "category",
                "status",
                F("index").desc(nulls_last=True),
                "id",
                include=["department", "visibility", "origin"],
                name="issue_territory_category",
            ),
            models.Index(fields=["category", "status"], name="issue_category_status"),
            models.Index(F("reported_at").desc(), F("id").desc(), name="issue_recent"),
            models.Index(F("support_count").desc(), F("id"), name="issue_support"),
            models.Index(fields=["title", "id"], name="issue_title"),
            models.Index(fields=["updated_at", "id"], name="issue_updated"),
            GistIndex(Func("location", function="geography"), name="issue_geography"),
            GinIndex(OpClass("search_text", "gin_trgm_ops"), name="issue_search_trigram"),
            models.Index(fields=["due_date"], condition=Q(due_date__isnull=False), name="issue_due"),
            # The candidates of the next list, each neighbourhood's best first.
            models.Index(
                F("territory"),
                F("index").desc(nulls_last=True),
                F("id"),
                include=["category", "status", "origin"],
                condition=WAITING & Q(visibility=Visibility.PUBLIC) & ~Q(severity=LIFE_AT_RISK),
                name="issue_pending",
            ),
            # What the cabinet counts of handed-over problems: none of them is registered any more.
            models.Index(
                fields=["id"],
                include=["status", "territory", "category", "visibility", "due_date"],
                condition=~Q(status=Status.REGISTERED.value),
                name="issue_past_registered",
            ),
            models.Index(
                fields=["reported_at", "id"],
                condition=WAITING & Q(severity=LIFE_AT_RISK),
                name="issue_urgent_waiting",
            ),
            models.Index(
                fields=["territory", "committed_date"],
                condition=Q(committed_date__isnull=False),
                name="issue_promised",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    @property
    def is_open(self) -> bool:
        """Neither finished nor closed."""
        return self.status in workflow.OPEN

    @property
    def confirmed_index(self) -> int | None:
        """I3 as two accounts said it; None while nobody else has confirmed the levels."""
        return self.index if self.levels_confirmed_by_id else None

    @property
    def levels(self) -> tuple[int | None, int | None, int | None, int | None]:
        """Severity, reach, duration, vulnerability: each 0–3 or None."""
        return (self.severity, self.reach, self.duration, self.vulnerability)

    @property
    def is_unverified(self) -> bool:
        """Reported as done, and the time to judge it passed in silence."""
        return self.status == Status.DONE_UNVERIFIED

    @property
    def is_urgent(self) -> bool:
        """Risk to life or an urgent category: leaves the ranking and is sent at once."""
        return self.severity == 3 or self.category.track == Track.URGENT


class ReferenceCounter(models.Model):
    """The last number given out in a year: M-2026-000123."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)
