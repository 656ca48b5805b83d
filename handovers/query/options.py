"""What the filters of the desk offer, with the words a person reads."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Department, User
from handovers.models import Answer, CostClass, HandoverItem
from issues.models import Category, Origin, Track
from issues.query.filters import Params, values_of
from issues.statuses import STATUS_LABELS
from issues.workflow import Status
from rankings.models import RankedList
from territories.models import Territory

Choice = tuple[str, str]
FILTER_LABELS = {
    "q": _("Texto"),
    "territory": _("Barrio"),
    "category": _("Categoría"),
    "group": _("Grupo"),
    "status": _("Estado"),
    "department": _("Dirección"),
    "track": _("Pista"),
    "origin": _("Origen"),
    "assigned": _("A cargo"),
    "overdue": _("Plazo"),
    "list": _("Lista"),
    "round": _("Ronda"),
    "max_place": _("Hasta el lugar"),
    "min_index": _("Puntaje desde"),
    "min_age": _("Días desde que se informó"),
    "answer": _("Respuesta"),
    "cost": _("Costo"),
    "reported_from": _("Informado desde"),
    "reported_to": _("Informado hasta"),
    "bbox": _("Zona del mapa"),
    "area": _("Área"),
}


Choices = dict[str, list[Choice]]


def marked(choices: Choices, params: Params) -> dict[str, list[tuple[str, str, bool]]]:
    """For each filter its choices as (value, label, chosen)."""
    chosen = {name: set(values_of(params, name)) for name in choices}
    return {
        name: [(value, label, value in chosen[name]) for value, label in offered]
        for name, offered in choices.items()
    }


def labels(choices: Choices) -> dict[str, dict[str, str]]:
    """For each filter the words of its values."""
    words = {name: dict(offered) for name, offered in choices.items()}
    words["status"] |= {"open": str(_("abiertos")), "finished": str(_("terminados"))}
    return words


def people_of(user: User) -> list[Choice]:
    """Who may be in charge, and who left while in charge: of the own department, or of every one."""
    held = HandoverItem.objects.current().filter(assigned_to__isnull=False).order_by()
    working = Q(is_active=True, department__isnull=False)
    if not user.sees_everything:
        own = Q(department_id=user.department_id)
        held, working = held.filter(own), working & own
    people = User.objects.filter(working | Q(pk__in=held.values("assigned_to"))).order_by("username")
    return [(person.username, person.known_as) for person in people.only("username", "is_active")[:200]]


def choices_of(user: User) -> Choices:
    """What each filter offers this person; five queries."""
    return {
        "territory": [
            (str(code), name) for code, name in Territory.objects.current().values_list("code", "name")
        ],
        "category": list(Category.objects.values_list("code", "name")),
        "status": [(str(status), str(STATUS_LABELS[status])) for status in Status],
        "track": _texts(Track.choices),
        "origin": _texts(Origin.choices),
        "department": list(Department.objects.values_list("code", "name")) if user.sees_everything else [],
        "assigned": [("me", str(_("yo"))), ("none", str(_("nadie"))), *people_of(user)],
        "answer": [("none", str(_("sin respuesta"))), *_texts(Answer.choices)],
        "cost": _texts(CostClass.choices),
        "list": [
            (str(number), str(number))
            for number in RankedList.objects.order_by("-number").values_list("number", flat=True)[:50]
        ],
        "overdue": [("true", str(_("vencido")))],
    }


def _texts(choices: list) -> list[Choice]:
    return [(str(value), str(label)) for value, label in choices]
