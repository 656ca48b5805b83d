"""Users, their one role, the department and the neighbourhoods they may act in."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser, UserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


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

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """What a member of the staff may do."""

    FACILITATOR = "facilitator", _("facilitadora o facilitador")
    MANAGER = "manager", _("dirección municipal")
    CABINET = "cabinet", _("alcaldía")
    ADMINISTRATOR = "administrator", _("administración")


# Under what name each role acts in public: a team, never a person.
OFFICES = {
    Role.FACILITATOR: _("Equipo de facilitación"),
    Role.MANAGER: _("Dirección municipal"),
    Role.CABINET: _("Alcaldía"),
    Role.ADMINISTRATOR: _("Administración"),
}


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
    # Codes, not rows: they stay true when the boundaries are replaced.
    territory_codes = ArrayField(
        models.PositiveIntegerField(),
        default=list,
        blank=True,
        verbose_name=_("números de sus barrios"),
        help_text=_("Solo para quienes facilitan, por ejemplo: 3, 7."),
    )

    REQUIRED_FIELDS = ["email", "role"]
    objects = UserManager()

    class Meta:
        verbose_name = _("persona del equipo")
        verbose_name_plural = _("personas del equipo")
        constraints = [
            models.CheckConstraint(
                name="manager_has_department",
                condition=~Q(role=Role.MANAGER) | Q(department__isnull=False),
            ),
        ]

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
    def sees_everything(self) -> bool:
        """Cabinet and administration see every neighbourhood and department."""
        return self.role in (Role.CABINET, Role.ADMINISTRATOR)

    @property
    def office(self) -> str:
        """The office in whose name this person acts, as written into the history."""
        return self.department.name if self.department_id else str(OFFICES.get(self.role, ""))

    def works_in(self, territory_code: int | None) -> bool:
        """Whether this facilitator (or someone who sees everything) may act in a neighbourhood."""
        return self.sees_everything or (self.is_facilitator and territory_code in self.territory_codes)
