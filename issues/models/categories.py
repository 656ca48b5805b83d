"""Kinds of problems, and which department answers for them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Department
from core.constraints import can_be_seen


class Track(models.TextChoices):
    """Which ranking a problem takes part in."""

    MANAGEMENT = "gestion", _("gestión: contratos en curso")
    INVESTMENT = "inversion", _("inversión: necesita un proyecto")
    URGENT = "urgencia", _("urgencia: se envía de inmediato")
    REFERRAL = "derivacion", _("derivación: de otro organismo")


class Privacy(models.TextChoices):
    """How much of a category's problems the public may see."""

    PUBLIC = "publico", _("público")
    AGGREGATED = "reservado", _("solo en cifras por barrio")
    NEVER = "nunca_publico", _("nunca público")


class CostClass(models.TextChoices):
    """Order of magnitude of a cost, in Chilean pesos."""

    C0 = "C0", _("sin costo")
    C1 = "C1", _("hasta $500.000")
    C2 = "C2", _("hasta $5 millones")
    C3 = "C3", _("hasta $30 millones")
    C4 = "C4", _("hasta $200 millones")
    C5 = "C5", _("más de $200 millones")


# Each class from where the one before it ends.
RANGES = {
    CostClass.C0: _("sin costo"),
    CostClass.C1: _("menos de $500.000"),
    CostClass.C2: _("entre $500.000 y $5 millones"),
    CostClass.C3: _("entre $5 y $30 millones"),
    CostClass.C4: _("entre $30 y $200 millones"),
    CostClass.C5: _("más de $200 millones"),
}


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
        constraints = [can_be_seen("name", "group_name_seen")]

    def __str__(self) -> str:
        return self.name


class CategoryQuerySet(models.QuerySet["Category"]):
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
    # What such a problem usually costs, for who votes and who reads a list; empty where nobody has said it.
    usual_cost = models.CharField(_("costo habitual"), max_length=2, choices=CostClass, blank=True)
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
            can_be_seen("name", "category_name_seen"),
            models.CheckConstraint(name="category_severity_0_to_3", condition=Q(suggested_severity__lte=3)),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def cost_forecast(self) -> str:
        """What it will cost, as a forecast with its class and range; empty where nobody has said it."""
        if not self.usual_cost:
            return ""
        facts = {"class": self.usual_cost, "range": RANGES[CostClass(self.usual_cost)]}
        return gettext("costo previsto %(class)s: %(range)s") % facts


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
