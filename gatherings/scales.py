"""The scales of the public index and the groups of those present, in the words of the room."""

from collections.abc import Mapping

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from gatherings.groups import GROUPS, QUESTIONS

GROUP_LABELS = {
    "women": _("mujeres"),
    "men": _("hombres"),
    "other": _("otra identidad"),
    "under_30": _("menores de 30 años"),
    "from_60": _("de 60 años o más"),
    "native": _("de pueblos originarios"),
    "disabled": _("con discapacidad"),
}

LEVEL_SCALES = (
    (
        "severity",
        _("Gravedad"),
        (_("molesta"), _("algo se deteriora"), _("alguien puede hacerse daño"), _("riesgo de vida")),
    ),
    (
        "reach",
        _("A cuánta gente afecta"),
        (
            _("un hogar"),
            _("una cuadra, hasta 50"),
            _("una villa, hasta 1.000"),
            _("más, o una avenida"),
        ),
    ),
    (
        "duration",
        _("Hace cuánto"),
        (_("menos de un mes"), _("1 a 6 meses"), _("6 a 24 meses"), _("más de 2 años o tercer reclamo")),
    ),
    (
        "vulnerability",
        _("Qué hay a menos de 150 m"),
        (
            _("nada"),
            _("una plaza o un paradero"),
            _("escuela, salud o mayores"),
            _("dos o más de esos"),
        ),
    ),
)


def group_questions() -> list[list[tuple[str, object]]]:
    """Of each question its groups with their labels, for the form of the room."""
    return [[(group, GROUP_LABELS[group]) for group in groups] for groups in QUESTIONS.values()]


def groups_in_words(told: Mapping[str, int]) -> list[str]:
    """What was told of the groups, each in a few words."""
    sentence = _now("%(group)s: %(least)s o más")
    return [
        sentence % {"group": GROUP_LABELS[group], "least": told[group]} for group in GROUPS if group in told
    ]
