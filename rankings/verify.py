"""Checks a published list without trusting anyone: python3 -I rankings/verify.py FILE...

A second implementation on purpose: it needs nothing but Python's standard library and shares
no line with the program that made the list. FILE is lista.json of one or several lists, or a
list's CSV. It says in Spanish what it checked; exit code 0 when all of it holds, 1 when not.
"""

import csv
import hashlib
import io
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any, NoReturn

Row = dict[str, Any]
Checks = Sequence[tuple[str, Callable[[Row], Iterator[str]]]]
Results = list[tuple[str, list[str]]]

FORMAT = "mapa-barrial/lista/1"
LARGEST_FILE = 256 * 1024 * 1024
LARGEST_NUMBER = 2**53
FINDINGS_SHOWN = 20
REFERENCE = re.compile(r"[A-Z]{1,8}-[0-9]{4}-[0-9]{1,12}\Z")
HEX64 = re.compile(r"[0-9a-f]{64}\Z")


class Broken(Exception):
    """The file cannot be read as a list at all; the text is the sentence for the person."""


# Reading


def read_bytes(path: str) -> bytes:
    try:
        if Path(path).stat().st_size > LARGEST_FILE:
            raise Broken("el archivo es demasiado grande para ser una lista (más de 256 MB)")
        return Path(path).read_bytes()
    except (OSError, ValueError) as error:
        raise Broken(f"no se pudo abrir el archivo ({type(error).__name__})") from None


def read_text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Broken(f"el archivo no es texto UTF-8: el byte {error.start + 1} está cambiado") from None


def read_json(text: str) -> Row:
    try:
        document = json.loads(
            text, parse_float=refuse_number, parse_constant=refuse_number, object_pairs_hook=once
        )
    except json.JSONDecodeError as error:
        raise Broken(f"el archivo no es JSON: se corta en el carácter {error.pos + 1}") from None
    except RecursionError:
        raise Broken("el archivo no es una lista: está anidado sin fin") from None
    except ValueError:
        raise Broken("el archivo no es una lista: tiene un número imposible") from None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise Broken(f"el archivo no es una lista publicada con el formato {FORMAT}")
    return document


def refuse_number(text: str) -> NoReturn:
    raise Broken(f"el archivo tiene un número que no es entero: {shown(text)}")


def once(pairs: list[tuple[str, Any]]) -> Row:
    found = {}
    for name, value in pairs:
        if name in found:
            raise Broken(f"el archivo dice dos veces «{shown(name)}»")
        found[name] = value
    return found


def canonical(document: Any) -> str:
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


# Shape: what a list must contain before anything can be computed

WHOLE = {"least": 0, "most": LARGEST_NUMBER}
DOCUMENT = {"number": 1, "track": "", "published_at": "", "office": "", "previous_digest": "", "digest": ""}


def check_shape(document: Row) -> None:
    for name, example in DOCUMENT.items():
        need(document, name, type(example), "la lista")
    weights = need(document, "weights", dict, "la lista")
    for name in ("severity", "reach", "duration", "vulnerability"):
        need(weights, name, int, "los pesos")
    for each in need_rows(document, "neighbourhoods"):
        check_neighbourhood_shape(each)
    for each in need_rows(document, "items"):
        check_item_shape(each)
    for each in need_rows(document, "overrides"):
        check_override_shape(each)


def check_neighbourhood_shape(each: Row) -> None:
    where = "un barrio"
    for name, kind in (("code", int), ("name", str), ("coefficient", int), ("accepted", int)):
        need(each, name, kind, where)
    if each["coefficient"] < 1:
        raise Broken(f"el barrio {each['code']} tiene un coeficiente que no es mayor que cero")


def check_item_shape(item: Row) -> None:
    where = f"el problema {shown(item.get('reference'))}"
    for name in ("place", "rule_place", "round", "turn", "own_place", "neighbourhood", "index"):
        need(item, name, int, where)
    if not REFERENCE.match(need(item, "reference", str, where)):
        raise Broken(f"{where} no tiene una referencia como M-2026-000123")
    need_day(item, "reported_on", where)
    if not {"levels", "vote"} <= item.keys():
        raise Broken(f"en {where} faltan los niveles o la votación")
    if item["levels"] is not None:
        check_levels_shape(item["levels"], where)
    if item["vote"] is not None:
        check_vote_shape(need(item, "vote", dict, where), where)


def check_levels_shape(levels: Any, where: str) -> None:
    right = isinstance(levels, list) and len(levels) == 4
    if not right or any(type(level) is not int or not 0 <= level <= 3 for level in levels):
        raise Broken(f"en {where} los niveles no son cuatro números de 0 a 3")


def check_vote_shape(vote: Row, where: str) -> None:
    for name in ("gathering", "voters", "tokens_each", "tokens", "people", "place", "index_then"):
        need(vote, name, int, where)
    need_day(vote, "held_on", where)


def check_override_shape(each: Row) -> None:
    where = "un cambio de lugar"
    for name in ("from", "to"):
        need(each, name, int, where)
    for name in ("reference", "reason", "office"):
        need(each, name, str, where)


def need_rows(document: Row, name: str) -> list[Row]:
    rows = need(document, name, list, "la lista")
    if not all(isinstance(row, dict) for row in rows):
        raise Broken(f"«{name}» no es una lista de filas")
    return rows


def need(mapping: Row, name: str, kind: type, where: str) -> Any:
    value = mapping.get(name)
    if type(value) is not kind:
        raise Broken(f"en {where} falta «{name}» o no es lo que debe ser")
    if kind is int and not 0 <= value <= LARGEST_NUMBER:
        raise Broken(f"en {where} «{name}» está fuera de rango")
    return value


def need_day(mapping: Row, name: str, where: str) -> date:
    text = need(mapping, name, str, where)
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Broken(f"en {where} «{name}» no es una fecha") from None


# The rules, written a second time


def index_of(levels: Any, weights: Row) -> int:
    severity, reach, duration, vulnerability = levels
    return (
        weights["severity"] * severity
        + weights["reach"] * reach
        + weights["duration"] * duration
        + weights["vulnerability"] * vulnerability
    )


def numbers_in(reference: str) -> tuple[list[int], str]:
    return [int(digits) for digits in re.findall("[0-9]+", reference)], reference


def support_of(item: Row) -> Fraction:
    vote = item["vote"]
    possible = vote["voters"] * vote["tokens_each"] if vote else 0
    return Fraction(vote["tokens"], possible) if possible else Fraction(0)


def merit(item: Row) -> tuple[Any, ...]:
    day = item["vote"]["held_on"] if item["vote"] else "9999-12-31"
    return (-item["index"], -support_of(item), day, numbers_in(item["reference"]))


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


def city_order(neighbourhoods: list[Row], items: list[Row]) -> list[tuple[Row, int, int, int]]:
    """Items as (item, round, turn, own place), in the order that the rule gives."""
    rounds, waiting = {}, {}
    for item in items:
        waiting.setdefault(item["neighbourhood"], []).append(item)
    for each in neighbourhoods:
        own = own_order(waiting.get(each["code"], []))
        worst = {}
        for position, item in enumerate(own, 1):
            turn = each["accepted"] + position
            number = round_number(turn, each["coefficient"])
            worst[number] = max(worst.get(number, merit(item)), merit(item))
            rounds.setdefault(number, []).append(((worst[number], position), (item, number, turn, position)))
    ordered = []
    for number in sorted(rounds):
        ordered += [row for _, row in sorted(rounds[number], key=lambda pair: pair[0])]
    return ordered


def after_moves(order: Iterable[str], overrides: list[Row]) -> list[str]:
    order = list(order)
    for each in overrides:
        if each["reference"] in order:
            order.remove(each["reference"])
            order.insert(each["to"] - 1, each["reference"])
    return order


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
    content = {name: value for name, value in document.items() if name != "digest"}
    try:
        found = hashlib.sha256(canonical(content).encode()).hexdigest()
    except UnicodeEncodeError:
        yield "hay un carácter imposible en un texto: el archivo está cambiado"
        return
    if found != document["digest"]:
        yield (
            f"la huella no corresponde: el archivo dice {shown(document['digest'])} y su contenido da "
            f"{found}; al menos un byte está cambiado"
        )


def check_known(document: Row) -> Iterator[str]:
    codes = [each["code"] for each in document["neighbourhoods"]]
    if len(codes) != len(set(codes)):
        yield "un barrio aparece dos veces"
    seen = set()
    for item in document["items"]:
        if item["reference"] in seen:
            yield f"{shown(item['reference'])} aparece dos veces"
        seen.add(item["reference"])
        if item["neighbourhood"] not in codes:
            yield f"{shown(item['reference'])} es de un barrio que la lista no nombra"


def check_indexes(document: Row) -> Iterator[str]:
    weights = document["weights"]
    if sum(weights[name] for name in ("severity", "reach", "duration", "vulnerability")) != 100:
        yield "los pesos del puntaje no suman 100"
    for item in document["items"]:
        found = index_of(item["levels"], weights) if item["levels"] else 0
        if found != item["index"]:
            yield f"el puntaje de {shown(item['reference'])} dice {item['index']} y sus niveles dan {found}"


def check_votes(document: Row) -> Iterator[str]:
    for item in document["items"]:
        vote = item["vote"]
        if vote and vote["tokens"] > vote["voters"] * vote["tokens_each"]:
            yield f"{shown(item['reference'])} tiene más fichas que las que se repartieron"
        if vote and not vote["people"] <= min(vote["tokens"], vote["voters"]):
            yield f"{shown(item['reference'])} tiene más personas que fichas o que votantes"


def check_room_orders(document: Row) -> Iterator[str]:
    rooms = {}
    for item in document["items"]:
        if item["vote"]:
            rooms.setdefault(item["vote"]["gathering"], []).append(item)
    for number, items in sorted(rooms.items()):
        for before, after in pairwise(sorted(items, key=lambda item: item["vote"]["place"])):
            if room_key(before) > room_key(after):
                yield (
                    f"en la reunión {number}, {shown(before['reference'])} está antes que "
                    f"{shown(after['reference'])} y los conteos dicen lo contrario"
                )


def room_key(item: Row) -> tuple[Any, ...]:
    vote = item["vote"]
    return (
        -vote["tokens"],
        -vote["people"],
        -vote["index_then"],
        item["reported_on"],
        numbers_in(item["reference"]),
    )


def check_rule(document: Row) -> Iterator[str]:
    words = {"rule_place": "lugar", "round": "ronda", "turn": "turno", "own_place": "lugar en su barrio"}
    ordered = city_order(document["neighbourhoods"], document["items"])
    for number, (item, *facts) in enumerate(ordered, 1):
        for name, right in zip(words, (number, *facts), strict=True):
            if item[name] != right:
                reference = shown(item["reference"])
                yield f"{reference} tiene {words[name]} {item[name]} y según la regla le toca {right}"


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
    references = {item["reference"] for item in document["items"]}
    for each in document["overrides"]:
        if each["reference"] not in references:
            yield f"se cambió de lugar {shown(each['reference'])}, que no está en la lista"
        if not each["reason"].strip() or not each["office"].strip():
            yield f"el cambio de lugar de {shown(each['reference'])} no dice motivo u oficina"


def check_previous(document: Row) -> Iterator[str]:
    previous = document["previous_digest"]
    if document["number"] == 1 and previous:
        yield "la lista N.º 1 nombra una lista anterior"
    elif document["number"] > 1 and not HEX64.match(previous):
        yield "falta la huella de la lista anterior"


KNOWN = ("cada problema y cada barrio aparece una vez", check_known)
VOTES = ("las fichas y personas de cada votación son posibles", check_votes)
ROOMS = ("cada reunión quedó en el orden de sus fichas", check_room_orders)
RULE = ("las rondas y el orden de la ciudad son los de la regla", check_rule)
CHECKS = (
    ("la huella SHA-256 es la del contenido", check_digest),
    KNOWN,
    ("los puntajes salen de sus niveles y de los pesos publicados", check_indexes),
    VOTES,
    ROOMS,
    RULE,
    ("cada problema está en su lugar, con los cambios publicados", check_places),
    ("cada cambio de lugar tiene motivo y oficina", check_moves),
    ("la lista dice cuál es la anterior", check_previous),
)


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
        elif by_number[after]["previous_digest"] != by_number[before]["digest"]:
            yield f"la cadena se corta: la lista N.º {after} nombra otra huella que la de la N.º {before}"


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
LEVEL_COLUMNS = ("gravedad", "alcance", "tiempo", "vulnerabilidad")
OTHER_COLUMNS = ("referencia", "informado", "fecha_reunion", "coeficiente", "aceptados", "motivo_cambio")
COLUMNS = (*WHOLE_COLUMNS, *VOTE_COLUMNS, *LEVEL_COLUMNS, *OTHER_COLUMNS)


def read_csv(text: str) -> list[Row]:
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
    items = [csv_item(number, row) for number, row in enumerate(rows, 2)]
    neighbourhoods = {}
    for row, item in zip(rows, items, strict=True):
        neighbourhoods.setdefault(item["neighbourhood"], csv_neighbourhood(row, item))
    for each in neighbourhoods.values():
        check_neighbourhood_shape(each)
    return {"neighbourhoods": list(neighbourhoods.values()), "items": items, "overrides": []}


def csv_item(line: int, row: Row) -> Row:
    item = {name: whole(row[column], line, column) for column, name in WHOLE_COLUMNS.items()}
    item |= {"reference": row["referencia"], "reported_on": row["informado"], "vote": csv_vote(line, row)}
    levels = [row[name] for name in LEVEL_COLUMNS]
    item["levels"] = [whole(text, line, "gravedad") for text in levels] if all(levels) else None
    item["moved"] = bool(row["motivo_cambio"])
    check_item_shape(item)
    return item


def csv_vote(line: int, row: Row) -> Row | None:
    if not row["reunion"]:
        return None
    vote = {name: whole(row[column], line, column) for column, name in VOTE_COLUMNS.items()}
    return vote | {"held_on": row["fecha_reunion"]}


def csv_neighbourhood(row: Row, item: Row) -> Row:
    return {
        "code": item["neighbourhood"],
        "name": row.get("barrio") or "",
        "coefficient": whole(row["coeficiente"], 2, "coeficiente"),
        "accepted": whole(row["aceptados"], 2, "aceptados"),
    }


def whole(text: str, line: int, column: str) -> int:
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
    VOTES,
    ROOMS,
    RULE,
    ("cada problema está en su lugar, o tiene un motivo de cambio", check_csv_places),
)
SHARED = (
    "reference",
    "place",
    *sorted(set(WHOLE_COLUMNS.values()) - {"place"}),
    "levels",
    "reported_on",
    "vote",
)


def compare(document: Row, rows_document: Row) -> Iterator[str]:
    """Sentences about where a CSV differs from the lista.json of the same list."""
    for item, row in zip(document["items"], rows_document["items"], strict=False):
        for name in SHARED:
            if item.get(name) != row[name]:
                yield f"el CSV y lista.json no dicen lo mismo de {shown(item['reference'])} ({name})"
                break
    if len(document["items"]) != len(rows_document["items"]):
        yield "el CSV y lista.json no tienen la misma cantidad de problemas"


# Telling


def shown(text: object) -> str:
    """Text of the file that is safe and short enough for a terminal."""
    text = text if isinstance(text, str) else repr(text)
    return "".join(letter if letter.isprintable() else "·" for letter in text[:80])


def verify(path: str) -> tuple[str, Row, Results]:
    """What kind of file it is, its document and the results of its checks; raises Broken."""
    text = read_text(read_bytes(path))
    if str(path).lower().endswith(".csv") or text.removeprefix("\ufeff").startswith("lugar"):
        document = from_csv(read_csv(text))
        return "csv", document, checked(document, CSV_CHECKS)
    document = read_json(text)
    check_shape(document)
    written = ("el archivo está escrito como se publicó, byte a byte", list(check_bytes(document, text)))
    return "json", document, [written, *checked(document, CHECKS)]


def tell(path: str, kind: str, document: Row, results: Results) -> None:
    say(f"{shown(Path(path).name)}: {title(kind, document)}")
    for words, findings in results:
        for line in findings[:FINDINGS_SHOWN]:
            say(f"  ✗ {line}.")
        if len(findings) > FINDINGS_SHOWN:
            say(f"  ✗ y {len(findings) - FINDINGS_SHOWN} más.")
        if not findings:
            say(f"  ✓ {words}.")
    if kind == "json":
        say(f"  Huella: {shown(document['digest'])}")
        say(f"  Huella de la lista anterior: {shown(document['previous_digest']) or 'no hay, es la primera'}")


def title(kind: str, document: Row) -> str:
    problems = f"{len(document['items'])} problemas de {len(document['neighbourhoods'])} barrios"
    if kind == "csv":
        return f"tabla con {problems}; el orden se recalcula, la huella está en lista.json."
    return f"lista N.º {document['number']} ({shown(document['track'])}), {problems}."


def say(line: str) -> None:
    sys.stdout.write(line + "\n")


def run(paths: list[str]) -> int:
    """Check all files; 0 when everything holds and 1 when not."""
    documents, tables, holds = [], [], True
    for path in paths:
        try:
            kind, document, results = verify(path)
        except (Broken, RecursionError, MemoryError) as error:
            say(f"{shown(Path(path).name)}: {error if isinstance(error, Broken) else 'no es una lista'}.")
            holds = False
            continue
        tell(path, kind, document, results)
        holds = holds and not any(findings for _, findings in results)
        (documents if kind == "json" else tables).append(document)
    for line in [*check_chain(documents), *check_pair(documents, tables)]:
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
    sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    if not arguments or arguments[0].startswith("-"):
        say("Uso: python3 -I verify.py ARCHIVO...   (lista.json de una o varias listas, o su CSV)")
        return 1
    return run(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
