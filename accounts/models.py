"""Users, their one role, the department and the neighbourhoods they may act in."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.constraints import can_be_seen
from core.duties import DEPARTMENT_HEAD, FACILITATION_HEAD, Act, permits


class Department(models.Model):
    """A municipal office («dirección») that answers for problems."""

    code = models.SlugField(_("código"), max_length=30, unique=True)
    name = models.CharField(_("nombre"), max_length=120, unique=True)
    email = models.EmailField(_("correo"), blank=True)
    # Who is notified when the office stays silent.
    escalation_name = models.CharField(_("jefatura que responde"), max_length=120, blank=True)
    escalation_email = models.EmailField(_("correo de la jefatura"), blank=True)
    is_open = models.BooleanField(_("en funciones"), default=True)

    class Meta:
        verbose_name = _("dirección")
        verbose_name_plural = _("direcciones")
        ordering = ["name"]
        constraints = [can_be_seen("name", "department_name_seen")]

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """What a member of the staff may do."""

    FACILITATOR = "facilitator", _("facilitadora o facilitador")
    MANAGER = "manager", _("dirección municipal")
    CABINET = "cabinet", _("alcaldía")
    CONTROL = "control", _("control interno")
    ADMINISTRATOR = "administrator", _("administración")


# Under what name each role acts in public: a team, never a person.
OFFICES: dict[str, Promise] = {
    Role.FACILITATOR: _("Equipo de facilitación"),
    Role.MANAGER: _("Dirección municipal"),
    Role.CABINET: _("Alcaldía"),
    Role.CONTROL: _("Dirección de Control"),
    Role.ADMINISTRATOR: _("Administración"),
}


# The post of who heads those of a role.
HEADS: dict[str, str] = {Role.FACILITATOR: FACILITATION_HEAD, Role.MANAGER: DEPARTMENT_HEAD}


class User(AbstractUser):
    """A member of the staff; residents need no account."""

    role = models.CharField(_("rol"), max_length=16, choices=Role)
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="people",
        verbose_name=_("dirección"),
        help_text=_("Solo para quienes trabajan en una dirección."),
    )
    is_head = models.BooleanField(
        _("jefatura"),
        default=False,
        db_default=False,
        help_text=_("Encabeza la facilitación, en todos los barrios, o su dirección."),
    )
    # Codes, not rows: they stay true when the boundaries are replaced.
    territory_codes = ArrayField(
        models.PositiveIntegerField(),
        default=list,
        blank=True,
        verbose_name=_("números de sus barrios"),
        help_text=_("Solo para quienes facilitan, por ejemplo: 3, 7."),
    )

    REQUIRED_FIELDS = ["email", "role"]

    class Meta:
        verbose_name = _("persona del equipo")
        verbose_name_plural = _("personas del equipo")
        constraints = [
            models.CheckConstraint(
                name="manager_has_department",
                condition=~Q(role=Role.MANAGER) | Q(department__isnull=False),
            ),
            models.CheckConstraint(
                name="head_of_something",
                condition=Q(is_head=False) | Q(role__in=[Role.FACILITATOR, Role.MANAGER]),
                violation_error_message=_("Jefatura hay de la facilitación y de una dirección."),
            ),
        ]

    @property
    def known_as(self) -> str:
        """The name the team reads; who left is named as such."""
        return self.username if self.is_active else _("%(name)s (ya no está)") % {"name": self.username}

    @property
    def is_facilitator(self) -> bool:
        """Acts only in this person's neighbourhoods."""
        return self.role == Role.FACILITATOR

    @property
    def is_manager(self) -> bool:
        """Acts only in this person's department."""
        return self.role == Role.MANAGER

    @property
    def is_cabinet(self) -> bool:
        """Works for the mayor's cabinet."""
        return self.role == Role.CABINET

    @property
    def is_administrator(self) -> bool:
        """Administers the installation."""
        return self.role == Role.ADMINISTRATOR

    @property
    def is_control(self) -> bool:
        """Works for the control office: reads every problem, and decides where a second person lacks."""
        return self.role == Role.CONTROL

    @property
    def post(self) -> str:
        """The column of this person in the table of duties."""
        return HEADS.get(self.role, self.role) if self.is_head else self.role

    @property
    def facilitates_everywhere(self) -> bool:
        """Heads the facilitation: every neighbourhood is the own one."""
        return self.post == FACILITATION_HEAD

    @property
    def sees_everything(self) -> bool:
        """Cabinet and administration see every neighbourhood and department."""
        return self.role in (Role.CABINET, Role.ADMINISTRATOR)

    @property
    def office(self) -> str:
        """The office in whose name this person acts, as written into the history."""
        return self.department.name if self.department else str(OFFICES.get(self.role, ""))

    @property
    def may_walk(self) -> bool:
        """Whether this account may register problems on a walk."""
        return self.is_active and (self.is_facilitator or self.sees_everything)

    def may(self, act: Act) -> bool:
        """Whether the table of duties gives this post the act; where, the querysets say."""
        return permits(self.post, act)

    def works_in(self, territory_code: int | None) -> bool:
        """Whether this facilitator (or someone who sees everything) may act in a neighbourhood."""
        everywhere = self.sees_everything or self.facilitates_everywhere
        return everywhere or (self.is_facilitator and territory_code in self.territory_codes)


class Attempt(models.Model):
    """How often something was tried lately: by whom and from where only as a keyed digest."""

    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField()
    # The next try is taken from then on.
    next_at = models.DateTimeField()
    # From then on it counts as never tried.
    forget_at = models.DateTimeField()

    class Meta:
        verbose_name = _("intento")
        verbose_name_plural = _("intentos")

    def __str__(self) -> str:
        return self.key


class SharedCache(models.Model):
    """The cache that all processes share; Django reads and writes it by itself (CACHES)."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "accounts_shared_cache"

    def __str__(self) -> str:
        return self.cache_key
