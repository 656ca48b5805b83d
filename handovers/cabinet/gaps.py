"""What an installation lacks so that promises can be answered, and telling the administration of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Department, Role, User
from handovers.life import inbox
from handovers.models import Budget, Notification, NotificationKind, ResponseTemplate
from issues.models import Category
from territories.models import Territory

AGAIN_AFTER = dt.timedelta(days=7)


@dataclass(frozen=True)
class Gap:
    """One kind of thing that lacks: what, what follows from it, where, and the page that mends it."""

    what: str | Promise
    follows: str | Promise
    where: list[str]
    path: str


def gaps(at: dt.datetime | None = None) -> list[Gap]:
    """What lacks now; empty when everything is configured."""
    year = timezone.localdate(at or timezone.now()).year
    found = (*_of_offices(year), *_of_neighbourhoods())
    return [gap for gap in found if gap.where]


def _of_offices(year: int) -> Iterable[Gap]:
    offices = Department.objects.filter(is_open=True)
    people = User.objects.filter(department=OuterRef("pk"), is_active=True, role=Role.MANAGER)
    budgets = Budget.objects.filter(department=OuterRef("pk"), year=year)
    templates = ResponseTemplate.objects.filter(department=OuterRef("pk"))
    general = ResponseTemplate.objects.filter(department=None).exists()
    where = reverse("admin:accounts_department_changelist")
    yield Gap(
        _("Direcciones sin correo"),
        _("No reciben el resumen del día."),
        _names(offices.filter(email="")),
        where,
    )
    yield Gap(
        _("Direcciones sin correo de la jefatura"),
        _("Cuando vence un plazo se avisa solo a su equipo."),
        _names(offices.filter(escalation_email="")),
        where,
    )
    yield Gap(
        _("Direcciones sin personas"),
        _("Nadie puede dar acuse de recibo."),
        _names(offices.exclude(Exists(people))),
        reverse("admin:accounts_user_changelist"),
    )
    yield Gap(
        _("Direcciones sin presupuesto para este año"),
        _("Sus promesas no se comparan con el dinero que hay."),
        _names(offices.exclude(Exists(budgets))),
        reverse("admin:handovers_budget_changelist"),
    )
    yield Gap(
        _("Direcciones sin plantillas de respuesta"),
        _("Cada respuesta se escribe desde cero."),
        [] if general else _names(offices.exclude(Exists(templates))),
        reverse("admin:handovers_responsetemplate_changelist"),
    )
    yield Gap(
        _("Categorías sin dirección que responda"),
        _("Sus problemas no se pueden entregar."),
        list(Category.objects.filter(department=None).order_by("name").values_list("name", flat=True)),
        reverse("admin:issues_category_changelist"),
    )


def _of_neighbourhoods() -> Iterable[Gap]:
    facilitators = User.objects.filter(role=Role.FACILITATOR, is_active=True)
    served = {code for codes in facilitators.values_list("territory_codes", flat=True) for code in codes}
    where = reverse("admin:accounts_user_changelist")
    current = Territory.objects.current().without_boundary().order_by("code")
    yield Gap(
        _("Barrios sin quien facilite"),
        _("No se puede caminar ni reunirse ahí."),
        [territory.name for territory in current if territory.code not in served],
        where,
    )
    yield Gap(
        _("Personas que facilitan sin barrio"),
        _("No pueden registrar nada."),
        list(facilitators.filter(territory_codes=[]).order_by("username").values_list("username", flat=True)),
        where,
    )


@transaction.atomic
def tell_gaps(at: dt.datetime | None = None) -> int:
    """Tell each administrator, once a week while something lacks; returns how many were told."""
    now = at or timezone.now()
    if not gaps(now):
        return 0
    lately = Notification.objects.filter(kind=NotificationKind.SETUP, at__gt=now - AGAIN_AFTER)
    people = User.objects.filter(role=Role.ADMINISTRATOR, is_active=True)
    told = list(people.exclude(pk__in=lately.values("person")))
    inbox.tell(NotificationKind.SETUP, told)
    return len(told)


def _names(offices: QuerySet[Department]) -> list[str]:
    return list(offices.order_by("name").values_list("name", flat=True))
