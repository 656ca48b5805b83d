"""The report of a boundary file for people (lines of text) and for programs (JSON). Units are named."""

from __future__ import annotations

from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from territories.boundaries.vanished import Hanging
from territories.importing import texts
from territories.importing.refusal import FileRefused

LEVELS = ("warning", "note")


def of_refusal(refused: FileRefused) -> dict[str, Any]:
    """A refused file as plain data with its sentence."""
    sentence = texts.refusal(refused.code, refused.details)
    return {"loaded": False, "refused": {"code": refused.code, "text": sentence, "details": refused.details}}


def of_option(sentence: str) -> dict[str, Any]:
    """An option that cannot be followed, in the same form as a refused file."""
    return {"loaded": False, "refused": {"code": "bad_option", "text": sentence, "details": {}}}


def as_json(report: dict[str, Any]) -> dict[str, Any]:
    """The report with a sentence for each thing found. Areas in m², places as [lng, lat] in EPSG:4326."""
    return report | {"problems": with_texts(report)}


def with_texts(report: dict[str, Any]) -> list[dict[str, Any]]:
    """What was found, warnings before notes, each with its sentence."""
    found = sorted(report["problems"], key=lambda one: LEVELS.index(one["level"]))
    return [one | {"text": texts.problem(one)} for one in found]


def as_lines(report: dict[str, Any]) -> list[str]:
    """The report as lines for a terminal."""
    return [*_head(report), *_table(report), *(_line(one) for one in with_texts(report))]


def left_behind(found: list[Hanging]) -> list[str]:
    """What still names a neighbourhood that is no more, as lines for a terminal; none when nothing does."""
    if not found:
        return []
    lines = [f"  {one.kind} ({one.count}): {'; '.join(one.examples)}" for one in found]
    return [_("Esperan a una persona, porque su barrio ya no existe:"), *lines]


def _head(report: dict[str, Any]) -> list[str]:
    file = report["file"]
    return [
        _("Formato: %(format)s, capa «%(layer)s», %(crs)s, %(encoding)s.") % file,
        _("Columnas: nombre «%(name_field)s», número «%(code_field)s», población «%(population_field)s».")
        % {key: value or _("ninguna") for key, value in file.items()},
        _("Barrios: %(count)s (se esperaban %(expected)s). Superficie total: %(area)s km².")
        % {
            "count": report["count"],
            "expected": report["expected"] or _("los que haya"),
            "area": number_format(report["area_m2"] / 1e6, 2),
        },
    ]


def _table(report: dict[str, Any]) -> list[str]:
    return [
        f"{row['code']:>6}  {row['name']:<40.40}  {number_format(row['area_m2'] / 1e6, 3):>9} km²"
        for row in report["territories"]
    ]


def _line(found: dict[str, Any]) -> str:
    label = _("Atención") if found["level"] == "warning" else _("Nota")
    where = " ({1}, {0})".format(*found["where"]) if found["where"] else ""
    return f"{label}: {found['text']}{where}"
