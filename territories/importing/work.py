"""The child's work on a file: read and check boundaries, or collect places. Imports no Django."""

from __future__ import annotations

import sys
import traceback
from pathlib import Path
from typing import Any

import shapely
from pyproj import CRS

from core.room import is_full, takes_more
from territories.importing import cells, checks, crs, intake, picture, places, readers, sandbox
from territories.importing.checks import Checked, Expectation
from territories.importing.columns import Known
from territories.importing.readers import Table
from territories.importing.refusal import FileRefused, shown


def examine(request: dict[str, Any], folder: Path, in_force: list[str]) -> dict[str, Any]:
    """The answer to a request: neighbourhoods with their report, or «refused» with a code.

    `in_force` names the measures taken so far; those taken here are added.
    """
    try:
        return TASKS[request["task"]](request, folder, in_force)
    except FileRefused as refused:
        return {"refused": {"code": refused.code, "details": _with_own_name(refused.details, request)}}
    except (RecursionError, MemoryError):
        return {"refused": {"code": "too_much_memory", "details": {}}}
    except Exception as error:
        if is_full(error) or not takes_more(folder):
            return {"refused": {"code": "no_room", "details": {}}}
        # A library may raise anything on a broken file; the trace is for the log only.
        traceback.print_exc(file=sys.stderr)
        name = Path(request["path"]).name
        return {"refused": {"code": "corrupt", "details": {"file": name}}}


def _with_own_name(details: dict[str, Any], request: dict[str, Any]) -> dict[str, Any]:
    """A file goes by the name it came with, not by that of its copy."""
    if str(details.get("file", "")).startswith(intake.COPY_NAME):
        return details | {"file": Path(request["path"]).name}
    return details


def _boundaries(request: dict[str, Any], folder: Path, in_force: list[str]) -> dict[str, Any]:
    candidates = _taken(request, folder, in_force)
    expected = _expectation(request)
    found = readers.layers(candidates)
    layer = readers.choose(found, request.get("layer"))
    table = readers.read(layer, encoding=request.get("encoding"))
    if len(found) > 1 and not request.get("layer"):
        table.notes.append({"kind": "layer_chosen", "layer": layer.name})
    system = readers.system_of(table, request.get("crs"))
    checked = checks.check(
        table, system, expected, name_field=request.get("name_field"), code_field=request.get("code_field")
    )
    return {
        "file": _about_file(table, system, found, checked, in_force),
        "territories": [_territory(drawing) for drawing in checked.drawings],
        "problems": [*table.notes_as_problems(), *(problem.as_json() for problem in checked.problems)],
        "picture": picture.draw(checked),
        "cells": cells.cells_of({one.code: one.boundary for one in checked.drawings}).as_json(),
    }


def _expectation(request: dict[str, Any]) -> Expectation:
    expected = request["expected"]
    return Expectation(
        extent=tuple(expected["extent"]),
        metric_srid=expected["metric_srid"],
        count=expected["count"],
        known=tuple(Known(one["code"], one["name"], tuple(one["spellings"])) for one in expected["known"]),
        given=frozenset(expected["given"]),
        present={one["code"]: shapely.from_wkb(bytes.fromhex(one["wkb"])) for one in expected["present"]},
        tolerance_m2=expected["tolerance_m2"],
    )


def _about_file(
    table: Table, system: CRS, found: list[readers.Layer], checked: Checked, in_force: list[str]
) -> dict[str, Any]:
    chosen = checked.chosen
    facts = {
        "format": table.format,
        "layer": table.layer,
        "layers": [layer.name for layer in found],
        "crs": crs.label(system),
        "encoding": table.encoding,
        "name_field": chosen.name,
        "code_field": chosen.code,
        "population_field": chosen.population,
        "population_year": chosen.population_year,
        "columns": [str(column) for column in table.frame.columns if column != table.frame.geometry.name],
        "limits": in_force,
    }
    # What a file calls its columns may be nothing a database can keep.
    return {key: shown(value) for key, value in facts.items()}


def _territory(drawing: checks.Drawing) -> dict[str, Any]:
    return {
        "code": drawing.code,
        "name": drawing.name,
        "population": drawing.population,
        "population_source": drawing.population_source,
        "area_m2": round(drawing.area_m2, 2),
        "boundary": shapely.to_wkb(drawing.boundary, hex=True),
        "outline": shapely.to_wkb(drawing.outline, hex=True),
        "label": shapely.to_wkb(_label_point(drawing), hex=True),
        "bounds": [round(number, 6) for number in drawing.boundary.bounds],
    }


def _label_point(drawing: checks.Drawing) -> shapely.Point:
    """The place with most room around it; found on the outline, which has fewer vertices."""
    largest = max(drawing.outline.geoms, key=lambda part: part.area)
    middle = shapely.maximum_inscribed_circle(largest, tolerance=largest.length / 1000)
    point = shapely.get_point(middle, 0)
    return point if drawing.boundary.covers(point) else drawing.boundary.representative_point()


def _taken(request: dict[str, Any], folder: Path, in_force: list[str]) -> list[intake.Candidate]:
    candidates = intake.take(Path(request["path"]), folder)
    in_force += sandbox.close_files(folder)
    return candidates


def _places(request: dict[str, Any], folder: Path, in_force: list[str]) -> dict[str, Any]:
    found = places.collect(_taken(request, folder, in_force), request)
    return {
        "places": [
            {
                "kind": one.kind,
                "name": one.name,
                "rank": one.rank,
                "location": shapely.to_wkb(one.geometry, hex=True),
            }
            for one in found
        ]
    }


TASKS = {"boundaries": _boundaries, "places": _places}
