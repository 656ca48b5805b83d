"""Dated sets of neighbourhood boundaries, and the places people name.

All geometry is EPSG:4326, x = longitude, y = latitude, degrees.
"""

from __future__ import annotations

import datetime as dt

from django.contrib.gis.db import models
from django.contrib.gis.db.models.functions import Distance, IsValid
from django.contrib.gis.geos import Point
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex, GistIndex, OpClass
from django.db.models import F, Func, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.constraints import can_be_seen
from territories.geo import metres_between_sql

# xmin and ctid: which transaction wrote a row last, and where it lies since.
VERSION = """(
    SELECT md5(concat(
        territories_boundaryset.xmin, territories_boundaryset.ctid,
        string_agg(concat_ws(':', t.id, t.xmin, t.ctid), ',' ORDER BY t.id)
    ))
    FROM territories_territory t WHERE t.boundary_set_id = %(expressions)s
)"""


class BoundarySetQuerySet(models.QuerySet["BoundarySet"]):
    """Questions about sets of boundaries."""

    def active(self) -> BoundarySetQuerySet:
        """Sets that were put in force; their periods never overlap."""
        return self.filter(is_active=True)

    def valid_on(self, day: dt.date) -> BoundarySetQuerySet:
        """The set in force on a day: none or one."""
        return self.active().filter(valid__contains=day)

    def in_force(self) -> BoundarySetQuerySet:
        """The set in force now: the active one whose period is open."""
        return self.active().filter(valid__endswith__isnull=True)

    def with_version(self) -> BoundarySetQuerySet:
        """Sets with `.version`: a text that changes with the set or any of its neighbourhoods."""
        return self.annotate(version=Func(F("pk"), template=VERSION, output_field=models.CharField()))


class BoundarySet(models.Model):
    """One file of neighbourhood boundaries as it was loaded, with the period it was in force."""

    name = models.CharField(_("nombre"), max_length=120)
    source = models.CharField(_("fuente"), max_length=300)
    licence = models.CharField(_("licencia"), max_length=120, blank=True)
    is_approximate = models.BooleanField(_("límites aproximados"), default=False)
    drawn_on = models.DateField(_("fecha de los límites"), null=True, blank=True)
    file_name = models.CharField(_("archivo"), max_length=255)
    file_sha256 = models.CharField(_("huella del archivo"), max_length=64)
    original_crs = models.CharField(_("sistema de referencia original"), max_length=200)
    original_encoding = models.CharField(_("codificación original"), max_length=40, blank=True)
    # How the file was read (layer, columns, …): the same file read in another way is another set.
    options = models.JSONField(_("opciones de lectura"), default=dict)
    report = models.JSONField(_("informe de la carga"), default=dict)
    # SVG text, drawn while the file was examined.
    picture = models.TextField(_("imagen del informe"), blank=True)
    loaded_at = models.DateTimeField(_("cargado"), auto_now_add=True)
    is_active = models.BooleanField(_("en uso"), default=False)
    # Half-open [from, to): NULL means never activated, an open end means in force today.
    valid = DateRangeField(_("vigencia"), null=True, blank=True)

    # Of rows of `with_version`.
    version: str

    objects = BoundarySetQuerySet.as_manager()

    class Meta:
        verbose_name = _("límites")
        verbose_name_plural = _("límites")
        ordering = ["-loaded_at", "-id"]
        constraints = [
            can_be_seen("name", "boundary_set_name_seen"),
            ExclusionConstraint(
                name="boundary_sets_never_overlap",
                expressions=[("valid", RangeOperators.OVERLAPS)],
                condition=Q(is_active=True),
            ),
            models.CheckConstraint(
                name="active_boundary_set_has_period",
                condition=Q(is_active=False) | Q(valid__isnull=False),
            ),
            # An empty period has no end, and would pass for one that is open.
            models.CheckConstraint(
                name="boundary_set_period_not_empty",
                condition=Q(valid__isnull=True) | Q(valid__isempty=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Activation(models.Model):
    """One change of the boundaries in force, kept so that it can be undone."""

    boundary_set = models.ForeignKey(
        BoundarySet, models.PROTECT, related_name="activations", verbose_name=_("límites")
    )
    # The set in force until then, and its period, to go back to; NULL for the first.
    previous = models.ForeignKey(
        BoundarySet, models.PROTECT, null=True, related_name="+", verbose_name=_("límites anteriores")
    )
    previous_valid = DateRangeField(_("vigencia anterior"), null=True)
    at = models.DateTimeField(_("cuándo"))
    # A name, not a row: people stand to the right of territories.
    actor = models.CharField(_("quién"), max_length=150, blank=True)
    undone_at = models.DateTimeField(_("deshecho"), null=True)
    undone_by = models.CharField(_("quién lo deshizo"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("activación de límites")
        verbose_name_plural = _("activaciones de límites")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d} {self.boundary_set}"


class BoundaryAct(models.TextChoices):
    """Acts on a set of boundaries."""

    ACTIVATE = "activate", _("poner en uso")
    UNDO = "undo", _("deshacer")


class BoundaryChangeQuerySet(models.QuerySet["BoundaryChange"]):
    """Questions about changes that take a while."""

    def unfinished(self) -> BoundaryChangeQuerySet:
        """Neither done nor refused."""
        return self.filter(done_at__isnull=True, trouble="")

    def waiting(self, now: dt.datetime) -> BoundaryChangeQuerySet:
        """Asked for, and a worker may still take them up."""
        return self.unfinished().filter(
            begun_at__isnull=True, asked_at__gt=now - BoundaryChange.STARTS_WITHIN
        )

    def begun(self) -> BoundaryChangeQuerySet:
        """Taken up by a worker, which is at it or died."""
        return self.unfinished().filter(begun_at__isnull=False)


class BoundaryChange(models.Model):
    """A change of the boundaries in force that takes a while: who asked for it and how far it is.

    A worker does it in one transaction, of which `done_at` is a part.
    """

    # What no worker took up by then is not done any more: a person asks anew.
    STARTS_WITHIN = dt.timedelta(minutes=5)

    boundary_set = models.ForeignKey(
        BoundarySet, models.CASCADE, related_name="changes", verbose_name=_("límites")
    )
    act = models.CharField(_("qué"), max_length=8, choices=BoundaryAct)
    # A name, not a row: people stand to the right of territories.
    actor = models.CharField(_("quién"), max_length=150, blank=True)
    asked_at = models.DateTimeField(_("pedido"), default=timezone.now)
    begun_at = models.DateTimeField(_("empezado"), null=True)
    total = models.PositiveIntegerField(_("problemas"))
    followed = models.PositiveIntegerField(_("ya asignados"), default=0)
    done_at = models.DateTimeField(_("hecho"), null=True)
    trouble = models.CharField(_("por qué no"), max_length=200, blank=True)

    objects = BoundaryChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("cambio de límites")
        verbose_name_plural = _("cambios de límites")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.get_act_display()} {self.boundary_set}"


class TerritoryQuerySet(models.QuerySet["Territory"]):
    """Questions about neighbourhoods."""

    def current(self) -> TerritoryQuerySet:
        """The neighbourhoods of the set in force, in the order of their codes."""
        return self.filter(boundary_set__in=BoundarySet.objects.in_force()).order_by("code")

    def covering(self, point: Point) -> TerritoryQuerySet:
        """Neighbourhoods that cover a point (EPSG:4326), lowest code first.

        A point on a shared line is covered by several; the first is the answer.
        """
        return self.filter(boundary__covers=point).order_by("code")

    def without_boundary(self) -> TerritoryQuerySet:
        """The same rows without the heavy geometry, for lists."""
        return self.defer("boundary", "outline")


class Territory(models.Model):
    """A neighbourhood as one set of boundaries draws it."""

    boundary_set = models.ForeignKey(
        BoundarySet, models.CASCADE, related_name="territories", verbose_name=_("límites")
    )
    # Whole numbers, the order in which neighbourhoods are named; stable from set to set.
    code = models.PositiveIntegerField(_("número"))
    name = models.CharField(_("nombre"), max_length=120)
    slug = models.SlugField(_("dirección web"), max_length=120)
    boundary = models.MultiPolygonField(_("límite"), srid=4326)
    # Simplified together with its neighbours, for screens.
    outline = models.MultiPolygonField(_("contorno"), srid=4326)
    label_point = models.PointField(_("punto del nombre"), srid=4326)
    area_m2 = models.FloatField(_("superficie (m²)"))
    population = models.PositiveIntegerField(_("población"), null=True, blank=True)
    population_source = models.CharField(_("fuente de la población"), max_length=200, blank=True)

    objects = TerritoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("barrio")
        verbose_name_plural = _("barrios")
        ordering = ["code"]
        constraints = [
            can_be_seen("name", "territory_name_seen"),
            models.UniqueConstraint(fields=["boundary_set", "code"], name="territory_code_once_per_set"),
            models.UniqueConstraint(fields=["boundary_set", "slug"], name="territory_slug_once_per_set"),
            models.CheckConstraint(condition=IsValid("boundary"), name="territory_boundary_valid"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def density_per_km2(self) -> float | None:
        """People per square kilometre; None when the population is not known."""
        return None if self.population is None else self.population / (self.area_m2 / 1e6)


class TerritoryPart(models.Model):
    """A small piece of a neighbourhood: many small boxes answer «where is this point?» faster than one big.

    Filled in when a set is stored; the pieces of a neighbourhood are exactly its boundary.
    """

    territory = models.ForeignKey(Territory, models.CASCADE, related_name="parts")
    # Copied, so that a point on a shared line finds the lowest code of a set without a join.
    boundary_set = models.ForeignKey(BoundarySet, models.CASCADE, related_name="+")
    code = models.PositiveIntegerField()
    shape = models.PolygonField(srid=4326)

    class Meta:
        verbose_name = _("pedazo de barrio")
        verbose_name_plural = _("pedazos de barrio")

    def __str__(self) -> str:
        return f"{self.territory_id}/{self.pk}"


class CellGrid(models.Model):
    """Small rectangles, each with the one neighbourhood that covers it wholly: read, not computed.

    `cells[row][column]` is a territory's id, 0 outside all of them, -1 where a boundary passes and must be
    asked. The first row has number `south`, the first column `west`; number n begins at n / per_degree.
    """

    NOBODY, ASK = 0, -1

    boundary_set = models.OneToOneField(BoundarySet, models.CASCADE, primary_key=True, related_name="grid")
    per_degree = models.PositiveIntegerField()
    west = models.IntegerField()
    south = models.IntegerField()
    cells = ArrayField(ArrayField(models.BigIntegerField()))

    class Meta:
        verbose_name = _("cuadrícula de límites")
        verbose_name_plural = _("cuadrículas de límites")

    def __str__(self) -> str:
        return f"{self.boundary_set_id}"


class PlaceQuerySet(models.QuerySet["Place"]):
    """Questions about places."""

    VULNERABLE_WITHIN_METRES = 150.0

    def vulnerable(self) -> PlaceQuerySet:
        """Places whose people need care: they raise level V of the index."""
        return self.filter(kind__in=Place.CARE_KINDS)

    def within_metres(self, point: Point, metres: float) -> PlaceQuerySet:
        """Places at most so many metres (geodesic) from a point in EPSG:4326."""
        return self.filter(metres_between_sql("location", point, metres))

    def near(self, point: Point, metres: float) -> PlaceQuerySet:
        """The same, nearest first, each with `.distance`."""
        distance = Distance("location", point, spheroid=True)
        return self.within_metres(point, metres).annotate(distance=distance).order_by("distance", "pk")

    def vulnerability_level(self, point: Point) -> tuple[int, list[Place]]:
        """Level V (0–3) at a point in EPSG:4326 and the places within 150 m that cause it, nearest first.

        0 nothing; 1 a square or bus stop; 2 a school, nursery, clinic or seniors' centre; 3 two or more.
        """
        near = list(self.near(point, self.VULNERABLE_WITHIN_METRES))
        care = [place for place in near if place.kind in Place.CARE_KINDS]
        if care:
            return (3 if len(care) > 1 else 2), care
        mild = [place for place in near if place.kind in Place.MILD_KINDS]
        return (1 if mild else 0), mild

    def named_like(self, text: str) -> PlaceQuerySet:
        """Places whose name resembles a text, best first; accents and case do not matter."""
        return self.filter(search_name__trigram_word_similar=text)


class PlaceKind(models.TextChoices):
    """What a place is."""

    STREET = "street", _("calle")
    CROSSING = "crossing", _("cruce")
    SQUARE = "square", _("plaza o parque")
    STATION = "station", _("estación de metro")
    BUS_STOP = "bus_stop", _("paradero")
    SCHOOL = "school", _("escuela o liceo")
    NURSERY = "nursery", _("jardín infantil")
    CLINIC = "clinic", _("centro de salud")
    SENIORS = "seniors", _("centro de personas mayores")
    LANDMARK = "landmark", _("lugar conocido")


class Place(models.Model):
    """A street, crossing or known spot: feeds search, level V and the map without internet."""

    CARE_KINDS = (PlaceKind.SCHOOL, PlaceKind.NURSERY, PlaceKind.CLINIC, PlaceKind.SENIORS)
    MILD_KINDS = (PlaceKind.SQUARE, PlaceKind.BUS_STOP)

    kind = models.CharField(_("tipo"), max_length=12, choices=PlaceKind)
    name = models.CharField(_("nombre"), max_length=160)
    # Lower case, no accents: what search compares with.
    search_name = models.CharField(max_length=160, editable=False)
    # Point for spots, line for streets, polygon for squares and parks; EPSG:4326.
    location = models.GeometryField(_("ubicación"), srid=4326)
    # 0 is drawn first and labelled always; larger numbers appear as one zooms in.
    rank = models.PositiveSmallIntegerField(_("importancia"), default=1)
    source = models.CharField(_("fuente"), max_length=200)
    certainty = models.CharField(_("certeza"), max_length=40, blank=True)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("lugar")
        verbose_name_plural = _("lugares")
        ordering = ["kind", "name"]
        constraints = [
            can_be_seen("name", "place_name_seen"),
            models.UniqueConstraint(fields=["kind", "name"], name="place_once_per_kind"),
        ]
        indexes = [
            GinIndex(OpClass("search_name", "gin_trgm_ops"), name="place_search_trigram"),
            GistIndex(Func("location", function="geography"), name="place_geography"),
        ]

    def __str__(self) -> str:
        return self.name
