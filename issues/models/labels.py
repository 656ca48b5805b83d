"""What closings, origins and visibilities are called on the screen."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from issues.workflow import ClosingKind

CLOSING_LABELS = {
    ClosingKind.DUPLICATE: _("duplicado"),
    ClosingKind.OTHER_BODY: _("de otro organismo"),
    ClosingKind.NOT_FEASIBLE: _("no factible"),
    ClosingKind.WITHDRAWN: _("retirado"),
    ClosingKind.OUTSIDE: _("fuera de la comuna"),
}
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
    COUNTER = "counter", _("mesón")
    TELEPHONE = "telephone", _("teléfono")
