"""Checks the file of a gathering without trusting anyone: python3 -I gatherings/verify.py acta.json...

It needs nothing but Python's standard library and shares no line with the program that counted. From
the file alone it counts the ballots again, or the totals that were typed twice, and says in Spanish
what fits and what does not; exit code 0 when all of it holds, 1 when not.

A finding is a code with its facts; SENTENCES has the words, which the check in the browser says too.
"""

import hashlib
import io
import json
import re
import sys
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

Row = dict[str, Any]
Finding = tuple[str, Row]

FORMAT = "mapa-barrial/reunion/2"
# Before the second format nothing was said of levels; its files are checked as they were written.
FORMATS = ("mapa-barrial/reunion/1", FORMAT)
SINCE_2 = ("weights", "levels")
SCALES = ("severity", "reach", "duration", "vulnerability")
LARGEST_FILE = 8 * 1024 * 1024
LARGEST_NUMBER = 1_000_000
DEEPEST = 8
LETTERS_SHOWN = 200
# Below it a ballot could be guessed to be somebody's: only totals are told.
FEWEST_BALLOTS = 10
# Within so many days two that did not count decide an objection.
DECISION_DAYS, DECIDERS = 15, 2
OUTCOMES = ("stands", "set_aside")
FIRST_PLACES, BALLOT_MOST, SMALL_BALLOT, VOTERS_OF_ONE = 5, 12, 6, 2
MODES = ("tokens", "ballots", "hands", "phones")
WHOLE_BALLOTS = ("ballots", "phones")
REFERENCE = re.compile(r"[A-Z]{1,8}-[0-9]{4}-[0-9]{1,12}\Z")
HEX64, SALT = re.compile(r"[0-9a-f]{64}\Z"), re.compile(r"[0-9a-f]{32}\Z")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[+-][0-9]{2}:[0-9]{2}\Z")

SENTENCES = {
    # What cannot be read at all.
    "unreadable": "no se pudo abrir el archivo",
    "too_large": "el archivo es demasiado grande para ser una reunión (más de 8 MB)",
    "not_utf8": "el archivo no es texto UTF-8: está cambiado",
    "not_json": "el archivo no es JSON: está cortado o cambiado",
    "not_whole": "el archivo tiene un número que no es entero o es imposible",
    "name_twice": "el archivo dice dos veces el mismo nombre, o uno que ninguna reunión usa",
    "nested": "el archivo no es una reunión: está anidado sin fin",
    "not_gathering": "el archivo no es el de una reunión",
    "format_unknown": "el archivo tiene un formato que este verificador no conoce: usa uno más nuevo",
    "shape": "en el archivo falta «{name}» o no es lo que debe ser",
    # What was checked.
    "written": "el archivo está escrito como se publicó, byte a byte",
    "digest": "la huella SHA-256 es la del contenido",
    "texts": "los textos que se muestran son los que se escribieron",
    "times": "las horas van en orden y abrir otro día tiene su motivo",
    "attendance": "las personas y los votantes suman, con dos votos por organización a lo más",
    "rules": "las fichas por persona son las del modo y del tamaño de la papeleta",
    "order": "el orden de la papeleta sale de la semilla",
    "possible": "las fichas y personas de cada problema son posibles",
    "counted": "las papeletas, contadas de nuevo, dan los totales",
    "missing": "las papeletas que faltan tienen su motivo",
    "twice": "los totales se anotaron dos veces, por dos partes distintas, y dicen lo mismo",
    "witnesses": "hubo dos testigos distintos",
    "places": "el orden del barrio es el de las fichas",
    "annulled": "los conteos anulados tienen hora y motivo",
    "levels": "el puntaje de cada problema sale de niveles que confirmaron dos, con todos sus cambios",
    "challenges": "las objeciones son de quien estuvo y se decidieron a tiempo, entre dos",
    # What does not hold.
    "byte_changed": "el archivo no está escrito como se publicó: otro programa lo guardó de nuevo",
    "digest_differs": "la huella no corresponde: el archivo dice {said} y su contenido da {found}",
    "text_differs": "el texto «{text}» no es el que se escribió",
    "text_unknown": "el texto «{text}» no es de esta reunión",
    "closed_early": "la reunión dice que cerró antes de abrir",
    "far_without_reason": "se abrió a más de un día de lo programado y no dice por qué",
    "near_with_reason": "dice por qué se abrió otro día y se abrió el día programado",
    "host": "no dice de qué barrio o consejo es, o dice los dos",
    "people_sum": "la asistencia suma {found} personas y el archivo dice {said}",
    "voters_sum": "la asistencia suma {found} votantes y el archivo dice {said}",
    "organisation_voters": "«{name}» vota con {voters} personas y son dos a lo más",
    "voters_over_people": "en una línea de la asistencia votan más personas de las que vinieron",
    "organisation_twice": "la asistencia dice dos veces «{name}»",
    "mode_unknown": "el modo de contar no es ninguno de los cuatro",
    "ballot_size": "la papeleta tiene {found} problemas y lleva entre 1 y 12",
    "tokens_rule": "dice {said} fichas por persona y hasta {cap} por problema, y le tocan {each} y {most}",
    "order_differs": "en el lugar {place} de la papeleta está {said} y la semilla pone a {found}",
    "ballot_differs": "la papeleta y el resultado no tienen los mismos problemas",
    "people_over_voters": "{reference} tiene {people} personas y votan {voters}",
    "people_over_tokens": "{reference} tiene {people} personas y solo {tokens} fichas",
    "over_cap": "{reference} tiene {tokens} fichas y con el tope por persona caben {most}",
    "total_over": "hay {found} fichas y se repartieron {most}",
    "hands_differ": "{reference} tiene {tokens} fichas y {people} personas, y una mano es una ficha",
    "ballots_absent": "faltan las papeletas: con {found} se publican todas",
    "ballots_present": "el archivo trae papeletas que no debe traer",
    "ballots_many": "trae {found} papeletas y dice que se contaron {said}",
    "ballots_over": "se contaron {found} papeletas y votaban {most}",
    "ballots_unsorted": "las papeletas no están ordenadas por su contenido",
    "ballot_broken": "la papeleta {row} rompe la regla",
    "totals_differ": "{reference} dice {said} fichas de {people} personas y las papeletas dan {found} y {by}",
    "left_out_differs": "dice que {said} papeletas no tienen ninguno de los cinco primeros y son {found}",
    "missing_without_reason": "se contaron menos papeletas que votantes y no dice por qué",
    "missing_with_reason": "dice por qué faltan papeletas y no falta ninguna",
    "typed_once": "los totales no se anotaron dos veces",
    "typed_unasked": "dice que se anotó dos veces y con teléfonos no se anota",
    "typings_differ": "dice que no hubo diferencias y los dos conteos no son iguales",
    "typings_alike": "dice que hubo diferencias y los dos conteos son iguales",
    "typing_other": "los dos conteos no son los del resultado",
    "counters_few": "no dice dos partes que contaran",
    "witness_few": "no dice dos testigos",
    "witness_same": "es el mismo testigo dos veces",
    "place_wrong": "{reference} está en el lugar {said} y le toca el {found}",
    "places_empty": "ningún problema tiene fichas",
    "annulled_time": "un conteo anulado no está entre la apertura y el cierre",
    "weights_sum": "los pesos del puntaje suman {found} y deben sumar 100",
    "levels_absent": "los niveles no son los de los problemas de la papeleta",
    "index_differs": "{reference} dice el puntaje {said} y sus niveles dan {found}",
    "index_unconfirmed": "{reference} dice un puntaje y nadie confirmó sus niveles",
    "change_time": "un cambio de puntaje de {reference} es posterior al cierre o no está en orden",
    "change_last": "el último cambio de puntaje de {reference} dice {said} y en la votación valía {found}",
    "challenges_differ": "la huella de las objeciones no corresponde: dice {said} y da {found}",
    "challenge_absent": "«{name}» objeta y no estuvo en la reunión",
    "challenge_again": "«{name}» objeta dos veces",
    "challenge_time": "«{name}» objeta antes del cierre, o las objeciones no van en orden",
    "challenge_late": "la objeción de «{name}» se decidió fuera de sus 15 días",
    "challenge_outcome": "la objeción de «{name}» dice otra decisión que la de sus dos votos iguales",
}


class Broken(Exception):
    """The file cannot be read as a gathering at all: a finding."""

    def __init__(self, code: str, **facts: object) -> None:
        self.finding = (code, facts)
        super().__init__(code)


# Reading


def read(raw: bytes) -> tuple[Row, str]:
    """The document and its text; raises Broken for anything else."""
    if len(raw) > LARGEST_FILE:
        raise Broken("too_large")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise Broken("not_utf8") from None
    document = parsed(text)
    if is_nested(document):
        raise Broken("nested")
    if not isinstance(document, dict) or not isinstance(document.get("format"), str):
        raise Broken("not_gathering")
    if not document["format"].startswith("mapa-barrial/reunion/"):
        raise Broken("not_gathering")
    if document["format"] not in FORMATS:
        raise Broken("format_unknown")
    check_shape(document)
    return document, text


def parsed(text: str) -> Any:
    """Strict JSON: whole numbers, no name twice; raises Broken for anything else."""
    faults: list[str] = []
    hooks = Hooks(faults)
    try:
        document = json.loads(
            text,
            parse_float=hooks.fraction,
            parse_constant=hooks.fraction,
            parse_int=hooks.whole,
            object_pairs_hook=hooks.row,
        )
    except json.JSONDecodeError:
        raise Broken("not_json") from None
    except RecursionError:
        raise Broken("nested") from None
    if faults:
        raise Broken(faults[0])
    return document


class Hooks:
    """What json.loads is silent about: fractions, numbers others would round, doubled names."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults

    def fraction(self, _: str) -> None:
        self.faults.append("not_whole")

    def whole(self, digits: str) -> int:
        if len(digits) > 17 or abs(int(digits)) > 2**53 - 1:
            self.faults.append("not_whole")
            return 0
        return int(digits)

    def row(self, pairs: list[tuple[str, Any]]) -> Row:
        if len(dict(pairs)) < len(pairs) or not all(name.isascii() for name, _ in pairs):
            self.faults.append("name_twice")
        return dict(pairs)


def is_nested(value: Any) -> bool:
    level = [value] if isinstance(value, (dict, list)) else []
    for _ in range(DEEPEST):
        parts = (each.values() if isinstance(each, dict) else each for each in level)
        level = [inner for part in parts for inner in part if isinstance(inner, (dict, list))]
    return bool(level)


def canonical(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sha(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


# Shape: each name and what it must be


def is_text(value: Any) -> bool:
    return isinstance(value, str)


def is_whole(value: Any) -> bool:
    return type(value) is int and 0 <= value <= LARGEST_NUMBER


def is_reference(value: Any) -> bool:
    return is_text(value) and bool(REFERENCE.match(value))


def is_hash(value: Any) -> bool:
    return is_text(value) and bool(HEX64.match(value))


def is_salt(value: Any) -> bool:
    return is_text(value) and bool(SALT.match(value))


def is_day(value: Any) -> bool:
    return is_text(value) and bool(DAY.match(value)) and exists(date.fromisoformat, value)


def is_moment(value: Any) -> bool:
    return is_text(value) and bool(MOMENT.match(value)) and exists(datetime.fromisoformat, value)


def exists(read_it: Callable[[str], object], value: str) -> bool:
    try:
        read_it(value)
    except ValueError:
        return False
    return True


def maybe(check: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: value is None or check(value)


def every(check: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, list) and all(check(each) for each in value)


def of(**names: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: (
        isinstance(value, dict)
        and set(value) == set(names)
        and all(names[name](value[name]) for name in names)
    )


def is_attendance(value: Any) -> bool:
    right = isinstance(value, list) and len(value) == 3
    return right and maybe(is_text)(value[0]) and is_whole(value[1]) and is_whole(value[2])


def is_ballot(value: Any) -> bool:
    return isinstance(value, dict) and all(is_reference(name) and is_whole(value[name]) for name in value)


def is_outcome(value: Any) -> bool:
    return value in OUTCOMES


def is_hundredth(value: Any) -> bool:
    return is_whole(value) and value <= 100


def is_index(value: Any) -> bool:
    return is_whole(value) and value <= 300


def is_levels(value: Any) -> bool:
    return (
        isinstance(value, list) and len(value) == len(SCALES) and all(is_whole(e) and e <= 3 for e in value)
    )


IS_LINE = of(reference=is_reference, tokens=maybe(is_whole), people=maybe(is_whole))
SHAPE: dict[str, Callable[[Any], bool]] = {
    "format": is_text,
    "number": is_whole,
    "territory": maybe(is_whole),
    "council": is_text,
    "planned": is_moment,
    "opened": is_moment,
    "closed": is_moment,
    "opened_reason": maybe(is_hash),
    "attendance": every(is_attendance),
    "people": is_whole,
    "voters": is_whole,
    "mode": is_text,
    "tokens_each": is_whole,
    "tokens_per_issue": is_whole,
    "seed": is_text,
    "ballot": every(is_reference),
    "places": every(
        of(
            place=is_whole,
            reference=is_reference,
            reported_on=is_day,
            tokens=is_whole,
            people=is_whole,
            index=maybe(is_whole),
        )
    ),
    "ballots": maybe(every(is_ballot)),
    "ballots_counted": maybe(is_whole),
    "ballots_left_out": maybe(is_whole),
    "missing_reason": maybe(is_hash),
    "typings": maybe(of(at=is_moment, salt=is_salt, first=is_hash, second=is_hash, differences=is_whole)),
    "counters": every(is_text),
    "witnesses": every(is_text),
    "annulled": every(
        of(
            at=is_moment,
            mode=is_text,
            voters=is_whole,
            seed=is_text,
            ballots=maybe(is_whole),
            reason=is_hash,
            lines=every(IS_LINE),
        )
    ),
    "weights": of(since=maybe(is_moment), **dict.fromkeys(SCALES, is_hundredth)),
    "levels": every(
        of(
            reference=is_reference,
            levels=maybe(is_levels),
            changes=every(of(at=is_moment, office=is_text, before=maybe(is_index), after=maybe(is_index))),
        )
    ),
    "digest": is_hash,
    # What came after the seal: beside it, with a digest over both.
    "challenges": every(
        of(
            organisation=is_text,
            at=is_moment,
            text=is_hash,
            words=every(of(at=is_moment, office=is_text, outcome=is_outcome, text=is_hash)),
            outcome=maybe(is_outcome),
        )
    ),
    "challenges_digest": is_hash,
    "texts": every(of(commitment=is_hash, salt=is_salt, text=is_text)),
}


def check_shape(document: Row) -> None:
    """Raises Broken for the first name that is missing, wrong or unknown."""
    older = document["format"] != FORMAT
    shape = {name: check for name, check in SHAPE.items() if not (older and name in SINCE_2)}
    for name, check in shape.items():
        if name not in document or not check(document[name]):
            raise Broken("shape", name=name)
    for name in sorted(set(document) - set(shape)):
        raise Broken("shape", name=name)


# The checks: each yields what does not hold


def check_written(document: Row, text: str) -> Iterator[Finding]:
    if text != canonical(document):
        yield "byte_changed", {}


def check_digest(document: Row) -> Iterator[Finding]:
    found = digest_of(document)
    if found != document["digest"]:
        yield "digest_differs", {"said": document["digest"], "found": found}


def digest_of(document: Row) -> str:
    """Over everything but itself, what came later, and the texts, which stand inside as their commitments."""
    return sha(canonical({name: document[name] for name in document if name not in BESIDE}))


BESIDE = ("digest", "challenges", "challenges_digest", "texts")


def check_texts(document: Row) -> Iterator[Finding]:
    reasons = [document["opened_reason"], document["missing_reason"]]
    reasons += [count["reason"] for count in document["annulled"]]
    said = document["challenges"] + [word for each in document["challenges"] for word in each["words"]]
    known = {each for each in [*reasons, *(one["text"] for one in said)] if each}
    for each in document["texts"]:
        if sha(each["salt"] + each["text"]) != each["commitment"]:
            yield "text_differs", {"text": each["text"]}
        elif each["commitment"] not in known:
            yield "text_unknown", {"text": each["text"]}


def check_times(document: Row) -> Iterator[Finding]:
    planned, opened, closed = (
        datetime.fromisoformat(document[name]) for name in ("planned", "opened", "closed")
    )
    if closed < opened:
        yield "closed_early", {}
    is_far = abs(opened - planned) > timedelta(days=1)
    if is_far and document["opened_reason"] is None:
        yield "far_without_reason", {}
    if not is_far and document["opened_reason"] is not None:
        yield "near_with_reason", {}


def check_attendance(document: Row) -> Iterator[Finding]:
    if (document["territory"] is None) == (not document["council"]):
        yield "host", {}
    lines = document["attendance"]
    for column, name in ((1, "people"), (2, "voters")):
        found = sum(line[column] for line in lines)
        if found != document[name]:
            yield f"{name}_sum", {"found": found, "said": document[name]}
    seen = set()
    for name, people, voters in lines:
        if name is not None and voters > VOTERS_OF_ONE:
            yield "organisation_voters", {"name": name, "voters": voters}
        if voters > people:
            yield "voters_over_people", {}
        if name in seen:
            yield "organisation_twice", {"name": name or ""}
        seen.add(name)


def check_rules(document: Row) -> Iterator[Finding]:
    size = len(document["ballot"])
    if document["mode"] not in MODES:
        yield "mode_unknown", {}
    if not 1 <= size <= BALLOT_MOST:
        yield "ballot_size", {"found": size}
    each, most = (3, 1) if document["mode"] == "hands" or size <= SMALL_BALLOT else (5, 2)
    said = document["tokens_each"], document["tokens_per_issue"]
    if said != (each, most):
        yield "tokens_rule", {"said": said[0], "cap": said[1], "each": each, "most": most}


def check_order(document: Row) -> Iterator[Finding]:
    listed = document["ballot"]
    drawn = sorted(listed, key=lambda reference: sha(f"{document['seed']}:{reference}"))
    for place, (said, found) in enumerate(zip(listed, drawn, strict=True), 1):
        if said != found:
            yield "order_differs", {"place": place, "said": said, "found": found}
    if sorted(listed) != sorted(row["reference"] for row in document["places"]):
        yield "ballot_differs", {}


def check_possible(document: Row) -> Iterator[Finding]:
    voters, cap = document["voters"], document["tokens_per_issue"]
    for row in document["places"]:
        reference, tokens, people = row["reference"], row["tokens"], row["people"]
        facts = {"reference": reference, "tokens": tokens, "people": people}
        if people > voters:
            yield "people_over_voters", {"reference": reference, "people": people, "voters": voters}
        if people > tokens:
            yield "people_over_tokens", facts
        if tokens > cap * people:
            yield "over_cap", {"reference": reference, "tokens": tokens, "most": cap * people}
        if document["mode"] == "hands" and tokens != people:
            yield "hands_differ", facts
    found, most = sum(row["tokens"] for row in document["places"]), voters * document["tokens_each"]
    if found > most:
        yield "total_over", {"found": found, "most": most}


def check_counted(document: Row) -> Iterator[Finding]:
    counted, ballots = document["ballots_counted"], document["ballots"]
    if document["mode"] not in WHOLE_BALLOTS:
        if (counted, document["ballots_left_out"], ballots) != (None, None, None):
            yield "ballots_present", {}
        return
    if counted is None:
        yield "ballots_absent", {"found": 0}
        return
    if counted > document["voters"]:
        yield "ballots_over", {"found": counted, "most": document["voters"]}
    if ballots is None and counted >= FEWEST_BALLOTS:
        yield "ballots_absent", {"found": counted}
    elif ballots is not None and counted < FEWEST_BALLOTS:
        yield "ballots_present", {}
    elif ballots is not None:
        yield from check_ballots(document, ballots)


def check_ballots(document: Row, ballots: list[Row]) -> Iterator[Finding]:
    if len(ballots) != document["ballots_counted"]:
        yield "ballots_many", {"found": len(ballots), "said": document["ballots_counted"]}
    written = [canonical(ballot) for ballot in ballots]
    if written != sorted(written):
        yield "ballots_unsorted", {}
    known, each, cap = set(document["ballot"]), document["tokens_each"], document["tokens_per_issue"]
    for row, ballot in enumerate(ballots, 1):
        spent = list(ballot.values())
        if not set(ballot) <= known or sum(spent) > each or any(not 1 <= tokens <= cap for tokens in spent):
            yield "ballot_broken", {"row": row}
    for place in document["places"]:
        reference = place["reference"]
        told = [ballot[reference] for ballot in ballots if reference in ballot]
        if (place["tokens"], place["people"]) != (sum(told), len(told)):
            facts = {"reference": reference, "said": place["tokens"], "people": place["people"]}
            yield "totals_differ", facts | {"found": sum(told), "by": len(told)}
    first = {row["reference"] for row in document["places"] if row["place"] <= FIRST_PLACES}
    left_out = sum(not first & set(ballot) for ballot in ballots)
    if left_out != document["ballots_left_out"]:
        yield "left_out_differs", {"said": document["ballots_left_out"] or 0, "found": left_out}


def check_missing(document: Row) -> Iterator[Finding]:
    counted = document["ballots_counted"]
    are_missing = counted is not None and counted < document["voters"]
    if are_missing and document["missing_reason"] is None:
        yield "missing_without_reason", {}
    if not are_missing and document["missing_reason"] is not None:
        yield "missing_with_reason", {}


def check_twice(document: Row) -> Iterator[Finding]:
    typings = document["typings"]
    if document["mode"] == "phones":
        if typings is not None:
            yield "typed_unasked", {}
        return
    if typings is None:
        yield "typed_once", {}
        return
    if len(document["counters"]) < 2:
        yield "counters_few", {}
    yield from check_typings(document, typings)


def check_typings(document: Row, typings: Row) -> Iterator[Finding]:
    alike, typed = typings["first"] == typings["second"], typed_of(document)
    if typings["differences"]:
        # Two papers under each other's number are two differences of the same ballots.
        if alike and document["mode"] != "ballots":
            yield "typings_alike", {}
        return
    if not alike:
        yield "typings_differ", {}
    if typed is not None and typings["first"] != sha(canonical([typings["salt"], typed])):
        yield "typing_other", {}


def typed_of(document: Row) -> Any:
    """What was typed, as both sides typed it; None where the ballots are too few to be told."""
    if document["mode"] == "ballots":
        return document["ballots"]
    return {row["reference"]: [row["tokens"], row["people"]] for row in document["places"]}


def check_witnesses(document: Row) -> Iterator[Finding]:
    names = [" ".join(name.split()).lower() for name in document["witnesses"] if name.strip()]
    if len(names) < 2:
        yield "witness_few", {}
    elif len(set(names)) < len(names):
        yield "witness_same", {}


def check_places(document: Row) -> Iterator[Finding]:
    rows = sorted(document["places"], key=place_key)
    for found, row in enumerate(rows, 1):
        if row["place"] != found:
            yield "place_wrong", {"reference": row["reference"], "said": row["place"], "found": found}
    if not any(row["tokens"] for row in rows):
        yield "places_empty", {}
    for before, after in pairwise(document["places"]):
        if before["place"] >= after["place"]:
            yield "place_wrong", {
                "reference": after["reference"], "said": after["place"], "found": before["place"] + 1
            }  # fmt: skip


def place_key(row: Row) -> tuple[Any, ...]:
    reference = row["reference"]
    numbers = [int(digits) for digits in re.findall("[0-9]+", reference)]
    return (-row["tokens"], -row["people"], -(row["index"] or 0), row["reported_on"], numbers, reference)


def check_annulled(document: Row) -> Iterator[Finding]:
    opened, closed = (datetime.fromisoformat(document[name]) for name in ("opened", "closed"))
    for count in document["annulled"]:
        if not opened <= datetime.fromisoformat(count["at"]) <= closed:
            yield "annulled_time", {}


def check_levels(document: Row) -> Iterator[Finding]:
    if document["format"] != FORMAT:
        return
    weights = [document["weights"][name] for name in SCALES]
    if sum(weights) != 100:
        yield "weights_sum", {"found": sum(weights)}
    if [row["reference"] for row in document["levels"]] != sorted(document["ballot"]):
        yield "levels_absent", {}
    said = {row["reference"]: row["index"] for row in document["places"]}
    for row in document["levels"]:
        yield from check_index(row, weights, said.get(row["reference"]))
        yield from check_changes(row, document, said.get(row["reference"]))


def check_index(row: Row, weights: list[int], said: int | None) -> Iterator[Finding]:
    if row["levels"] is None:
        if said is not None:
            yield "index_unconfirmed", {"reference": row["reference"]}
        return
    found = sum(level * weight for level, weight in zip(row["levels"], weights, strict=True))
    if found != said:
        yield "index_differs", {"reference": row["reference"], "said": said or 0, "found": found}


def check_changes(row: Row, document: Row, index: int | None) -> Iterator[Finding]:
    moments = [datetime.fromisoformat(change["at"]) for change in row["changes"]]
    if moments != sorted(moments) or any(at > datetime.fromisoformat(document["closed"]) for at in moments):
        yield "change_time", {"reference": row["reference"]}
    since = document["weights"]["since"]
    # With other weights since, the same levels have another index.
    if row["levels"] is None or not moments or (since and moments[-1] < datetime.fromisoformat(since)):
        return
    last = row["changes"][-1]["after"]
    if last != index:
        yield "change_last", {"reference": row["reference"], "said": last or 0, "found": index or 0}


def check_challenges(document: Row) -> Iterator[Finding]:
    challenges, present = document["challenges"], {line[0] for line in document["attendance"] if line[1]}
    found = sha(canonical([document["digest"], *challenges]))
    if found != document["challenges_digest"]:
        yield "challenges_differ", {"said": document["challenges_digest"], "found": found}
    before = datetime.fromisoformat(document["closed"])
    seen: set[str] = set()
    for each in challenges:
        facts, at = {"name": each["organisation"]}, datetime.fromisoformat(each["at"])
        if each["organisation"] not in present:
            yield "challenge_absent", facts
        if each["organisation"] in seen:
            yield "challenge_again", facts
        if at < before:
            yield "challenge_time", facts
        before, seen = at, {*seen, each["organisation"]}
        said = [datetime.fromisoformat(word["at"]) for word in each["words"]]
        if any(not at <= moment <= at + timedelta(days=DECISION_DAYS) for moment in said):
            yield "challenge_late", facts
        if outcome_of(each["words"]) != each["outcome"]:
            yield "challenge_outcome", facts


def outcome_of(words: list[Row]) -> str | None:
    """What two said; nobody says anything after it was decided."""
    for many in range(DECIDERS, len(words) + 1):
        said = [word["outcome"] for word in words[:many]]
        if said.count(said[-1]) == DECIDERS:
            return said[-1] if many == len(words) else "?"
    return None


CHECKS: tuple[tuple[str, Callable[[Row], Iterator[Finding]]], ...] = (
    ("digest", check_digest),
    ("texts", check_texts),
    ("times", check_times),
    ("attendance", check_attendance),
    ("rules", check_rules),
    ("order", check_order),
    ("possible", check_possible),
    ("counted", check_counted),
    ("missing", check_missing),
    ("twice", check_twice),
    ("witnesses", check_witnesses),
    ("places", check_places),
    ("annulled", check_annulled),
    ("levels", check_levels),
    ("challenges", check_challenges),
)


def findings(raw: bytes) -> list[tuple[str, list[Finding]]]:
    """Each check with what it found; raises Broken for what is no gathering."""
    document, text = read(raw)
    written = ("written", list(check_written(document, text)))
    return [written, *((name, list(check(document))) for name, check in CHECKS)]


# What the person reads


def say(finding: Finding) -> str:
    """A finding in words, short and safe for a terminal."""
    code, facts = finding
    safe = {name: shown(str(value)) for name, value in facts.items()}
    return SENTENCES[code].format(**safe)


def shown(text: str) -> str:
    return "".join(letter if letter.isprintable() else "·" for letter in text[:LETTERS_SHOWN])


def sentences(raw: bytes) -> list[str]:
    """Everything that does not hold, in words; empty when all holds."""
    try:
        return [say(finding) for _, found in findings(raw) for finding in found]
    except Broken as broken:
        return [say(broken.finding)]


def verify(path: str) -> bool:
    """Tell one file; whether all of it holds."""
    try:
        results = findings(Path(path).read_bytes())
    except Broken as broken:
        tell(f"{shown(Path(path).name)}: {say(broken.finding)}.")
        return False
    except OSError:
        tell(f"{shown(Path(path).name)}: {SENTENCES['unreadable']}.")
        return False
    tell(f"{shown(Path(path).name)}:")
    for name, found in results:
        for finding in found:
            tell(f"  ✗ {say(finding)}.")
        if not found:
            tell(f"  ✓ {SENTENCES[name]}.")
    return not any(found for _, found in results)


def tell(line: str) -> None:
    sys.stdout.write(line + "\n")


def main(arguments: list[str]) -> int:
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    if not arguments or arguments[0].startswith("-"):
        tell("Uso: python3 -I verify.py acta.json...")
        return 1
    results = [verify(path) for path in arguments]
    holds = all(results)
    tell("Todo lo comprobado se cumple." if holds else "No se cumple.")
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
