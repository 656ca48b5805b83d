"""Checks a published list without trusting anyone: python3 -I rankings/verify.py FILE...

A second implementation on purpose: it needs nothing but Python's standard library and shares
no line with the program that made the list. FILE is lista.json of one or several lists, or a
list's CSV. It says in Spanish what it checked; exit code 0 when all of it holds, 1 when not.

Each list says its format and its rule. RULES and FORMATS at the end of the checks name those this
program knows: a row is added for a new one and none is changed or taken away, so that a list
of any year is checked by the rule it was made with.
"""

import csv
import hashlib
import io
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

Row = dict[str, Any]
Checks = Sequence[tuple[str, Callable[[Row], Iterator[str]]]]
Results = list[tuple[str, list[str]]]
# An item, its round, its turn, its place in its neighbourhood, and who holds it back
Placed = tuple[Row, int, int, int, str]

# Index, support, day and reference as an order: the least comes first
Merit = tuple[int, Fraction, str, tuple[list[int], str]]

FORMAT_FAMILY = "mapa-barrial/lista/"
LARGEST_FILE = 128 * 1024 * 1024
LARGEST_NUMBER = 2**53 - 1
LARGEST_PARAMETER = 10**9
MOVES_MOST = 10_000
DEEPEST = 16
FINDINGS_SHOWN = 20
LETTERS_SHOWN = 300
REFERENCE = re.compile(r"[A-Z]{1,8}-[0-9]{4}-[0-9]{1,12}\Z")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
# The number of an audience in the register of the Ley del Lobby.
AUDIENCE = re.compile(r"[A-Z]{2}[0-9]{3}AW[0-9]{7}\Z")
HEX64 = re.compile(r"[0-9a-f]{64}\Z")
SALT = re.compile(r"[0-9a-f]{32}\Z")
HIDDEN = "oculto"


class Broken(Exception):
    """The file cannot be read as a list at all; the text is the sentence for the person."""


# Reading


def read_bytes(path: str) -> bytes:
    """The file; raises Broken if it cannot be opened or is too large."""
    try:
        if Path(path).stat().st_size > LARGEST_FILE:
            raise Broken("el archivo es demasiado grande para ser una lista (más de 128 MB)")
        return Path(path).read_bytes()
    except (OSError, ValueError):
        raise Broken("no se pudo abrir el archivo") from None


def read_text(raw: bytes) -> str:
    """UTF-8; raises Broken for anything else."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Broken(f"el archivo no es texto UTF-8: el byte {error.start + 1} está cambiado") from None


def read_json(text: str) -> Row:
    """The document of a list; raises Broken for anything else."""
    if text.startswith("\ufeff"):
        raise Broken(
            "otro programa volvió a guardar el archivo (empieza con una marca BOM): descárgalo de nuevo"
        )
    document = parsed(text)
    if is_nested_without_end(document):
        raise Broken("el archivo no es una lista: está anidado sin fin")
    if not isinstance(document, dict) or not is_format(document.get("format")):
        raise Broken("el archivo no es una lista publicada")
    if "\\u" in text and not is_writable(document):
        raise Broken("el archivo tiene un carácter imposible en un texto: está cambiado")
    return document


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
        raise Broken("el archivo no es JSON: está cortado o cambiado") from None
    except RecursionError:
        raise Broken("el archivo no es una lista: está anidado sin fin") from None
    if faults:
        raise Broken(faults[0])
    return document


class Hooks:
    """What json.loads is silent about: fractions, numbers others would round, doubled names."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults

    def fraction(self, text: str) -> None:
        self.faults.append(f"el archivo tiene un número que no es entero: {shown(text)}")

    def whole(self, text: str) -> int:
        if len(text) > len(str(-LARGEST_NUMBER)) or abs(int(text)) > LARGEST_NUMBER:
            self.faults.append(f"el archivo tiene un número imposible: {shown(text)}")
            return 0
        return int(text)

    def row(self, pairs: list[tuple[str, Any]]) -> Row:
        found = {}
        for name, value in pairs:
            if name in found:
                self.faults.append(f"el archivo dice dos veces «{shown(name)}»")
            # Only ASCII names sort alike in every language.
            if not name.isascii():
                self.faults.append(f"el archivo tiene un nombre que ninguna lista usa: «{shown(name)}»")
            found[name] = value
        return found


def is_nested_without_end(value: Any) -> bool:
    level = [value] if isinstance(value, (dict, list)) else []
    for _ in range(DEEPEST):
        parts = (each.values() if isinstance(each, dict) else each for each in level)
        level = [inner for part in parts for inner in part if isinstance(inner, (dict, list))]
    return bool(level)


def is_format(text: Any) -> bool:
    return isinstance(text, str) and text.startswith(FORMAT_FAMILY)


def is_writable(document: Row) -> bool:
    try:
        canonical(document).encode()
    except UnicodeEncodeError:
        return False
    return True


def canonical(document: Any) -> str:
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


# Shape: what a list must contain before anything can be computed

DOCUMENT = {"number": 1, "track": "", "published_at": "", "office": "", "previous_digest": "", "digest": ""}
LEVELS = ("gravedad", "alcance", "tiempo", "vulnerabilidad")


def check_shape(document: Row) -> None:
    check_version(document)
    for name, example in DOCUMENT.items():
        need(document, name, type(example))
    weights = need(document, "weights", dict)
    for name in WEIGHTS:
        need(weights, name, int)
    rows = [need_rows(document, name) for name in ("neighbourhoods", "items", "overrides")]
    if len(rows[-1]) > MOVES_MOST:
        refuse("overrides")
    for check, found in zip((check_neighbourhood_shape, check_item_shape), rows, strict=False):
        for each in found:
            check(each)
    for each in rows[-1]:
        check_move_shape(each, FORMATS[document["format"]].move_texts)
    for check in FORMATS[document["format"]].shapes:
        check(document)


def check_texts_shape(document: Row) -> None:
    for each in need_rows(document, "texts"):
        need(each, "text", str)
        for name, pattern in (("commitment", HEX64), ("salt", SALT)):
            if not pattern.match(need(each, name, str)):
                refuse(name)
    for rows, name in (("items", "title"), ("overrides", "reason")):
        if not all(HEX64.match(need(each, name, str)) for each in document[rows]):
            refuse(name)


def check_gatherings_shape(document: Row) -> None:
    for each in need_rows(document, "gatherings"):
        need(each, "number", int)
        if not HEX64.match(need(each, "digest", str)):
            refuse("gatherings")


def check_version(document: Row) -> None:
    """Raises Broken for what a newer program made: it cannot be judged by the rules of this one."""
    if document["format"] not in FORMATS:
        raise Broken(
            f"la lista tiene el formato «{shown(document['format'])}», que este verificador no conoce: "
            "usa uno más nuevo"
        )
    number = rule_number(document)
    if number not in RULES:
        raise Broken(
            f"la lista está hecha con la regla {number}, que este verificador no conoce: usa uno más nuevo"
        )


def rule_number(document: Row) -> int:
    return FORMATS[document["format"]].rule(document)


def rule_of(document: Row) -> "Rule":
    return RULES[rule_number(document)]


def check_neighbourhood_shape(each: Row) -> None:
    need(each, "code", int)
    need(each, "name", str)
    for name, least in (("coefficient", 1), ("accepted", 0)):
        if not least <= need(each, name, int) <= LARGEST_PARAMETER:
            refuse(name)


def check_item_shape(item: Row) -> None:
    for name in ("place", "rule_place", "round", "turn", "own_place", "neighbourhood", "index"):
        need(item, name, int)
    need_day(item, "reported_on")
    if not REFERENCE.match(need(item, "reference", str)):
        refuse("reference")
    if "levels" not in item or not is_levels(item["levels"]):
        refuse("levels")
    if "vote" not in item or item["vote"] is not None:
        check_vote_shape(need(item, "vote", dict))
    check_reasons_shape(need(item, "reasons", list))


def is_levels(levels: Any) -> bool:
    if levels is None:
        return True
    right = isinstance(levels, list) and len(levels) == len(LEVELS)
    return right and all(type(level) is int and 0 <= level <= 3 for level in levels)


def check_vote_shape(vote: Row) -> None:
    for name in ("gathering", "voters", "tokens_each", "tokens", "people", "place", "index_then"):
        need(vote, name, int)
    need_day(vote, "held_on")


def check_reasons_shape(reasons: list[Any]) -> None:
    if len(reasons) != 2 or not all(isinstance(each, str) for each in reasons):
        refuse("reasons")


def check_move_shape(each: Row, texts: Iterable[str]) -> None:
    for name in ("from", "to"):
        need(each, name, int)
    for name in texts:
        need(each, name, str)


def need_rows(document: Row, name: str) -> list[Row]:
    rows = need(document, name, list)
    if not all(isinstance(row, dict) for row in rows):
        refuse(name)
    return rows


def need(mapping: Row, name: str, kind: type) -> Any:
    value = mapping.get(name)
    if type(value) is not kind or (isinstance(value, int) and not 0 <= value <= LARGEST_NUMBER):
        refuse(name)
    return value


def need_day(mapping: Row, name: str) -> None:
    try:
        if not DAY.match(need(mapping, name, str)):
            refuse(name)
        date.fromisoformat(mapping[name])
    except ValueError:
        refuse(name)


def refuse(name: str) -> NoReturn:
    """Raises Broken."""
    raise Broken(f"en el archivo falta «{name}» o no es lo que debe ser")


# Rule 1, written a second time

# Tokens of each voter, and how many of them may lie on one problem.
CAPS = {5: 2, 3: 1}
WEIGHTS = ("severity", "reach", "duration", "vulnerability")


def index_of(levels: Any, weights: Row) -> int:
    return sum(weights[name] * level for name, level in zip(WEIGHTS, levels or (), strict=False))


def numbers_in(reference: str) -> tuple[list[int], str]:
    return [int(digits) for digits in re.findall("[0-9]+", reference)], reference


def support_of(item: Row) -> Fraction:
    vote = item["vote"]
    possible = vote["voters"] * vote["tokens_each"] if vote else 0
    return Fraction(vote["tokens"], possible) if possible else Fraction(0)


def merit(item: Row) -> Merit:
    day = item["vote"]["held_on"] if item["vote"] else "9999-12-31"
    return (-item["index"], -support_of(item), day, numbers_in(item["reference"]))


def room_key(item: Row) -> tuple[Any, ...]:
    vote = item["vote"]
    return (
        -vote["tokens"],
        -vote["people"],
        -vote["index_then"],
        item["reported_on"],
        numbers_in(item["reference"]),
    )


def own_order(items: list[Row]) -> list[Row]:
    voted = [item for item in items if item["vote"]]
    waiting = [item for item in items if not item["vote"]]
    voted.sort(key=lambda item: item["vote"]["place"])
    voted.sort(key=lambda item: (item["vote"]["held_on"], item["vote"]["gathering"]), reverse=True)
    waiting.sort(key=lambda item: (-item["index"], item["reported_on"], numbers_in(item["reference"])))
    return voted + waiting


def round_number(turn: int, coefficient: int) -> int:
    # The smallest R whose share R·c, rounded half up, holds `turn` places.
    return int(-((Fraction(1, 2) - turn) / Fraction(coefficient, 100) // 1))


def city_order(neighbourhoods: list[Row], items: list[Row]) -> list[Placed]:
    """Items in the order that the rule gives."""
    rounds: dict[int, list[tuple[tuple[Merit, int], Placed]]] = {}
    waiting: dict[int, list[Row]] = {}
    for item in items:
        waiting.setdefault(item["neighbourhood"], []).append(item)
    for each in neighbourhoods:
        own = own_order(waiting.get(each["code"], []))
        worst: dict[int, Merit] = {}
        for position, item in enumerate(own, 1):
            turn = each["accepted"] + position
            number = round_number(turn, each["coefficient"])
            worst[number] = max(worst.get(number, merit(item)), merit(item))
            behind = worst[number][-1][1]
            row = (item, number, turn, position, "" if behind == item["reference"] else behind)
            rounds.setdefault(number, []).append(((worst[number], position), row))
    ordered: list[Placed] = []
    for number in sorted(rounds):
        ordered += [row for _, row in sorted(rounds[number], key=lambda pair: pair[0])]
    return ordered


def after_moves(order: Iterable[str], overrides: list[Row]) -> list[str]:
    order = list(order)
    for each in overrides:
        if each["reference"] in order:
            order.remove(each["reference"])
            order.insert(max(0, each["to"] - 1), each["reference"])
    return order


# The two sentences of each place, made again from the numbers


def reasons_of_rule_1(ordered: list[Placed], known: dict[int, Row]) -> Iterator[tuple[str, str]]:
    for place, (item, number, _, own_place, behind) in enumerate(ordered, 1):
        neighbourhood = known[item["neighbourhood"]]
        yield (
            own_reason(item, own_place, neighbourhood["name"]),
            city_reason(item, place, number, behind, neighbourhood),
        )


def own_reason(item: Row, own_place: int, neighbourhood: str) -> str:
    vote, start = item["vote"], f"Es el problema N.º {own_place} de {neighbourhood}"
    if vote:
        possible = vote["voters"] * vote["tokens_each"]
        fichas, personas = noun(possible, "ficha"), noun(vote["people"], "persona")
        year, month, day = vote["held_on"].split("-")
        return (
            f"{start}: recibió {vote['tokens']} de {possible} {fichas}, de {vote['people']} {personas}, "
            f"en la reunión del {day}-{month}-{year}."
        )
    start += ", provisorio hasta que el barrio lo vote"
    if item["levels"] is None:
        return f"{start}: todavía no tiene puntaje."
    levels = ", ".join(f"{name} {level}" for name, level in zip(LEVELS, item["levels"], strict=True))
    return f"{start}: su puntaje es {score(item['index'])} ({levels})."


def city_reason(item: Row, place: int, number: int, behind: str, neighbourhood: Row) -> str:
    accepted, coefficient, causes = neighbourhood["accepted"], neighbourhood["coefficient"], []
    if accepted:
        causes.append(f"con {accepted} {noun(accepted, 'problema')} {noun(accepted, 'aceptado')} en 12 meses")
    if coefficient != 100:
        causes.append(f"con coeficiente {coefficient // 100},{coefficient % 100:02d}")
    because = f", porque su barrio cuenta {' y '.join(causes)}" if causes else ""
    kept = f", y va después de {behind} porque su barrio lo puso antes" if behind else ""
    return (
        f"Le toca la ronda {number}{because}; dentro de la ronda el orden lo da el puntaje, "
        f"el suyo es {score(item['index'])}{kept}, y así queda en el lugar {place}."
    )


# Rule 2: the order of rule 1; the sentence of the city names what decided, and nothing else


def reasons_of_rule_2(ordered: list[Placed], known: dict[int, Row]) -> Iterator[tuple[str, str]]:
    rounds: dict[int, list[Placed]] = {}
    for placed in ordered:
        rounds.setdefault(placed[1], []).append(placed)
    orders = (order for together in rounds.values() for order in orders_in(together))
    for place, ((item, number, _, own_place, _), order) in enumerate(zip(ordered, orders, strict=True), 1):
        each = known[item["neighbourhood"]]
        causes = round_causes(number, own_place, each["accepted"], each["coefficient"])
        city = f"Le toca la ronda {number}: {causes}; en esa ronda {order}, y queda en el lugar {place}."
        yield own_reason(item, own_place, each["name"]), city


def round_causes(number: int, own_place: int, accepted: int, coefficient: int) -> str:
    """A cause is named when the round would be another without it."""
    causes = [f"es el N.º {own_place} de su barrio"]
    if round_number(own_place, coefficient) != number:
        causes.append(f"este barrio ya usó {accepted} {noun(accepted, 'turno')}")
    if own_place + accepted != number:
        causes.append(f"su coeficiente es {coefficient // 100},{coefficient % 100:02d}")
    return " y ".join([", ".join(causes[:-1]), causes[-1]] if causes[1:] else causes)


def orders_in(together: list[Placed]) -> Iterator[str]:
    """The first of a round against the second; a held-back one against who holds it; others against
    the nearest before them that nobody holds back."""
    (free, *_), *others = together
    yield against_next(free, others[0]) if others else "es el único"
    for item, *_, behind in others:
        if behind:
            yield f"va después de {behind} porque así los ordenó su barrio"
        else:
            yield f"va después de {free['reference']} {told_apart(item, free)}"
            free = item


def against_next(item: Row, following: Placed) -> str:
    rival, *_, behind = following
    why = "porque así los ordenó su barrio" if behind else told_apart(item, rival)
    return f"va antes de {rival['reference']} {why}"


def told_apart(item: Row, rival: Row) -> str:
    mine, theirs = merit(item), merit(rival)
    if mine[0] != theirs[0]:
        return f"por puntaje ({score(item['index'])} contra {score(rival['index'])})"
    if mine[1] != theirs[1]:
        return f"por apoyo ({share(item)} contra {share(rival)}), con el mismo puntaje"
    if mine[2] != theirs[2]:
        days = f"{day_of(item)} contra {day_of(rival)}"
        return f"por fecha de reunión ({days}), con el mismo puntaje y apoyo"
    return "por número de folio, con el mismo puntaje, apoyo y fecha"


# Rule 3: a voted problem without levels that two accounts confirmed brings no index, and says so


def reasons_of_rule_3(ordered: list[Placed], known: dict[int, Row]) -> Iterator[tuple[str, str]]:
    for (item, *_), (own, city) in zip(ordered, reasons_of_rule_2(ordered, known), strict=True):
        if item["vote"] and item["levels"] is None:
            own = own[:-1] + "; sin puntaje confirmado, en su ronda cuenta 0."
        yield own, city


def share(item: Row) -> str:
    vote = item["vote"]
    if not vote:
        return "sin votación"
    possible = vote["voters"] * vote["tokens_each"]
    return f"{vote['tokens']} de {possible} {noun(possible, 'ficha')}"


def day_of(item: Row) -> str:
    return "-".join(reversed(item["vote"]["held_on"].split("-"))) if item["vote"] else "sin reunión"


def noun(number: int, one: str) -> str:
    return one if number == 1 else f"{one}s"


def score(i3: int) -> str:
    # A third, rounded half up to tenths.
    tenths = (20 * i3 + 3) // 6
    return f"{tenths // 10},{tenths % 10}"


# The checks: each yields the sentences that say what does not hold


def check_bytes(document: Row, text: str) -> Iterator[str]:
    expected = canonical(document)
    if text != expected:
        at = next(
            (n for n, (a, b) in enumerate(zip(text, expected, strict=False)) if a != b),
            min(len(text), len(expected)),
        )
        place = len(text[:at].encode("utf-8", "surrogatepass")) + 1
        yield f"el archivo no está escrito como se publicó: el byte {place} está cambiado"


def check_digest(document: Row) -> Iterator[str]:
    beside = ("digest", "texts") if FORMATS[document["format"]].has_texts else ("digest",)
    content = {name: value for name, value in document.items() if name not in beside}
    found = hashlib.sha256(canonical(content).encode()).hexdigest()
    if found != document["digest"]:
        yield (
            f"la huella no corresponde: el archivo dice {shown(document['digest'])} y su contenido da "
            f"{found}; al menos un byte está cambiado"
        )


# Free texts stand under the digest as commitments, and beside it with their salts while nobody hid them.


def check_texts(document: Row) -> Iterator[str]:
    known = {said for _, _, said in committed_in(document)}
    seen = set()
    for each in document["texts"]:
        text = shown(each["text"])
        if hashlib.sha256((each["salt"] + each["text"]).encode()).hexdigest() != each["commitment"]:
            yield f"el texto «{text}» no es el de su huella"
        elif each["commitment"] not in known:
            yield f"el texto «{text}» no es de ninguna parte de la lista"
        elif each["commitment"] in seen:
            yield f"el texto «{text}» aparece dos veces"
        seen.add(each["commitment"])


def committed_in(document: Row) -> Iterator[tuple[str, str, str]]:
    """Each free text of a list: what it is, of which problem, and its commitment."""
    for item in document["items"]:
        yield "el título", item["reference"], item["title"]
    for each in document["overrides"]:
        yield "el motivo del cambio", each["reference"], each["reason"]
        if each["asked_by"] in ASKER_TEXTS and HEX64.match(each["asker"]):
            yield "quién pidió el cambio", each["reference"], each["asker"]


def hidden_in(document: Row) -> list[str]:
    """What of a list nobody may read any more."""
    if "texts" not in document or not FORMATS[document["format"]].has_texts:
        return [f"el título de {shown(each)}" for each in document.get("hidden", ())]
    told = {each["commitment"] for each in document["texts"]}
    return [f"{what} de {shown(name)}" for what, name, said in committed_in(document) if said not in told]


def texts_of(document: Row) -> Callable[[str], str | None]:
    """What says a free text, None where it is hidden; before format 4 it stands in its own place."""
    if not FORMATS[document["format"]].has_texts:
        return lambda said: said
    texts = {each["commitment"]: each["text"] for each in document["texts"]}
    return lambda said: texts.get(said) if HEX64.match(said) else ""


def check_known(document: Row) -> Iterator[str]:
    codes, seen = set(), set()
    for each in document["neighbourhoods"]:
        if each["code"] in codes:
            yield f"el barrio {each['code']} aparece dos veces"
        codes.add(each["code"])
    for item in document["items"]:
        if item["reference"] in seen:
            yield f"{shown(item['reference'])} aparece dos veces"
        seen.add(item["reference"])
        if item["neighbourhood"] not in codes:
            yield f"{shown(item['reference'])} es de un barrio que la lista no nombra"


def check_indexes(document: Row) -> Iterator[str]:
    weights = document["weights"]
    if sum(weights[name] for name in WEIGHTS) != 100:
        yield "los pesos del puntaje no suman 100"
    index = rule_of(document).index
    for item in document["items"]:
        found = index(item["levels"], weights)
        if found != item["index"]:
            yield f"el puntaje de {shown(item['reference'])} dice {item['index']} y sus niveles dan {found}"


def check_votes(document: Row) -> Iterator[str]:
    caps = rule_of(document).caps
    for item in document["items"]:
        vote = item["vote"]
        if vote and vote["tokens"] > vote["voters"] * vote["tokens_each"]:
            yield f"{shown(item['reference'])} tiene más fichas que las que se repartieron"
        if vote and not vote["people"] <= min(vote["tokens"], vote["voters"]):
            yield f"{shown(item['reference'])} tiene más personas que fichas o que votantes"
        if vote and vote["tokens"] > caps.get(vote["tokens_each"], vote["tokens_each"]) * vote["people"]:
            yield f"{shown(item['reference'])} tiene más fichas que las que caben con el tope por persona"


def rooms_of(document: Row) -> list[tuple[int, list[Row]]]:
    """The voted items of each gathering, in the order of their places there."""
    rooms: dict[int, list[Row]] = {}
    for item in document["items"]:
        if item["vote"]:
            rooms.setdefault(item["vote"]["gathering"], []).append(item)
    return [
        (number, sorted(rooms[number], key=lambda item: item["vote"]["place"])) for number in sorted(rooms)
    ]


def check_room_orders(document: Row) -> Iterator[str]:
    key = rule_of(document).room_key
    for number, items in rooms_of(document):
        yield from check_room_facts(number, items)
        for before, after in pairwise(items):
            names = shown(before["reference"]), shown(after["reference"])
            if before["vote"]["place"] == after["vote"]["place"]:
                yield f"en la reunión {number}, {names[0]} y {names[1]} dicen el mismo lugar"
            elif key(before) > key(after):
                yield (
                    f"en la reunión {number}, {names[0]} está antes que {names[1]} "
                    "y los conteos dicen lo contrario"
                )


def check_room_facts(number: int, items: list[Row]) -> Iterator[str]:
    """One room has one day, one number of voters, one neighbourhood, and no more tokens than it gave."""
    first = items[0]
    for item in items:
        if room_facts(item) != room_facts(first):
            yield (
                f"en la reunión {number}, {shown(item['reference'])} dice otro día, barrio, "
                f"votantes o fichas por persona que {shown(first['reference'])}"
            )
            return
    given = sum(item["vote"]["tokens"] for item in items)
    possible = first["vote"]["voters"] * first["vote"]["tokens_each"]
    if given > possible:
        yield f"en la reunión {number} hay {given} fichas y se repartieron {possible}"


def room_facts(item: Row) -> tuple[Any, ...]:
    vote = item["vote"]
    return vote["held_on"], item["neighbourhood"], vote["voters"], vote["tokens_each"]


def check_rule(document: Row) -> Iterator[str]:
    words = {
        "rule_place": "tiene lugar {}",
        "round": "tiene ronda {}",
        "turn": "tiene turno {}",
        "own_place": "tiene lugar {} en su barrio",
    }
    ordered = rule_of(document).order(document["neighbourhoods"], document["items"])
    for number, (item, *facts, _) in enumerate(ordered, 1):
        for name, right in zip(words, (number, *facts), strict=True):
            if item[name] != right:
                said = words[name].format(item[name])
                yield f"{shown(item['reference'])} {said} y según la regla le toca {right}"


def check_reasons(document: Row) -> Iterator[str]:
    rule = rule_of(document)
    ordered = rule.order(document["neighbourhoods"], document["items"])
    known = {each["code"]: each for each in document["neighbourhoods"]}
    for (item, *_), right in zip(ordered, rule.reasons(ordered, known), strict=True):
        for where, said, due in zip(("su barrio", "la ciudad"), item["reasons"], right, strict=True):
            if said != due:
                reference = shown(item["reference"])
                yield f"la razón de {reference} en {where} no sale de sus números: debe decir «{shown(due)}»"


def check_places(document: Row) -> Iterator[str]:
    rule = [item["reference"] for item in sorted(document["items"], key=lambda item: item["rule_place"])]
    right = {reference: n for n, reference in enumerate(after_moves(rule, document["overrides"]), 1)}
    for position, item in enumerate(document["items"], 1):
        reference, due = shown(item["reference"]), right[item["reference"]]
        if item["place"] != position:
            yield f"{reference} está en la fila {position} y dice lugar {item['place']}: fue movido"
        elif position != due:
            yield f"{reference} está en el lugar {position} y le toca el {due}: fue movido"


def check_moves(document: Row) -> Iterator[str]:
    order = [item["reference"] for item in sorted(document["items"], key=lambda item: item["rule_place"])]
    text_of = texts_of(document)
    for each in document["overrides"]:
        name, said = shown(each["reference"]), each["from"]
        if each["reference"] not in order:
            yield f"se cambió de lugar {name}, que no está en la lista"
        elif said != (start := order.index(each["reference"]) + 1):
            yield f"el cambio de lugar de {name} dice que estaba en el {said} y estaba en el {start}"
        reason = text_of(each["reason"])
        if not (reason is None or says_something(reason)) or not says_something(each["office"]):
            yield f"el cambio de lugar de {name} no dice motivo u oficina"
        order = after_moves(order, [each])


def check_askers(document: Row) -> Iterator[str]:
    text_of = texts_of(document)
    for each in document["overrides"]:
        asker = text_of(each["asker"]) if each["asked_by"] in ASKER_TEXTS else each["asker"]
        if asker is not None and not is_asker(each["asked_by"], asker):
            yield f"el cambio de lugar de {shown(each['reference'])} no dice quién lo pidió"


ASKER_TEXTS = ("organisation", "office")


def is_asker(kind: str, name: str) -> bool:
    if kind == "nobody":
        return not name
    if kind == "audience":
        return bool(AUDIENCE.match(name))
    return kind in ASKER_TEXTS and says_something(name)


def says_something(text: str) -> bool:
    return any(letter.isalnum() for letter in text)


def check_previous(document: Row) -> Iterator[str]:
    previous = document["previous_digest"]
    if document["number"] == 1 and previous:
        yield "la lista N.º 1 nombra una lista anterior"
    elif document["number"] > 1 and not HEX64.match(previous):
        yield "falta la huella de la lista anterior"


def check_gatherings(document: Row) -> Iterator[str]:
    voted = {item["vote"]["gathering"] for item in document["items"] if item["vote"]}
    named = [each["number"] for each in document["gatherings"]]
    for number in sorted(voted - set(named)):
        yield f"la lista usa la reunión {number} y no dice su huella"
    for number in sorted(set(named) - voted):
        yield f"la lista dice la huella de la reunión {number}, que no usa"
    for number in sorted({each for each in named if named.count(each) > 1}):
        yield f"la lista dice dos veces la huella de la reunión {number}"


def rule_written(document: Row) -> int:
    return need(document, "rule", int)


MOVE_TEXTS = ("reference", "reason", "office")
ASKED_TEXTS = (*MOVE_TEXTS, "asked_by", "asker")
GATHERINGS = ("la huella de cada reunión que la lista usa está en ella", check_gatherings)
ASKERS = ("cada cambio de lugar dice quién lo pidió", check_askers)
TEXTS = ("cada texto que está es el de su huella", check_texts)
KNOWN = ("cada problema y cada barrio aparece una vez", check_known)
VOTES = ("las fichas y personas de cada votación son posibles", check_votes)
ROOMS = ("cada reunión quedó en el orden de sus fichas", check_room_orders)
RULE = ("las rondas y el orden de la ciudad son los de la regla", check_rule)
REASONS = ("las dos razones de cada lugar dicen los números publicados", check_reasons)
CHECKS = (
    ("la huella SHA-256 es la del contenido", check_digest),
    KNOWN,
    ("los puntajes salen de sus niveles y de los pesos publicados", check_indexes),
    VOTES,
    ROOMS,
    RULE,
    REASONS,
    ("cada problema está en su lugar, con los cambios publicados", check_places),
    ("cada cambio de lugar tiene motivo y oficina", check_moves),
    ("la lista dice cuál es la anterior", check_previous),
)


class Rule(NamedTuple):
    """All that a rule decides: the index, the tokens on one problem, a room, the city, the sentences."""

    index: Callable[[Any, Row], int]  # type: ignore[assignment]  # hides tuple.index, which nobody calls
    caps: dict[int, int]
    room_key: Callable[[Row], tuple[Any, ...]]
    order: Callable[[list[Row], list[Row]], list[Placed]]
    reasons: Callable[[list[Placed], dict[int, Row]], Iterable[tuple[str, str]]]


class Format(NamedTuple):
    """How a file of one format says its rule, and what is checked in it."""

    rule: Callable[[Row], int]
    move_texts: tuple[str, ...]
    checks: Checks
    shapes: tuple[Callable[[Row], None], ...] = ()
    has_texts: bool = False


RULES = {
    1: Rule(index_of, CAPS, room_key, city_order, reasons_of_rule_1),
    2: Rule(index_of, CAPS, room_key, city_order, reasons_of_rule_2),
    3: Rule(index_of, CAPS, room_key, city_order, reasons_of_rule_3),
}
FORMATS = {
    # Before lists said their rule there was one.
    "mapa-barrial/lista/1": Format(lambda document: 1, MOVE_TEXTS, CHECKS),
    "mapa-barrial/lista/2": Format(rule_written, ASKED_TEXTS, (*CHECKS, ASKERS)),
    "mapa-barrial/lista/3": Format(
        rule_written, ASKED_TEXTS, (*CHECKS, ASKERS, GATHERINGS), shapes=(check_gatherings_shape,)
    ),
    "mapa-barrial/lista/4": Format(
        rule_written,
        ASKED_TEXTS,
        (*CHECKS, TEXTS, ASKERS, GATHERINGS),
        shapes=(check_gatherings_shape, check_texts_shape),
        has_texts=True,
    ),
}


def all_checks(document: Row) -> Results:
    """The results of every check that a list of its format has."""
    return checked(document, FORMATS[document["format"]].checks)


def checked(document: Row, checks: Checks) -> Results:
    """Each check's words and the sentences that say what does not hold."""
    results = []
    for words, check in checks:
        results.append((words, list(check(document))))
        # With doubled problems or unknown neighbourhoods there is no order to compute.
        if check is check_known and results[-1][1]:
            break
    return results


def check_chain(documents: list[Row]) -> Iterator[str]:
    """Sentences about missing, doubled or unlinked lists among several, by number."""
    by_number = {}
    for document in documents:
        if document["number"] in by_number:
            yield f"la lista N.º {document['number']} se dio dos veces"
        by_number[document["number"]] = document
    numbers = sorted(by_number)
    for before, after in pairwise(numbers):
        if after != before + 1:
            yield missing(before + 1, after - 1)
        else:
            yield from check_link(by_number[before], by_number[after])


def check_link(before: Row, after: Row) -> Iterator[str]:
    numbers = f"la lista N.º {after['number']}", f"la N.º {before['number']}"
    if after["previous_digest"] != before["digest"]:
        yield f"la cadena se corta: {numbers[0]} nombra otra huella que la de {numbers[1]}"
    # Nobody goes back to a rule that asked for less.
    if version_of(after) < version_of(before):
        yield f"{numbers[0]} está hecha con un formato o una regla más antiguos que {numbers[1]}"


def version_of(document: Row) -> tuple[int, int]:
    return list(FORMATS).index(document["format"]), rule_number(document)


def missing(first: int, last: int) -> str:
    if first == last:
        return f"falta la lista N.º {first} en la cadena"
    return f"faltan las listas N.º {first} a {last} en la cadena"


# The CSV of a list: order only, its digest belongs to lista.json

WHOLE_COLUMNS = {
    "lugar": "place",
    "lugar_segun_regla": "rule_place",
    "ronda": "round",
    "turno": "turn",
    "lugar_en_su_barrio": "own_place",
    "barrio_numero": "neighbourhood",
    "puntaje_x3": "index",
}
VOTE_COLUMNS = {
    "reunion": "gathering",
    "votantes": "voters",
    "fichas_por_persona": "tokens_each",
    "fichas": "tokens",
    "personas": "people",
    "lugar_en_la_reunion": "place",
    "puntaje_x3_ese_dia": "index_then",
}
REASON_COLUMNS = ("razon_en_su_barrio", "razon_en_la_ciudad")
# Only since format 2; a table without it was made with rule 1.
RULE_COLUMN = "regla"
OTHER_COLUMNS = (
    "referencia",
    "barrio",
    "informado",
    "fecha_reunion",
    "coeficiente",
    "aceptados",
    "motivo_cambio",
)
COLUMNS = (*WHOLE_COLUMNS, *VOTE_COLUMNS, *LEVELS, *OTHER_COLUMNS, *REASON_COLUMNS)
# Only since format 4: commitment and salt of a title and of the reason of a move, beside their texts.
SEALED_COLUMNS = (
    ("problema", "problema_huella", "problema_sal"),
    ("motivo_cambio", "motivo_huella", "motivo_sal"),
)
# What a table puts before a text so that no spreadsheet runs it.
HARMLESS = re.compile("\\A'(?= *[=+\\-@\t\r＝＋－＠])")


def read_csv(text: str) -> list[Row]:
    """The rows of a list as a table; raises Broken for anything else."""
    text = text.removeprefix("\ufeff")
    delimiter = ";" if text.partition("\n")[0].count(";") else ","
    try:
        rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        raise Broken("el archivo no es un CSV que se pueda leer") from None
    absent = [name for name in COLUMNS if not rows or name not in rows[0]]
    if absent:
        raise Broken(f"el archivo no es una lista: falta la columna «{absent[0]}»")
    return rows


def from_csv(rows: Sequence[Any]) -> Row:
    """A document with what the rules need, out of the rows of a CSV."""
    one_rule(rows)
    items = [csv_item(number, row) for number, row in enumerate(rows, 2)]
    neighbourhoods: dict[int, Row] = {}
    for row, item in zip(rows, items, strict=True):
        neighbourhoods.setdefault(item["neighbourhood"], csv_neighbourhood(row, item))
    for each in neighbourhoods.values():
        check_neighbourhood_shape(each)
    document = csv_version(rows[0]) | {"neighbourhoods": list(neighbourhoods.values()), "items": items}
    check_version(document)
    document["hidden"] = [
        item["reference"] for item in items if item.get("cells") and not item["cells"][0][2]
    ]
    return document


def csv_version(row: Row) -> Row:
    if RULE_COLUMN not in row:
        return {"format": f"{FORMAT_FAMILY}1"}
    number = 4 if SEALED_COLUMNS[0][1] in row else 2
    return {"format": f"{FORMAT_FAMILY}{number}", "rule": whole(row[RULE_COLUMN], 2, RULE_COLUMN)}


def one_rule(rows: Sequence[Any]) -> None:
    """Raises Broken when two rows say different rules."""
    first = rows[0].get(RULE_COLUMN)
    for line, row in enumerate(rows, 2):
        if row.get(RULE_COLUMN) != first:
            raise Broken(f"en la línea {line} la columna «{RULE_COLUMN}» no dice lo mismo que en la primera")


def csv_item(line: int, row: Row) -> Row:
    item: Row = {name: whole(row[column], line, column) for column, name in WHOLE_COLUMNS.items()}
    item |= {"reference": row["referencia"], "reported_on": row["informado"], "vote": csv_vote(line, row)}
    levels = [row[name] for name in LEVELS]
    item["levels"] = [whole(text, line, "gravedad") for text in levels] if all(levels) else None
    item["reasons"] = [row[name] for name in REASON_COLUMNS]
    item["moved"] = bool(row["motivo_cambio"])
    check_item_shape(item)
    return item | csv_texts(row)


def csv_texts(row: Row) -> Row:
    """Text, commitment and salt of the title and of the reason, and the commitment as lista.json has it."""
    if not row.get(SEALED_COLUMNS[0][1]):
        return {}
    cells = [tuple(row.get(column) or "" for column in columns) for columns in SEALED_COLUMNS]
    return {"cells": cells, "title": cells[0][1]}


def check_csv_texts(document: Row) -> Iterator[str]:
    for item in document["items"]:
        for text, said, salt in item.get("cells", ()):
            if said and not (text == HIDDEN if not salt else opens(said, salt, text)):
                yield f"el texto «{shown(text)}» de {shown(item['reference'])} no es el de su huella"


def opens(said: str, salt: str, text: str) -> bool:
    """Whether salt and text are those of a commitment, with or without what keeps spreadsheets quiet."""
    ways = {text, HARMLESS.sub("", text, count=1)}
    return bool(SALT.match(salt)) and any(
        hashlib.sha256((salt + each).encode()).hexdigest() == said for each in ways
    )


def csv_vote(line: int, row: Row) -> Row | None:
    if not row["reunion"]:
        return None
    vote = {name: whole(row[column], line, column) for column, name in VOTE_COLUMNS.items()}
    return vote | {"held_on": row["fecha_reunion"]}


def csv_neighbourhood(row: Row, item: Row) -> Row:
    return {
        "code": item["neighbourhood"],
        "name": HARMLESS.sub("", row["barrio"] or "", count=1),
        "coefficient": whole(row["coeficiente"], 2, "coeficiente"),
        "accepted": whole(row["aceptados"], 2, "aceptados"),
    }


def whole(text: str, line: int, column: str) -> int:
    """A whole number of a cell; raises Broken for anything else."""
    if not re.fullmatch(r"[0-9]{1,16}", text or ""):
        raise Broken(f"en la línea {line} la columna «{column}» no es un número entero")
    return int(text)


def check_csv_places(document: Row) -> Iterator[str]:
    rule = sorted(document["items"], key=lambda item: item["rule_place"])
    kept = [item["reference"] for item in rule if not item["moved"]]
    found = [item["reference"] for item in document["items"] if not item["moved"]]
    for right, reference in zip(kept, found, strict=True):
        if right != reference:
            yield f"{shown(reference)} está donde le toca a {shown(right)}, sin motivo: fue movido"
            break
    for position, item in enumerate(document["items"], 1):
        if item["place"] != position:
            reference = shown(item["reference"])
            yield f"{reference} está en la fila {position} y dice lugar {item['place']}: fue movido"


CSV_CHECKS = (
    KNOWN,
    ("cada texto que está es el de su huella", check_csv_texts),
    VOTES,
    ROOMS,
    RULE,
    REASONS,
    ("cada problema está en su lugar, o tiene un motivo de cambio", check_csv_places),
)
SHARED = (
    "reference",
    "place",
    *sorted(set(WHOLE_COLUMNS.values()) - {"place"}),
    "levels",
    "reported_on",
    "vote",
    "reasons",
)


def compare(document: Row, rows_document: Row) -> Iterator[str]:
    """Sentences about where a CSV differs from the lista.json of the same list."""
    for item, row in zip(document["items"], rows_document["items"], strict=False):
        for name in (*SHARED, *(["title"] if "title" in row else [])):
            if item.get(name) != row[name]:
                yield f"el CSV y lista.json no dicen lo mismo de {shown(item['reference'])} ({name})"
                break
    if len(document["items"]) != len(rows_document["items"]):
        yield "el CSV y lista.json no tienen la misma cantidad de problemas"


# The files of gatherings, given beside a list: their counts are those of the list

ACTA_FORMATS = ("mapa-barrial/reunion/1", "mapa-barrial/reunion/2")


def is_acta(text: str) -> bool:
    return any(f'"format":"{known}"' in text for known in ACTA_FORMATS)


def read_acta(text: str) -> Row:
    """What a list needs of a gathering's file; raises Broken. gatherings/verify.py checks the rest."""
    document = parsed(text)
    if not isinstance(document, dict) or document.get("format") not in ACTA_FORMATS:
        raise Broken("el archivo no es el de una reunión")
    for name, kind in (
        ("number", int),
        ("voters", int),
        ("tokens_each", int),
        ("closed", str),
        ("digest", str),
    ):
        need(document, name, kind)
    for row in need_rows(document, "places"):
        need(row, "reference", str)
        for name in ("place", "tokens", "people"):
            need(row, name, int)
    for row in need_rows(document, "challenges"):
        need_moment(row, "at")
        if row.get("outcome") not in (None, "stands", "set_aside"):
            raise Broken("el archivo no es el de una reunión")
        for word in need_rows(row, "words"):
            need_moment(word, "at")
    return document


def need_moment(row: Row, name: str) -> None:
    """It is a moment with its zone; raises Broken."""
    need(row, name, str)
    if moment_of(row[name]) is None:
        raise Broken("el archivo no es el de una reunión")


def moment_of(text: str) -> datetime | None:
    """A moment with its zone, None for any other text."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


# What stands beside the sealed content of a gathering's file.
BESIDE_ACTA = ("digest", "challenges", "challenges_digest", "texts")
DECISION_DAYS = 15


def check_acta(document: Row) -> Iterator[str]:
    content = {name: value for name, value in document.items() if name not in BESIDE_ACTA}
    if hashlib.sha256(canonical(content).encode()).hexdigest() != document["digest"]:
        yield "la huella de la reunión no es la de su contenido: al menos un byte está cambiado"
    for row in document["places"] if isinstance(document.get("ballots"), list) else ():
        given = [ballot[row["reference"]] for ballot in document["ballots"] if row["reference"] in ballot]
        if (sum(given), len(given)) != (row["tokens"], row["people"]):
            yield f"las papeletas de la reunión no dan las fichas de {shown(row['reference'])}"


def check_actas(document: Row, actas: list[Row]) -> Iterator[str]:
    """Sentences about gatherings that are not those of the list."""
    named = {each["number"]: each["digest"] for each in document.get("gatherings", ())}
    for acta in actas:
        number = acta["number"]
        if number not in named:
            yield f"la lista no usa la reunión {number}"
        elif named[number] != acta["digest"]:
            yield f"la lista dice otra huella de la reunión {number}"
        else:
            yield from check_acta_votes(document, acta)
            yield from check_acta_disputes(document, acta)


def check_acta_disputes(document: Row, acta: Row) -> Iterator[str]:
    """A list uses no count while an objection to it waits, nor after it was set aside."""
    published = moment_of(document["published_at"])
    if published is None:
        return
    for each in acta["challenges"]:
        said, at = each["words"], datetime.fromisoformat(each["at"])
        until = at + timedelta(days=DECISION_DAYS)
        if each.get("outcome"):
            until = min(until, datetime.fromisoformat(said[-1]["at"])) if said else until
        if published >= at and (published < until or each.get("outcome") == "set_aside"):
            yield f"la lista usa la reunión {acta['number']} con una objeción que no la dejaba contar"


def check_acta_votes(document: Row, acta: Row) -> Iterator[str]:
    places = {row["reference"]: row for row in acta["places"]}
    room = acta["voters"], acta["tokens_each"], acta["closed"][:10]
    for item in document["items"]:
        vote, row = item["vote"], places.get(item["reference"])
        if not vote or vote["gathering"] != acta["number"]:
            continue
        said = [vote[name] for name in ("tokens", "people", "place", "index_then")]
        found = row and [row["tokens"], row["people"], row["place"], row.get("index") or 0]
        if said != found or room != (vote["voters"], vote["tokens_each"], vote["held_on"]):
            yield f"la reunión {acta['number']} no dice de {shown(item['reference'])} lo que dice la lista"


def how_deep(acta: Row) -> str:
    if isinstance(acta.get("ballots"), list):
        return f"comprobada hasta sus {len(acta['ballots'])} papeletas"
    return (
        "comprobada hasta sus totales anotados dos veces"
        if acta.get("typings")
        else "comprobada hasta sus totales"
    )


# What the person reads


def shown(text: str) -> str:
    """Text of the file that is safe and short enough for a terminal."""
    return "".join(letter if letter.isprintable() else "·" for letter in text[:LETTERS_SHOWN])


def verify(path: str) -> tuple[str, Row, Results]:
    """What kind of file it is, its document and the results of its checks; raises Broken."""
    text = read_text(read_bytes(path))
    if str(path).lower().endswith(".csv") or text.removeprefix("\ufeff").startswith("lugar"):
        document = from_csv(read_csv(text))
        return "csv", document, checked(document, CSV_CHECKS)
    if is_acta(text):
        acta = read_acta(text)
        return "acta", acta, [(f"la reunión es la de su huella, {how_deep(acta)}", list(check_acta(acta)))]
    document = read_json(text)
    check_shape(document)
    written = ("el archivo está escrito como se publicó, byte a byte", list(check_bytes(document, text)))
    return "json", document, [written, *all_checks(document)]


def tell(path: str, kind: str, document: Row, results: Results) -> None:
    say(f"{shown(Path(path).name)}: {title(kind, document)}")
    for words, findings in results:
        for line in findings[:FINDINGS_SHOWN]:
            say(f"  ✗ {line}.")
        if len(findings) > FINDINGS_SHOWN:
            say(f"  ✗ y {len(findings) - FINDINGS_SHOWN} más.")
        if not findings:
            say(f"  ✓ {words}.")
    hidden = [] if kind == "acta" else hidden_in(document)
    for line in hidden[:FINDINGS_SHOWN]:
        say(f"  – {HIDDEN}: {line}.")
    if len(hidden) > FINDINGS_SHOWN:
        say(f"  – {HIDDEN}: y {len(hidden) - FINDINGS_SHOWN} más.")
    if kind == "json":
        say(f"  Huella: {shown(document['digest'])}")
        say(f"  Huella de la lista anterior: {shown(document['previous_digest']) or 'no hay, es la primera'}")


def title(kind: str, document: Row) -> str:
    if kind == "acta":
        return f"reunión N.º {document['number']}; para contarla de nuevo: gatherings/verify.py."
    problems = f"{len(document['items'])} problemas de {len(document['neighbourhoods'])} barrios"
    if kind == "csv":
        return f"tabla con {problems}; el orden se recalcula, la huella está en lista.json."
    name = f"lista N.º {document['number']} ({shown(document['track'])})"
    return f"{name}, {problems}, con la regla {rule_number(document)}."


def say(line: str) -> None:
    sys.stdout.write(line + "\n")


def run(paths: list[str]) -> int:
    """Check all files; 0 when everything holds and 1 when not."""
    documents: list[Row] = []
    tables: list[Row] = []
    actas: list[Row] = []
    holds = True
    kept = {"json": documents, "csv": tables, "acta": actas}
    for path in paths:
        try:
            kind, document, results = verify(path)
        except (Broken, RecursionError, MemoryError) as error:
            say(f"{shown(Path(path).name)}: {error if isinstance(error, Broken) else 'no es una lista'}.")
            holds = False
            continue
        tell(path, kind, document, results)
        holds = holds and not any(findings for _, findings in results)
        kept[kind].append(document)
    beside = [line for document in documents for line in check_actas(document, actas)]
    for line in [*check_chain(documents), *check_pair(documents, tables), *beside]:
        say(f"✗ {line[0].upper()}{line[1:]}.")
        holds = False
    say("Todo lo comprobado se cumple." if holds else "No se cumple.")
    return 0 if holds else 1


def check_pair(documents: list[Row], tables: list[Row]) -> Iterator[str]:
    if len(documents) == 1 and len(tables) == 1:
        yield from compare(documents[0], tables[0])
    elif len(documents) == 1 and documents[0]["number"] > 1:
        number = documents[0]["number"] - 1
        say(f"Para comprobar también la cadena, entrega además la lista N.º {number}.")


def main(arguments: list[str]) -> int:
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    if not arguments or arguments[0].startswith("-"):
        say("Uso: python3 -I verify.py ARCHIVO...   (lista.json, su CSV, o acta.json de reuniones)")
        return 1
    return run(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
