"""The file of categories: read, checked as a whole, then stored with the offices it names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Department
from core.letters import fold
from core.tables import Table, TableRefused
from issues.models import Category, CategoryGroup, CostClass, Privacy, Track

CODE = re.compile(r"[A-Z]{2,6}-\d{2,4}", re.ASCII)
COLUMNS = (
    "codigo", "grupo", "categoria", "ejemplo", "geometria", "direccion_responsable", "competencia",
    "organismo_externo", "pista", "gravedad_sugerida_0_3", "plazo_orientador_dias", "privacidad", "respaldo",
)  # fmt: skip
# A file may say what such a problem usually costs; most do not.
COST = "costo_habitual"
SHAPES = {"punto": "point", "linea": "line", "poligono": "area"}
BACKING = {"V": True, "C": False}
COMPETENCES = [str(value) for value, _label in Category._meta.get_field("competence").flatchoices]
ICONS = {
    "ALU": "lamp", "PAV": "street", "TRA": "traffic", "ASE": "trash", "ARV": "tree",
    "AGU": "water", "SEG": "shield", "EQU": "building", "PRI": "house", "SOC": "people",
}  # fmt: skip
# Word that names an office in the column «direccion_responsable» → (code, full name).
OFFICES = {
    "daoga": ("daoga", "DAOGA · Aseo, Ornato y Gestión Ambiental"),
    "transito": ("transito", "Tránsito y Transporte"),
    "secpla": ("secpla", "SECPLA · Planificación"),
    "dideco": ("dideco", "DIDECO · Desarrollo Comunitario"),
    "dom": ("dom", "DOM · Obras Municipales"),
    "smapa": ("smapa", "SMAPA · Agua Potable y Alcantarillado"),
    "dipreseg": ("dipreseg", "DIPRESEG · Prevención y Seguridad"),
    "operaciones": ("operaciones", "Operaciones"),
    "inspeccion": ("inspeccion", "Inspección Municipal"),
    "salud": ("salud", "Dirección de Salud"),
    "rentas": ("rentas", "Rentas Municipales"),
    "educacion": ("educacion", "Educación Municipal"),
}


class CatalogueRefused(TableRefused):
    """A file of categories that cannot be trusted; the text is one sentence for the person."""


@dataclass(frozen=True)
class Loaded:
    """What storing a file did: how many categories were added, rewritten and left as they were."""

    added: int
    rewritten: int
    kept: int


def read_categories(path: Path) -> list[dict[str, object]]:
    """The rows of a categories file as values of Category, with `group_name` and `office` (a code).

    Raises TableRefused (CatalogueRefused is one), naming the line, unless every row is right.
    """
    table = Table(path)
    if table.columns not in (COLUMNS, (*COLUMNS, COST)):
        raise CatalogueRefused(_("La primera línea debe ser: %(columns)s.") % {"columns": ",".join(COLUMNS)})
    rows = [_row(raw, line, position) for position, (line, raw) in enumerate(table.rows(), 1)]
    _refuse_repeated(rows)
    if not rows:
        raise CatalogueRefused(_("El archivo no tiene ninguna categoría."))
    return rows


def office_of(responsible: str) -> str | None:
    """The code of the office named first in a text such as «DAOGA / Operaciones»; None when none is."""
    return next((OFFICES[word][0] for word in fold(responsible).split() if word in OFFICES), None)


@transaction.atomic
def store_categories(rows: list[dict[str, object]], *, rewrite: bool = False) -> Loaded:
    """Add the groups, offices and categories that are missing; rewrite those present only if asked.

    What the municipality changed in its own installation is therefore kept by default.
    """
    offices: dict[object, Department] = {code: _office(code, name) for code, name in OFFICES.values()}
    groups = _groups(rows)
    present = set(Category.objects.values_list("code", flat=True))
    added = [row for row in rows if row["code"] not in present]
    again = [row for row in rows if row["code"] in present] if rewrite else []
    for row in added + again:
        code, values = _values(row, groups, offices)
        Category.objects.update_or_create(code=code, defaults=values)
    return Loaded(added=len(added), rewritten=len(again), kept=len(rows) - len(added) - len(again))


def _row(raw: dict[str, str], line: int, position: int) -> dict[str, object]:
    return {
        "code": _matching(raw["codigo"], line),
        "group_name": _text(raw, "grupo", 80, line),
        "name": _text(raw, "categoria", 120, line),
        "example": _text(raw, "ejemplo", 200, line, empty=True),
        "geometry": _one_of(raw, "geometria", SHAPES, line),
        "responsible": _text(raw, "direccion_responsable", 160, line),
        "office": office_of(raw["direccion_responsable"]),
        "competence": _one_of(raw, "competencia", dict(zip(COMPETENCES, COMPETENCES, strict=True)), line),
        "outside_body": _text(raw, "organismo_externo", 120, line, empty=True),
        "track": _one_of(raw, "pista", {value: value for value in Track.values}, line),
        "suggested_severity": _number(raw, "gravedad_sugerida_0_3", range(4), line),
        "response_days": _number(raw, "plazo_orientador_dias", range(1, 3651), line),
        "privacy": _one_of(raw, "privacidad", {value: value for value in Privacy.values}, line),
        **_usual_cost(raw, line),
        "is_confirmed": _one_of(raw, "respaldo", BACKING, line),
        "position": position,
    }


def _usual_cost(raw: dict[str, str], line: int) -> dict[str, object]:
    """The class of the cost; nothing where the file does not speak of it, so that what is stored stays."""
    known = {"": "", **{value: value for value in CostClass.values}}
    return {"usual_cost": _one_of(raw, COST, known, line)} if COST in raw else {}


def _matching(code: str, line: int) -> str:
    if not CODE.fullmatch(code):
        raise CatalogueRefused(_("Línea %(line)s: el código debe ser como PAV-01.") % {"line": line})
    return code


def _text(raw: dict[str, str], column: str, most: int, line: int, *, empty: bool = False) -> str:
    text = raw[column]
    if (not text and not empty) or len(text) > most:
        raise CatalogueRefused(
            _("Línea %(line)s: «%(column)s» debe tener texto, %(most)s letras a lo más.")
            % {"line": line, "column": column, "most": most}
        )
    return text


def _one_of(raw: dict[str, str], column: str, known: Mapping[str, object], line: int) -> object:
    if raw[column] not in known:
        raise CatalogueRefused(
            _("Línea %(line)s: «%(column)s» debe ser una de: %(known)s.")
            % {"line": line, "column": column, "known": ", ".join(known)}
        )
    return known[raw[column]]


def _number(raw: dict[str, str], column: str, allowed: range, line: int) -> int:
    text = raw[column]
    if not (text.isascii() and text.isdigit() and len(text) <= 5 and int(text) in allowed):
        raise CatalogueRefused(
            _("Línea %(line)s: «%(column)s» debe ser un número entre %(low)s y %(high)s.")
            % {"line": line, "column": column, "low": allowed[0], "high": allowed[-1]}
        )
    return int(text)


def _refuse_repeated(rows: list[dict[str, object]]) -> None:
    codes = [row["code"] for row in rows]
    repeated = next((code for code in codes if codes.count(code) > 1), None)
    if repeated:
        raise CatalogueRefused(_("El código %(code)s está dos veces.") % {"code": repeated})


def _office(code: str, name: str) -> Department:
    return Department.objects.get_or_create(code=code, defaults={"name": name})[0]


def _groups(rows: list[dict[str, object]]) -> dict[str, CategoryGroup]:
    groups: dict[str, CategoryGroup] = {}
    for row in rows:
        code = str(row["code"]).split("-")[0]
        if code not in groups:
            values = {
                "name": row["group_name"],
                "icon": ICONS.get(code, "other"),
                "position": len(groups) + 1,
            }
            groups[code] = CategoryGroup.objects.get_or_create(code=code, defaults=values)[0]
    return groups


def _values(
    row: dict[str, object], groups: dict[str, CategoryGroup], offices: dict[object, Department]
) -> tuple[str, dict[str, object]]:
    code = str(row["code"])
    fields = {name: value for name, value in row.items() if name not in {"code", "group_name", "office"}}
    return code, {**fields, "group": groups[code.split("-")[0]], "department": offices.get(row["office"])}
