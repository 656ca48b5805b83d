"""The table of duties in the words of the screen."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.duties import (
    ADMINISTRATION,
    CABINET,
    CONTROL,
    DEPARTMENT,
    DEPARTMENT_HEAD,
    FACILITATION,
    FACILITATION_HEAD,
    Act,
)

POSTS: dict[str, Promise] = {
    FACILITATION: _("facilitación"),
    FACILITATION_HEAD: _("jefatura de facilitación"),
    DEPARTMENT: _("dirección municipal"),
    DEPARTMENT_HEAD: _("jefatura de una dirección"),
    CABINET: _("alcaldía"),
    CONTROL: _("control interno"),
    ADMINISTRATION: _("administración"),
}
ACTS: dict[Act, Promise] = {
    Act.PLAN: _("planificar una reunión"),
    Act.CONDUCT: _("abrir y conducir la sala"),
    Act.COUNT: _("contar los votos"),
    Act.SECOND_COUNT: _("hacer el segundo conteo"),
    Act.GIVE_CODE: _("entregar un código de conteo"),
    Act.ANNUL: _("anular un conteo"),
    Act.SET_LEVELS: _("poner el puntaje"),
    Act.CONFIRM_LEVELS: _("confirmar el puntaje"),
    Act.VERIFY: _("verificar una reparación"),
    Act.CHALLENGE: _("resolver una impugnación"),
    Act.PLAN_COUNCIL: _("planificar la reunión de un consejo"),
    Act.PUBLISH: _("publicar una lista"),
    Act.MOVE: _("cambiar un lugar de la lista"),
    Act.HAND_OVER: _("entregar la lista a las direcciones"),
    Act.URGENT: _("enviar una urgencia"),
    Act.DECIDE_OFFICE: _("decidir qué dirección responde"),
    Act.ANSWER: _("responder"),
    Act.REPORT_DONE: _("informar que está listo"),
    Act.BUDGET: _("ingresar el presupuesto"),
    Act.HIDE: _("ocultar"),
    Act.CONFIRM_HIDING: _("confirmar lo que otra persona ocultó"),
    Act.INBOX: _("decidir lo que espera en la bandeja"),
    Act.REGISTER: _("registrar lo que alguien cuenta en el mesón o por teléfono"),
    Act.APPOINT: _("dar un cargo"),
}
