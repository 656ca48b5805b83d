"""A published list as a table: CSV for people and for programs, and XLSX. Made from its document."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

import xlsxwriter

from issues.index import display
from issues.query.files import BOM, harmless
from rankings.asking import sentence
from rankings.rules.reasons import decimal_comma
from rankings.rules.texts import HIDDEN, opened, salts_of

COLUMNS = (
    "lugar", "lugar_segun_regla", "ronda", "turno", "barrio_numero", "barrio", "lugar_en_su_barrio",
    "referencia", "problema", "categoria", "direccion", "gravedad", "alcance", "tiempo", "vulnerabilidad",
    "puntaje", "puntaje_x3", "reunion", "fecha_reunion", "votantes", "fichas_por_persona", "fichas",
    "personas", "lugar_en_la_reunion", "puntaje_x3_ese_dia", "informado", "coeficiente", "aceptados",
    "razon_en_su_barrio", "razon_en_la_ciudad", "motivo_cambio", "oficina_cambio", "pidio_cambio", "regla",
    "problema_huella", "problema_sal", "motivo_huella", "motivo_sal",
)  # fmt: skip
LEVELS = ("gravedad", "alcance", "tiempo", "vulnerabilidad")
VOTE = {
    "reunion": "gathering",
    "fecha_reunion": "held_on",
    "votantes": "voters",
    "fichas_por_persona": "tokens_each",
    "fichas": "tokens",
    "personas": "people",
    "lugar_en_la_reunion": "place",
    "puntaje_x3_ese_dia": "index_then",
}


def rows(document: dict[str, Any], hidden: Collection[str] = ()) -> Iterator[list[Any]]:
    """One row for each place of a list, in order, in the order of COLUMNS.

    Titles of `hidden` references are «oculto»: those problems are not public any more.
    """
    sealed, salts, document = _sealed(document), salts_of(document), opened(document)
    neighbourhoods = {each["code"]: each for each in document["neighbourhoods"]}
    moves = {each["reference"]: each for each in document["overrides"]}
    for item in document["items"]:
        cells = _cells(item, neighbourhoods[item["neighbourhood"]], moves.get(item["reference"], {}))
        cells["regla"] = document.get("rule", 1)
        cells["problema"] = HIDDEN if item["reference"] in hidden else item["title"]
        cells |= _opening(*sealed.get(item["reference"], ("", "")), salts)
        yield [cells[column] for column in COLUMNS]


def as_csv(document: dict[str, Any], hidden: Collection[str] = (), *, for_programs: bool = False) -> str:
    """The table as CSV: `;` and a byte order mark for people, RFC 4180 for programs; CRLF for both."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter="," if for_programs else ";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows(
        [harmless(cell) if isinstance(cell, str) else cell for cell in row] for row in rows(document, hidden)
    )
    return written.getvalue() if for_programs else BOM + written.getvalue()


def as_xlsx(document: dict[str, Any], hidden: Collection[str] = ()) -> bytes:
    """The table as a workbook of one sheet; texts stay texts, whatever they start with."""
    written = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(written, options) as book:
        sheet = book.add_worksheet(f"Lista {document['number']}")
        sheet.freeze_panes(1, 0)
        for number, row in enumerate([COLUMNS, *rows(document, hidden)]):
            sheet.write_row(number, 0, row)
        sheet.autofilter(0, 0, len(document["items"]), len(COLUMNS) - 1)
        sheet.autofit()
    return written.getvalue()


def _cells(item: dict[str, Any], neighbourhood: dict[str, Any], move: dict[str, Any]) -> dict[str, Any]:
    return {
        "lugar": item["place"],
        "lugar_segun_regla": item["rule_place"],
        "ronda": item["round"],
        "turno": item["turn"],
        "barrio_numero": item["neighbourhood"],
        "barrio": neighbourhood["name"],
        "lugar_en_su_barrio": item["own_place"],
        "referencia": item["reference"],
        "categoria": item["category"],
        "direccion": item["department"] or "",
        **_named(LEVELS, item["levels"] or ()),
        "puntaje": decimal_comma(display(item["index"])) if item["levels"] else "",
        "puntaje_x3": item["index"],
        **{column: (item["vote"] or {}).get(name, "") for column, name in VOTE.items()},
        "informado": item["reported_on"],
        "coeficiente": neighbourhood["coefficient"],
        "aceptados": neighbourhood["accepted"],
        "razon_en_su_barrio": item["reasons"][0],
        "razon_en_la_ciudad": item["reasons"][1],
        "motivo_cambio": move.get("reason", ""),
        "oficina_cambio": move.get("office", ""),
        "pidio_cambio": sentence(move.get("asked_by", ""), move.get("asker", "")),
    }


def _sealed(document: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """The commitments of title and last reason of each problem; none before format 4."""
    if "texts" not in document:
        return {}
    reasons = {each["reference"]: each["reason"] for each in document["overrides"]}
    return {
        item["reference"]: (item["title"], reasons.get(item["reference"], "")) for item in document["items"]
    }


def _opening(title: str, reason: str, salts: Mapping[str, str]) -> dict[str, str]:
    return {
        "problema_huella": title,
        "problema_sal": salts.get(title, ""),
        "motivo_huella": reason,
        "motivo_sal": salts.get(reason, ""),
    }


def _named(names: Iterable[str], values: Iterable[int]) -> dict[str, Any]:
    return dict.fromkeys(names, "") | dict(zip(names, values, strict=False))
