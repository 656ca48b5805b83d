"""What statuses, closings, origins and visibilities are called on the screen."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from issues.workflow import ClosingKind, Status

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


class Visibility(models.TextChoices):
    """Who may see an issue; independent of its status."""

    DRAFT = "draft", _("borrador")
    REVIEW = "review", _("en revisión")
    PUBLIC = "public", _("público")
    STAFF = "staff", _("solo el equipo")
    HIDDEN = "hidden", _("oculto con motivo")


class Origin(models.TextChoices):
    """Through which channel an issue was reported."""

    WALK = "walk", _("caminata")
    GATHERING = "gathering", _("reunión barrial")
    RESIDENT = "resident", _("vecina o vecino")
    OPEN311 = "open311", _("otro sistema")
    OFFICE = "office", _("oficina")
