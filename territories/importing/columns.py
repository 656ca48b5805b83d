"""Which column is the name, which the number, which the population. Imports no Django."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any

import geopandas

from core.letters import fold, line_of
from territories.importing.refusal import FileRefused
from territories.names import name_key

NAME_WORDS = (
    "name",
    "nombre",
    "nom",
    "barrio",
    "nom barrio",
    "nombre barrio",
    "vecindario",
    "sector",
    "nbarrio",
)
CODE_WORDS = (
    "code",
    "codigo",
    "cod",
    "numero",
    "num",
    "nro",
    "n",
    "cod barrio",
    "id barrio",
    "barrio id",
    "id",
)
# Where a population comes from, as our own exports name it.
SOURCE_COLUMNS = ("pop_source", "population_source")
POPULATION_WORDS = ("population", "poblacion", "pop", "pob", "habitantes", "hab", "personas")
MAX_CODE = 2_147_483_647
MAX_NAME = 120


@dataclass(frozen=True)
class Known:
    """A neighbourhood we already know, with other spellings of its name."""

    code: int
    name: str
    spellings: tuple[str, ...] = ()

    @property
    def keys(self) -> set[str]:
        """Every way of writing it, for comparison."""
        return {name_key(one) for one in (self.name, *self.spellings) if one}


@dataclass(frozen=True)
class Chosen:
    """The columns in use; `code` and `population` may be missing."""

    name: str
    code: str | None
    population: str | None
    # A year written in the name of the population's column.
    population_year: int | None
    population_source: str | None = None


def choose(
    frame: geopandas.GeoDataFrame, known: list[Known], name: str | None = None, code: str | None = None
) -> Chosen:
    """Guess the columns, or confirm the ones given; raises FileRefused when there is no column of names."""
    columns = [str(column) for column in frame.columns if column != frame.geometry.name]
    name = _given(name, columns) or _guess_name(frame, columns, known)
    code = _given(code, columns) or _guess_code(frame, columns, name)
    source = next((one for one in columns if one.casefold() in SOURCE_COLUMNS), None)
    population = _guess_population(frame, [one for one in columns if one not in (name, code, source)])
    return Chosen(name, code, population, _year(population), source)


def clean_text(value: Any) -> str:
    """A value as one line of letters that can be kept, at most 120; empty when nobody would see it."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    # Cut first: a name has no ten million letters.
    return line_of(str(value)[: 10 * MAX_NAME])[:MAX_NAME]


def whole_number(value: Any) -> int | None:
    """A positive whole number written as a number or as text («07», «7.0», «Barrio 7»), else None."""
    text = clean_text(value)
    found = re.fullmatch(r"(?:[^\d.,-]{0,12}?[ .-]?)?(\d{1,10})(?:[.,]0+)?", text)
    number = int(found[1]) if found else 0
    return number if 0 < number <= MAX_CODE else None


def _given(wanted: str | None, columns: list[str]) -> str | None:
    if not wanted:
        return None
    for column in columns:
        if column.casefold() == wanted.casefold():
            return column
    raise FileRefused("unknown_field", field=wanted, columns=columns)


def _guess_name(frame: geopandas.GeoDataFrame, columns: list[str], known: list[Known]) -> str:
    keys = {key for one in known for key in one.keys}
    scored = [(_name_score(frame[column], column, keys), column) for column in columns]
    best = max(scored, default=(0.0, ""), key=lambda pair: pair[0])
    if best[0] <= 0:
        raise FileRefused("no_name_field", columns=columns)
    return best[1]


def _name_score(values: Any, column: str, keys: set[str]) -> float:
    texts = [clean_text(value) for value in values]
    if not any(re.search(r"[^\W\d_]", text) for text in texts):
        return 0.0
    matched = sum(name_key(text) in keys for text in texts) / max(len(texts), 1)
    word = fold(column)
    hint = 1.0 if word in NAME_WORDS else 0.5 if any(part in NAME_WORDS for part in word.split()) else 0.0
    return 10 * matched + hint


def _guess_code(frame: geopandas.GeoDataFrame, columns: list[str], name: str) -> str | None:
    usable = [column for column in columns if column != name and _are_codes(frame[column])]
    ranked = [(CODE_WORDS.index(fold(one)), one) for one in usable if fold(one) in CODE_WORDS]
    return min(ranked)[1] if ranked else None


def _are_codes(values: Any) -> bool:
    numbers = [whole_number(value) for value in values]
    # A number given twice is a mistake to report; one number for all is another column.
    return None not in numbers and 2 * len(set(numbers)) > len(numbers)


def _guess_population(frame: geopandas.GeoDataFrame, columns: list[str]) -> str | None:
    for column in columns:
        words = re.sub(r"\d+", " ", fold(column)).split()
        if any(word in POPULATION_WORDS for word in words) and _are_counts(frame[column]):
            return column
    return None


def _are_counts(values: Any) -> bool:
    numbers = [population_of(value) for value in values]
    return any(number is not None for number in numbers)


def population_of(value: Any) -> int | None:
    """A count of people, or None when the value is none."""
    text = clean_text(value)
    if not re.fullmatch(r"\d{1,9}(\.\d+)?", text):
        return None
    return round(float(text))


def _year(column: str | None) -> int | None:
    found = re.search(r"(19|20)\d\d", column or "")
    return int(found[0]) if found else None
