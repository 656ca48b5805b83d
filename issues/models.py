"""What: problems, their categories and routing, photos, and the append-only history of each.

All geometry is EPSG:4326, x = longitude, y = latitude, degrees.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.contrib.gis.db import models
from django.contrib.gis.geos import Point
from django.contrib.postgres.indexes import GinIndex, GistIndex, OpClass
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Cast, Concat, Lower
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7

from accounts.models import Department, User
from issues import workflow
from issues.workflow import ClosingKind, Status
from territories.geo import BBox, metres_between_sql
from territories.models import Territory

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

STATUS_LABELS = {
    Status.REGISTERED: _("registrado"),
    Status.VALIDATED: _("validado por el barrio"),
    Status.HANDED_OVER: _("entregado"),
    Status.ACKNOWLEDGED: _("con acuse"),
    Status.SCHEDULED: _("programado"),
    Status.IN_PROGRESS: _("en ejecución"),
    Status.ON_HOLD: _("en pausa"),
    Status.REPORTED_DONE: _("informado como listo"),
    Status.VERIFIED: _("verificado por el barrio"),
    Status.DONE_UNVERIFIED: _("listo sin verificar"),
    Status.CLOSED: _("cerrado"),
}
CLOSING_LABELS = {
    ClosingKind.DUPLICATE: _("duplicado"),
    ClosingKind.OTHER_BODY: _("de otro organismo"),
    ClosingKind.NOT_FEASIBLE: _("no factible"),
    ClosingKind.WITHDRAWN: _("retirado"),
    ClosingKind.OUTSIDE: _("fuera de la comuna"),
}
STATUS_CHOICES = [(status.value, label) for status, label in STATUS_LABELS.items()]
CLOSING_CHOICES = [(kind.value, label) for kind, label in CLOSING_LABELS.items()]


ACCENTED, UNACCENTED = "áéíóúüñàèìòùâêîôûäëïöç", "aeiouunaeiouaeiouaeioc"


def fold(text: str) -> str:
    """Lower case without accents, as the database writes `Issue.search_text`."""
    return text.lower().translate(str.maketrans(ACCENTED, UNACCENTED))


def _joined(*fields: str) -> Concat:
    texts = [Cast(field, models.TextField()) for field in fields]
    parts = [part for text in texts for part in (Value(" ", models.TextField()), text)]
    return Concat(*parts, output_field=models.TextField())


class Track(models.TextChoices):
    """Which of the contests a problem takes part in."""

    MANAGEMENT = "gestion", _("gestión: contratos en curso")
    INVESTMENT = "inversion", _("inversión: necesita un proyecto")
    URGENT = "urgencia", _("urgencia: se envía de inmediato")
    REFERRAL = "derivacion", _("derivación: de otro organismo")


class Privacy(models.TextChoices):
    """How much of a category's problems the public may see."""

    PUBLIC = "publico", _("público")
    AGGREGATED = "reservado", _("solo en cifras por barrio")
    NEVER = "nunca_publico", _("nunca público")


class CategoryGroup(models.Model):
    """A family of categories with one icon."""

    code = models.SlugField(_("código"), max_length=10, unique=True)
    name = models.CharField(_("nombre"), max_length=80)
    # Name of an icon in static/icons/categories.svg.
    icon = models.SlugField(_("ícono"), max_length=30)
    position = models.PositiveSmallIntegerField(_("orden"), default=0)

    class Meta:
        verbose_name = _("grupo de categorías")
        verbose_name_plural = _("grupos de categorías")
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.name


class CategoryQuerySet(models.QuerySet):
    """Questions about categories."""

    def open(self) -> CategoryQuerySet:
        """Categories in which a problem may be registered now."""
        return self.filter(is_open=True)

    def public(self) -> CategoryQuerySet:
        """Categories whose problems may appear one by one."""
        return self.filter(privacy=Privacy.PUBLIC)


class Category(models.Model):
    """A kind of problem: who answers, in which track, within how many days, how private."""

    code = models.CharField(_("código"), max_length=20, unique=True)
    group = models.ForeignKey(
        CategoryGroup, models.PROTECT, related_name="categories", verbose_name=_("grupo")
    )
    name = models.CharField(_("nombre"), max_length=120)
    example = models.CharField(_("ejemplo"), max_length=200, blank=True)
    geometry = models.CharField(
        _("forma"),
        max_length=10,
        choices=[("point", _("punto")), ("line", _("línea")), ("area", _("área"))],
        default="point",
    )
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="categories",
        verbose_name=_("dirección responsable"),
    )
    responsible = models.CharField(_("responsable según la fuente"), max_length=160, blank=True)
    competence = models.CharField(
        _("competencia"),
        max_length=12,
        choices=[
            ("municipal", _("municipal")),
            ("smapa", _("SMAPA")),
            ("compartida", _("compartida")),
            ("externa", _("externa")),
            ("privada", _("privada")),
            ("segun_dueno", _("según el dueño")),
        ],
        default="municipal",
    )
    outside_body = models.CharField(_("organismo externo"), max_length=120, blank=True)
    track = models.CharField(_("pista"), max_length=10, choices=Track, default=Track.MANAGEMENT)
    suggested_severity = models.PositiveSmallIntegerField(_("gravedad sugerida"), default=1)
    response_days = models.PositiveSmallIntegerField(_("plazo orientador (días)"), default=30)
    privacy = models.CharField(_("privacidad"), max_length=14, choices=Privacy, default=Privacy.PUBLIC)
    is_confirmed = models.BooleanField(_("confirmada por una fuente pública"), default=False)
    is_open = models.BooleanField(_("abierta"), default=True)
    position = models.PositiveSmallIntegerField(_("orden"), default=0)

    objects = CategoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("categoría")
        verbose_name_plural = _("categorías")
        ordering = ["group__position", "position", "code"]
        constraints = [
            models.CheckConstraint(name="category_severity_0_to_3", condition=Q(suggested_severity__lte=3)),
        ]

    def __str__(self) -> str:
        return self.name


class RoutingRule(models.Model):
    """«Problems of this category in this neighbourhood go to this department»; the first that fits wins."""

    position = models.PositiveIntegerField(_("orden"))
    category = models.ForeignKey(
        Category, models.CASCADE, null=True, blank=True, verbose_name=_("categoría"), related_name="rules"
    )
    # Empty means every neighbourhood.
    territory_code = models.PositiveIntegerField(_("número del barrio"), null=True, blank=True)
    department = models.ForeignKey(
        Department, models.PROTECT, verbose_name=_("dirección"), related_name="rules"
    )

    class Meta:
        verbose_name = _("regla de derivación")
        verbose_name_plural = _("reglas de derivación")
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return f"{self.position}: {self.category or '*'} × {self.territory_code or '*'} → {self.department}"


class IndexWeights(models.Model):
    """One version of the weights of the public index; the newest is in force, older ones stay."""

    severity = models.PositiveSmallIntegerField(_("gravedad"), default=40)
    reach = models.PositiveSmallIntegerField(_("alcance"), default=30)
    duration = models.PositiveSmallIntegerField(_("tiempo"), default=20)
    vulnerability = models.PositiveSmallIntegerField(_("vulnerabilidad"), default=10)
    reason = models.TextField(_("motivo"))
    author = models.ForeignKey(User, models.PROTECT, null=True, verbose_name=_("autor"), related_name="+")
    since = models.DateTimeField(_("desde"), auto_now_add=True)

    class Meta:
        verbose_name = _("pesos del puntaje")
        verbose_name_plural = _("pesos del puntaje")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="index_weights_sum_100",
                condition=Q(severity=100 - F("reach") - F("duration") - F("vulnerability")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.severity}/{self.reach}/{self.duration}/{self.vulnerability}"


class Visibility(models.TextChoices):
    """Who may see an issue; independent of its status."""

    DRAFT = "draft", _("borrador")
    REVIEW = "review", _("en revisión")
    PUBLIC = "public", _("público")
    STAFF = "staff", _("solo el equipo")
    HIDDEN = "hidden", _("oculto con motivo")


class Origin(models.TextChoices):
    """Where an issue was told."""

    WALK = "walk", _("caminata")
    GATHERING = "gathering", _("reunión barrial")
    RESIDENT = "resident", _("vecina o vecino")
    OPEN311 = "open311", _("otro sistema")
    OFFICE = "office", _("oficina")


class IssueQuerySet(models.QuerySet):
    """Questions about issues in the words of the domain."""

    def public(self) -> IssueQuerySet:
        """What anyone may see one by one."""
        return self.filter(visibility=Visibility.PUBLIC, category__privacy=Privacy.PUBLIC)

    def visible_to(self, user: User | AnonymousUser) -> IssueQuerySet:
        """What this person may see; fetching through it is the permission check.

        Residents: public issues. Facilitators: also all of the own neighbourhoods and the own
        reports. Managers: also all of the own department. Cabinet and administration: everything.
        """
        if not user.is_authenticated:
            return self.public()
        if user.sees_everything:
            return self
        return self.filter(self._public_condition() | self._own_condition(user))

    def editable_by(self, user: User | AnonymousUser) -> IssueQuerySet:
        """What this person may change."""
        if not user.is_authenticated:
            return self.none()
        return self if user.sees_everything else self.filter(self._own_condition(user))

    def locked(self, pk: int) -> Issue:
        """The stored issue, locked until the transaction ends; Issue.DoesNotExist without one.

        Without joins: a row that changed its category while the lock was waited for would find no partner
        in them, and be missing from the answer.
        """
        return self.select_for_update().get(pk=pk)

    def open(self) -> IssueQuerySet:
        """Neither finished nor closed."""
        return self.filter(status__in=workflow.OPEN)

    def finished(self) -> IssueQuerySet:
        """Repaired: verified, or told as done and not disputed in time."""
        return self.filter(status__in=workflow.FINISHED)

    def overdue(self, today: dt.date) -> IssueQuerySet:
        """Open problems whose next deadline has passed."""
        return self.open().filter(due_date__lt=today)

    def matching(self, text: str) -> IssueQuerySet:
        """Problems whose reference, title, description or address holds every word; accents do not matter."""
        found = self
        for word in fold(text).split():
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
    """One problem at one place, as neighbours told it.

    `index` is I3 of the public index: 0–300, shown as index/3 with one decimal; NULL until all
    four levels are known. It is written by issues.registration and issues.levels only.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    reference = models.CharField(_("folio"), max_length=16, unique=True)
    title = models.CharField(_("problema"), max_length=140)
    description = models.TextField(_("descripción"), max_length=4000, blank=True)
    category = models.ForeignKey(Category, models.PROTECT, related_name="issues", verbose_name=_("categoría"))
    location = models.PointField(_("ubicación"), srid=4326)
    # Radius in metres of the position as the device told it; NULL when a person placed it.
    accuracy_m = models.FloatField(_("precisión (m)"), null=True, blank=True)
    moved_by_hand = models.BooleanField(_("movido a mano"), default=False)
    # The line or area where the problem is more than a point.
    # Nobody asks where shapes are, only where locations are: no index of its own.
    shape = models.GeometryField(_("línea o área"), srid=4326, null=True, blank=True, spatial_index=False)
    address = models.CharField(_("dirección o referencia"), max_length=200, blank=True)
    # As of the boundaries in force now; NULL means outside the commune, for a person to decide.
    # Without an index of its own, like the department: those in Meta begin with them.
    territory = models.ForeignKey(
        Territory,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="issues",
        verbose_name=_("barrio"),
    )
    # As of the day it was reported; never changes.
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

    # Lower case without accents, written by the database; search compares with it.
    search_text = models.GeneratedField(
        expression=Func(
            Lower(_joined("reference", "title", "description", "address")),
            Value(ACCENTED),
            Value(UNACCENTED),
            function="translate",
            output_field=models.TextField(),
        ),
        output_field=models.TextField(),
        db_persist=True,
    )

    objects = IssueQuerySet.as_manager()

    class Meta:
        verbose_name = _("problema")
        verbose_name_plural = _("problemas")
        ordering = ["-reported_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name=f"issue_{level}_0_to_3",
                condition=Q(**{f"{level}__isnull": True}) | Q(**{f"{level}__lte": 3}),
            )
            for level in ("severity", "reach", "duration", "vulnerability")
        ] + [
            models.CheckConstraint(
                name="issue_index_0_to_300", condition=Q(index__isnull=True) | Q(index__lte=300)
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
            models.Index(F("reported_at").desc(), F("id").desc(), name="issue_recent"),
            models.Index(F("support_count").desc(), F("id"), name="issue_support"),
            models.Index(fields=["title", "id"], name="issue_title"),
            models.Index(fields=["updated_at", "id"], name="issue_updated"),
            GistIndex(Func("location", function="geography"), name="issue_geography"),
            GinIndex(OpClass("search_text", "gin_trgm_ops"), name="issue_search_trigram"),
            models.Index(fields=["due_date"], condition=Q(due_date__isnull=False), name="issue_due"),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    @property
    def is_open(self) -> bool:
        """Neither finished nor closed."""
        return self.status in workflow.OPEN

    @property
    def levels(self) -> tuple[int | None, int | None, int | None, int | None]:
        """Severity, reach, duration, vulnerability: each 0–3 or None."""
        return (self.severity, self.reach, self.duration, self.vulnerability)

    @property
    def is_urgent(self) -> bool:
        """Risk to life or an urgent category: leaves the contest and is sent at once."""
        return self.severity == 3 or self.category.track == Track.URGENT


class ReferenceCounter(models.Model):
    """The last number given out in a year: M-2026-000123."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)


class Reporter(models.Model):
    """Who told a problem, kept apart from it, seen only by those who need it, expiring by itself."""

    issue = models.OneToOneField(Issue, models.CASCADE, related_name="reporter", verbose_name=_("problema"))
    name = models.CharField(_("nombre"), max_length=120, blank=True)
    email = models.EmailField(_("correo"), blank=True)
    phone = models.CharField(_("teléfono"), max_length=40, blank=True)
    expires_on = models.DateField(_("se borra el"))

    class Meta:
        verbose_name = _("quien informó")
        verbose_name_plural = _("quienes informaron")

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} #{self.issue_id}"


class PhotoKind(models.TextChoices):
    """When a photo was taken in the life of its issue."""

    BEFORE = "before", _("antes")
    DURING = "during", _("durante")
    AFTER = "after", _("después")


class PhotoReview(models.TextChoices):
    """Whether a person has looked at a photo; only approved ones are public."""

    PENDING = "pending", _("por revisar")
    APPROVED = "approved", _("aprobada")
    REFUSED = "refused", _("rechazada")


class PhotoQuerySet(models.QuerySet):
    """Questions about photos."""

    def public(self) -> PhotoQuerySet:
        """Approved photos of public issues."""
        return self.filter(
            review=PhotoReview.APPROVED,
            issue__visibility=Visibility.PUBLIC,
            issue__category__privacy=Privacy.PUBLIC,
        )

    def visible_to(self, user: User | AnonymousUser) -> PhotoQuerySet:
        """Public photos, and every photo of the issues this person may work on."""
        if not user.is_authenticated:
            return self.public()
        own = Issue.objects.editable_by(user)
        return self.filter(Q(pk__in=self.public().values("pk")) | Q(issue__in=own))

    def pending(self) -> PhotoQuerySet:
        """Photos nobody has looked at yet, the oldest first."""
        return self.filter(review=PhotoReview.PENDING).order_by("added_at", "id")

    def reviewable_by(self, user: User | AnonymousUser) -> PhotoQuerySet:
        """Photos this person may approve, blur or refuse.

        The neighbourhood's facilitator, the cabinet and the administration; never the department
        whose own work the photo shows.
        """
        if not user.is_authenticated or not (user.is_facilitator or user.sees_everything):
            return self.none()
        return self.filter(issue__in=Issue.objects.editable_by(user))


def photo_path(photo: Photo, _name: str) -> str:
    """Where a photo is stored, below MEDIA_ROOT: its own id decides, never a name that came in."""
    return f"photos/{photo.id.hex[-2:]}/{photo.id}.jpg"


class Photo(models.Model):
    """A picture of a problem: re-encoded JPEG, without metadata, at most 1600 px wide or high."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    issue = models.ForeignKey(Issue, models.CASCADE, related_name="photos", verbose_name=_("problema"))
    file = models.ImageField(_("archivo"), upload_to=photo_path, width_field="width", height_field="height")
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    # Of the bytes as they arrived: the same photo sent twice is one photo.
    received_sha256 = models.CharField(max_length=64)
    kind = models.CharField(_("momento"), max_length=6, choices=PhotoKind, default=PhotoKind.BEFORE)
    review = models.CharField(_("revisión"), max_length=8, choices=PhotoReview, default=PhotoReview.PENDING)
    # Rectangles to blur, [x, y, width, height] in pixels of the stored picture.
    blurs = models.JSONField(_("zonas borrosas"), default=list, blank=True)
    caption = models.CharField(_("descripción"), max_length=200, blank=True)
    added_at = models.DateTimeField(_("agregada"), auto_now_add=True)
    added_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("agregó"))

    objects = PhotoQuerySet.as_manager()

    class Meta:
        verbose_name = _("foto")
        verbose_name_plural = _("fotos")
        ordering = ["added_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["issue", "received_sha256"], name="photo_once_per_issue"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.id}"


class EntryKind(models.TextChoices):
    """What a line of the history tells."""

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
    """

    issue = models.ForeignKey(
        Issue, models.PROTECT, null=True, blank=True, related_name="history", verbose_name=_("problema")
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
    previous_hash = models.CharField(max_length=64, editable=False, default="")
    hash = models.CharField(max_length=64, editable=False, default="")

    class Meta:
        verbose_name = _("línea de la historia")
        verbose_name_plural = _("historia")
        ordering = ["id"]
        indexes = [
            models.Index(fields=["issue", "id"], name="history_of_issue"),
            models.Index(fields=["at"], name="history_at"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d} {self.kind} {self.from_value} → {self.to_value}"


class DailyHead(models.Model):
    """The public seal of one day: SHA-256 over the head before and the day's line hashes in order."""

    day = models.DateField(_("día"), primary_key=True)
    entries = models.PositiveIntegerField(_("líneas"))
    last_entry = models.PositiveBigIntegerField(_("última línea"))
    previous_digest = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("sello diario")
        verbose_name_plural = _("sellos diarios")
        ordering = ["-day"]

    def __str__(self) -> str:
        return f"{self.day} {self.digest[:12]}"


class Support(models.Model):
    """«Me sumo»: counted once per person or organisation, which is kept only as a keyed digest."""

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="supports", verbose_name=_("problema"))
    supporter = models.CharField(max_length=64)
    at = models.DateTimeField(_("cuándo"), auto_now_add=True)

    class Meta:
        verbose_name = _("apoyo")
        verbose_name_plural = _("apoyos")
        constraints = [models.UniqueConstraint(fields=["issue", "supporter"], name="support_once_each")]

    def __str__(self) -> str:
        return f"{self.issue_id}"
