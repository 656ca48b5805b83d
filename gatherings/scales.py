"""The scales of the public index in the words of the room."""

from django.utils.translation import gettext_lazy as _

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
