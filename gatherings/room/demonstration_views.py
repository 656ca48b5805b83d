"""The guided demonstration: an invented gathering that lives in the browser and touches no stored data."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from gatherings.models import CountingMode, Gathering, MinuteKind, Panel
from gatherings.refusals import total_sentences
from gatherings.scales import LEVEL_SCALES
from issues.statuses import MARK_OF, STATUS_LABELS
from issues.workflow import Status

# Title, category, index ×3, and where: hundredths of a degree east and north of the middle of the commune.
PROBLEMS = (
    (gettext_lazy("Hoyo profundo en la esquina"), gettext_lazy("Bache"), 220, -0.4, 0.3),
    (gettext_lazy("Luminaria apagada hace meses"), gettext_lazy("Luminaria"), 190, 0.5, 0.6),
    (gettext_lazy("Basural en el sitio eriazo"), gettext_lazy("Microbasural"), 170, 0.9, -0.2),
    (gettext_lazy("Vereda levantada por las raíces"), gettext_lazy("Vereda"), 120, -0.8, -0.5),
    (gettext_lazy("Semáforo que no da tiempo a cruzar"), gettext_lazy("Semáforo"), 110, 0.1, -0.7),
    (gettext_lazy("Juegos rotos en la plaza"), gettext_lazy("Plaza"), 80, -0.2, 0.9),
    (gettext_lazy("Bache grande frente al negocio"), gettext_lazy("Bache"), 70, -0.41, 0.31),
)
# Told twice in different words: the room is asked whether they are the same.
TWINS = (0, 6)
CATEGORIES = (
    {"group": gettext_lazy("Calles y veredas"), "code": "BACHE", "name": gettext_lazy("Bache")},
    {"group": gettext_lazy("Calles y veredas"), "code": "VEREDA", "name": gettext_lazy("Vereda")},
    {"group": gettext_lazy("Luz"), "code": "LUZ", "name": gettext_lazy("Luminaria")},
)
HALF_WIDTH = 0.014


@require_safe
def demonstration(request: HttpRequest) -> HttpResponse:
    """Tablet, or with ?vista=proyector the wall, of a gathering that exists in the browser only."""
    on_wall = request.GET.get("vista") == "proyector"
    context = {
        "is_example": True,
        "gathering": Gathering(number=0, council=_("Barrio de ejemplo"), place=_("Sede vecinal")),
        "wall_url": reverse("gathering-demo") + "?vista=proyector",
        "panels": Panel.choices,
        "modes": [(CountingMode.TOKENS.value, CountingMode.TOKENS.label)],
        "categories": CATEGORIES,
        "scales": LEVEL_SCALES,
        "minute_kinds": MinuteKind.choices,
        "offices": [],
        "settings": {"demo": True, "bounds": _bounds(), "territory": None, "words": words()},
        "state": first_state(),
    }
    return render(
        request, "gatherings/room/projector.html" if on_wall else "gatherings/room/room.html", context
    )


def first_state() -> dict[str, object]:
    """The room before anybody came, in the form of gatherings.room.screen."""
    empty = ("ballot", "minutes", "merges", "mapped", "witnesses")
    return {
        "revision": 0,
        "state": "planned",
        "shown": "commitments",
        "mode": "tokens",
        "voters": 0,
        "people": 0,
        "tokens_each": 5,
        "tokens_per_issue": 2,
        "seed": "demo",
        "digest": "",
        "ballots": None,
        "left_out": None,
        **{name: [] for name in empty},
        "papers": [],
        "side": None,
        "second": "",
        "annul": None,
        "compared": None,
        "attendance": {"people": 0, "voters": 0, "lines": []},
        "commitments": [_repaired()],
        "candidates": _candidates(),
        "organisations": [{"id": 1, "name": _("Junta de Vecinos de ejemplo"), "kind": ""}],
    }


def words() -> dict[str, object]:
    """The sentences with which the invented room refuses, the same as the real one's."""
    return {
        **total_sentences(),
        "missing": _("Falta anotar el total de «{problem}»."),
        "witnesses": _("Falta anotar a los dos testigos del conteo."),
        "same_witness": _("Es el mismo testigo dos veces: anota a dos distintos."),
        "voters": _("Anota primero quiénes vinieron y cuántas personas votan."),
        "size": _("La papeleta lleva entre 1 y 12 problemas."),
        "empty": _("Ningún problema recibió fichas: anula la votación si no se votó."),
        "agreement": _("Un acuerdo lleva quién responde y para qué fecha."),
        "declined": _("Escribe por qué no se aceptó."),
        "text": _("Escribe qué se dijo."),
        "second": _("Escribe un código y el nombre de quien cuenta."),
        "second_name": _("Junta de Vecinos de ejemplo"),
        "twice": _("Los dos conteos tienen que estar completos y decir lo mismo."),
        "figures": _("{tokens} fichas, {people} personas"),
        "not_typed": _("sin anotar"),
        "missing_words": _("Escribe qué falta o qué volvió a fallar."),
        "map_title": _("Escribe en una línea cuál es el problema."),
        "map_category": _("Elige la categoría del problema."),
        "map_place": _("Toca primero el mapa donde está el problema."),
        "categories": {each["code"]: str(each["name"]) for each in CATEGORIES},
        "judged": {"true": _shown_as(Status.VERIFIED), "false": _shown_as(Status.IN_PROGRESS)},
        "not_here": _("Eso no hace falta en la demostración."),
        "minute_kinds": {value: str(label) for value, label in MinuteKind.choices},
    }


def _candidates() -> list[dict[str, object]]:
    """The problems that wait; two of them look alike."""
    found = [_problem(number, *facts) for number, facts in enumerate(PROBLEMS, start=1)]
    one, other = (found[place] for place in TWINS)
    one["like"] = [{"issue": other["issue"], "title": other["title"]}]
    return found


def _repaired() -> dict[str, object]:
    """A repair that waits for the word of the room."""
    return {
        **_shown_as(Status.REPORTED_DONE),
        "id": "ejemplo-0",
        "reference": "M-0000-000000",
        "title": _("Banca quebrada en la plaza"),
        "department": _("Aseo y Ornato"),
        "committed_date": None,
        "late": False,
        "reported": True,
        "reopenable": False,
        "appealable": False,
    }


def _shown_as(status: Status) -> dict[str, str]:
    return {
        "status": status.value,
        "mark": MARK_OF[status].name,
        "status_label": str(STATUS_LABELS[status]),
    }


def _problem(
    number: int, title: Promise, category: Promise, index: int, east: float, north: float
) -> dict[str, object]:
    lng, lat = _middle()
    return {
        "issue": f"ejemplo-{number}",
        "reference": f"M-0000-{number:06d}",
        "title": str(title),
        "category": str(category),
        "cost": None,
        "icon": "",
        "address": "",
        "status": "registered",
        "levels": [2, 2, 1, 0],
        "unconfirmed": False,
        "index": round(index / 3, 1),
        "like": [],
        "lat": round(lat + north / 100, 6),
        "lng": round(lng + east / 100, 6),
    }


def _middle() -> tuple[float, float]:
    """(lng, lat) where every map starts."""
    center = settings.LEAFLET_CONFIG["DEFAULT_CENTER"]
    assert isinstance(center, tuple)
    lat, lng = center
    return lng, lat


def _bounds() -> list[float]:
    lng, lat = _middle()
    return [lng - HALF_WIDTH, lat - HALF_WIDTH, lng + HALF_WIDTH, lat + HALF_WIDTH]
