"""Checks a published list without trusting anyone: python3 -I rankings/verify.py FILE...

A second implementation on purpose: it needs nothing but Python's standard library and shares
no line with the program that made the list. FILE is lista.json of one or several lists, or a
list's CSV. It says in Spanish what it checked; exit code 0 when all of it holds, 1 when not.
"""

import argparse
import csv
import hashlib
import io
import json
import re
import sys
from datetime import date
from fractions import Fraction
from pathlib import Path

FORMAT = "mapa-barrial/lista/1"
LARGEST_FILE = 256 * 1024 * 1024
LARGEST_NUMBER = 2**53
FINDINGS_SHOWN = 20
HEX64 = re.compile(r"[0-9a-f]{64}\Z")


class Broken(Exception):
    """The file cannot be read as a list at all; the text is the sentence for the person."""


# Reading


def read_bytes(path):
    try:
        if Path(path).stat().st_size > LARGEST_FILE:
            raise Broken("el archivo es demasiado grande para ser una lista (más de 256 MB)")
        return Path(path).read_bytes()
    except (OSError, ValueError) as error:
        raise Broken(f"no se pudo abrir el archivo ({type(error).__name__})") from None


def read_text(raw):
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Broken(f"el archivo no es texto UTF-8: el byte {error.start + 1} está cambiado") from None


def read_json(text):
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


def refuse_number(text):
    raise Broken(f"el archivo tiene un número que no es entero: {shown(text)}")


def once(pairs):
    names = [name for name, _ in pairs]
    for name in names:
        if names.count(name) > 1:
            raise Broken(f"el archivo dice dos veces «{shown(name)}»")
    return dict(pairs)


def canonical(document):
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


# Shape: what a list must contain before anything can be computed

WHOLE = {"least": 0, "most": LARGEST_NUMBER}
DOCUMENT = {"number": 1, "track": "", "published_at": "", "office": "", "previous_digest": "", "digest": ""}


def check_shape(document):
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


def check_neighbourhood_shape(each):
    where = "un barrio"
    for name, kind in (("code", int), ("name", str), ("coefficient", int), ("accepted", int)):
        need(each, name, kind, where)
    if each["coefficient"] < 1:
        raise Broken(f"el barrio {each['code']} tiene un coeficiente que no es mayor que cero")


def check_item_shape(item):
    where = f"el problema {shown(item.get('reference'))}"
    for name in ("place", "rule_place", "round", "turn", "own_place", "neighbourhood", "index"):
        need(item, name, int, where)
    need(item, "reference", str, where)
    need_day(item, "reported_on", where)
    if item.get("levels") is not None:
        check_levels_shape(item["levels"], where)
    if item.get("vote") is not None:
        check_vote_shape(need(item, "vote", dict, where), where)


def check_levels_shape(levels, where):
    right = isinstance(levels, list) and len(levels) == 4
    if not right or any(type(level) is not int or not 0 <= level <= 3 for level in levels):
        raise Broken(f"en {where} los niveles no son cuatro números de 0 a 3")


def check_vote_shape(vote, where):
    for name in ("gathering", "voters", "tokens_each", "tokens", "people", "place", "index_then"):
        need(vote, name, int, where)
    need_day(vote, "held_on", where)


def check_override_shape(each):
    where = "un cambio de lugar"
    for name in ("from", "to"):
        need(each, name, int, where)
    for name in ("reference", "reason", "office"):
        need(each, name, str, where)


def need_rows(document, name):
    rows = need(document, name, list, "la lista")
    if not all(isinstance(row, dict) for row in rows):
        raise Broken(f"«{name}» no es una lista de filas")
    return rows


def need(mapping, name, kind, where):
    value = mapping.get(name)
    if type(value) is not kind:
        raise Broken(f"en {where} falta «{name}» o no es lo que debe ser")
    if kind is int and not 0 <= value <= LARGEST_NUMBER:
        raise Broken(f"en {where} «{name}» está fuera de rango")
    return value


def need_day(mapping, name, where):
    text = need(mapping, name, str, where)
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Broken(f"en {where} «{name}» no es una fecha") from None


# The rules, written a second time


def index_of(levels, weights):
    severity, reach, duration, vulnerability = levels
    return (
        weights["severity"] * severity
        + weights["reach"] * reach
        + weights["duration"] * duration
        + weights["vulnerability"] * vulnerability
    )


def numbers_in(reference):
    return [int(digits) for digits in re.findall("[0-9]+", reference)[:8]], reference


def support_of(item):
    vote = item["vote"]
    possible = vote["voters"] * vote["tokens_each"] if vote else 0
    return Fraction(vote["tokens"], possible) if possible else Fraction(0)


def merit(item):
    day = item["vote"]["held_on"] if item["vote"] else "9999-12-31"
    return (-item["index"], -support_of(item), day, numbers_in(item["reference"]))


def own_order(items):
    voted = [item for item in items if item["vote"]]
    waiting = [item for item in items if not item["vote"]]
    voted.sort(key=lambda item: item["vote"]["place"])
    voted.sort(key=lambda item: (item["vote"]["held_on"], item["vote"]["gathering"]), reverse=True)
    waiting.sort(key=lambda item: (-item["index"], item["reported_on"], numbers_in(item["reference"])))
    return voted + waiting


def round_number(turn, coefficient):
    # The smallest R whose share R·c, rounded half up, holds `turn` places.
    return int(-((Fraction(1, 2) - turn) / Fraction(coefficient, 100) // 1))


def city_order(neighbourhoods, items):
    """Items as (item, round, turn, own place), in the order that the rule gives."""
    rounds = {}
    for each in neighbourhoods:
        own = own_order([item for item in items if item["neighbourhood"] == each["code"]])
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


def after_moves(order, overrides):
    order = list(order)
    for each in overrides:
        if each["reference"] in order:
            order.remove(each["reference"])
            order.insert(each["to"] - 1, each["reference"])
    return order


# The checks: each yields the sentences that say what does not hold


def check_bytes(document, text):
    expected = canonical(document)
    if text != expected:
        at = next((n for n, (a, b) in enumerate(zip(text, expected)) if a != b), min(len(text), len(expected)))
        place = len(text[:at].encode("utf-8", "surrogatepass")) + 1
        yield f"el archivo no está escrito como se publicó: el byte {place} está cambiado"


def check_digest(document):
    content = {name: value for name, value in document.items() if name != "digest"}
    try:
        found = hashlib.sha256(canonical(content).encode()).hexdigest()
    except UnicodeEncodeError:
        yield "hay un carácter imposible en un texto: el archivo está cambiado"
        return
    if found != document["digest"]:
        yield (
            f"la huella no corresponde: el archivo dice {shown(document['digest'])} y su contenido da {found}; "
            "al menos un byte está cambiado"
        )


def check_known(document):
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


def check_indexes(document):
    weights = document["weights"]
    if sum(weights[name] for name in ("severity", "reach", "duration", "vulnerability")) != 100:
        yield "los pesos del puntaje no suman 100"
    for item in document["items"]:
        found = index_of(item["levels"], weights) if item.get("levels") else 0
        if found != item["index"]:
            yield f"el puntaje de {shown(item['reference'])} dice {item['index']} y sus niveles dan {found}"


def check_votes(document):
    for item in document["items"]:
        vote = item["vote"]
        if vote and vote["tokens"] > vote["voters"] * vote["tokens_each"]:
            yield f"{shown(item['reference'])} tiene más fichas que las que se repartieron"
        if vote and not vote["people"] <= min(vote["tokens"], vote["voters"]):
            yield f"{shown(item['reference'])} tiene más personas que fichas o que votantes"


def check_room_orders(document):
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


def pairwise(rows):
    return zip(rows, rows[1:])


def room_key(item):
    vote = item["vote"]
    return (-vote["tokens"], -vote["people"], -vote["index_then"], item["reported_on"], item["reference"])


def check_rule(document):
    for number, (item, round_, turn, own_place) in enumerate(
        city_order(document["neighbourhoods"], document["items"]), 1
    ):
        expected = {"rule_place": number, "round": round_, "turn": turn, "own_place": own_place}
        words = {"rule_place": "lugar", "round": "ronda", "turn": "turno", "own_place": "lugar en su barrio"}
        for name, right in expected.items():
            if item[name] != right:
                yield f"{shown(item['reference'])} tiene {words[name]} {item[name]} y según la regla le toca {right}"


def check_places(document):
    rule = [item["reference"] for item in sorted(document["items"], key=lambda item: item["rule_place"])]
    right = {reference: n for n, reference in enumerate(after_moves(rule, document["overrides"]), 1)}
    for position, item in enumerate(document["items"], 1):
        reference = shown(item["reference"])
        if item["place"] != position:
            yield f"{reference} está escrito en la fila {position} y dice lugar {item['place']}: fue movido"
        elif item["place"] != right[item["reference"]]:
            yield f"{reference} está en el lugar {position} y le corresponde el {right[item['reference']]}: fue movido"


def check_moves(document):
    references = {item["reference"] for item in document["items"]}
    for each in document["overrides"]:
        if each["reference"] not in references:
            yield f"se cambió de lugar {shown(each['reference'])}, que no está en la lista"
        if not each["reason"].strip() or not each["office"].strip():
            yield f"el cambio de lugar de {shown(each['reference'])} no dice motivo u oficina"


def check_previous(document):
    previous = document["previous_digest"]
    if document["number"] == 1 and previous:
        yield "la lista N.º 1 nombra una lista anterior"
    elif document["number"] > 1 and not HEX64.match(previous):
        yield "falta la huella de la lista anterior"


CHECKS = (
    ("la huella SHA-256 del contenido", check_digest),
    ("que cada problema y cada barrio aparece una vez", check_known),
    ("los puntajes, desde sus niveles y los pesos publicados", check_indexes),
    ("las fichas y personas de cada votación", check_votes),
    ("el orden que votó cada reunión", check_room_orders),
    ("las rondas y el orden de la ciudad", check_rule),
    ("los lugares publicados y los cambios con motivo", check_places),
    ("que cada cambio de lugar tiene motivo y oficina", check_moves),
    ("el enlace con la lista anterior", check_previous),
)


def findings_of(document, text=None):
    """All that does not hold: pairs of what was checked and a sentence."""
    found = []
    if text is not None:
        found += [("la escritura del archivo", line) for line in check_bytes(document, text)]
    for name, check in CHECKS:
        found += [(name, line) for line in check(document)]
        # Places of unknown neighbourhoods or doubled problems cannot be computed.
        if check is check_known and found and found[-1][0] == name:
            break
    return found


def check_chain(documents):
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


def missing(first, last):
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


def read_csv(text):
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


def from_csv(rows):
    """A document with what the rules need, out of the rows of a CSV."""
    items = [csv_item(number, row) for number, row in enumerate(rows, 2)]
    neighbourhoods = {}
    for row, item in zip(rows, items):
        neighbourhoods.setdefault(item["neighbourhood"], csv_neighbourhood(row, item))
    for each in neighbourhoods.values():
        check_neighbourhood_shape(each)
    return {"neighbourhoods": list(neighbourhoods.values()), "items": items, "overrides": []}


def csv_item(line, row):
    item = {name: whole(row[column], line, column) for column, name in WHOLE_COLUMNS.items()}
    item |= {"reference": row["referencia"], "reported_on": row["informado"], "vote": csv_vote(line, row)}
    levels = [row[name] for name in LEVEL_COLUMNS]
    item["levels"] = [whole(text, line, "gravedad") for text in levels] if all(levels) else None
    item["moved"] = bool(row["motivo_cambio"])
    check_item_shape(item)
    return item


def csv_vote(line, row):
    if not row["reunion"]:
        return None
    vote = {name: whole(row[column], line, column) for column, name in VOTE_COLUMNS.items()}
    return vote | {"held_on": row["fecha_reunion"]}


def csv_neighbourhood(row, item):
    return {
        "code": item["neighbourhood"],
        "name": row.get("barrio") or "",
        "coefficient": whole(row["coeficiente"], 2, "coeficiente"),
        "accepted": whole(row["aceptados"], 2, "aceptados"),
    }


def whole(text, line, column):
    if not re.fullmatch(r"[0-9]{1,16}", text or ""):
        raise Broken(f"en la línea {line} la columna «{column}» no es un número entero")
    return int(text)


def check_csv_places(document):
    rule = sorted(document["items"], key=lambda item: item["rule_place"])
    kept = [item["reference"] for item in rule if not item["moved"]]
    found = [item["reference"] for item in document["items"] if not item["moved"]]
    for right, reference in zip(kept, found):
        if right != reference:
            yield f"{shown(reference)} está donde le corresponde a {shown(right)} y no hay motivo de cambio: fue movido"
            break
    for position, item in enumerate(document["items"], 1):
        if item["place"] != position:
            yield f"{shown(item['reference'])} está escrito en la fila {position} y dice lugar {item['place']}: fue movido"


CSV_CHECKS = (
    ("que cada problema y cada barrio aparece una vez", check_known),
    ("las fichas y personas de cada votación", check_votes),
    ("el orden que votó cada reunión", check_room_orders),
    ("las rondas y el orden de la ciudad", check_rule),
    ("los lugares publicados y los cambios con motivo", check_csv_places),
)
SHARED = ("reference", "place", *sorted(set(WHOLE_COLUMNS.values()) - {"place"}), "levels", "reported_on", "vote")


def compare(document, rows_document):
    """Sentences about where a CSV differs from the lista.json of the same list."""
    for item, row in zip(document["items"], rows_document["items"]):
        for name in SHARED:
            if item.get(name) != row[name]:
                yield f"el CSV y lista.json no dicen lo mismo de {shown(item['reference'])} ({name})"
                break
    if len(document["items"]) != len(rows_document["items"]):
        yield "el CSV y lista.json no tienen la misma cantidad de problemas"


# Telling


def shown(text):
    """Text of the file that is safe and short enough for a terminal."""
    text = text if isinstance(text, str) else repr(text)
    return "".join(letter if letter.isprintable() else "·" for letter in text[:80])


def verify(path):
    """Lines to tell about one file, whether it holds, its document and its rows' document."""
    raw = read_bytes(path)
    text = read_text(raw)
    if str(path).lower().endswith(".csv") or text.removeprefix("\ufeff").startswith("lugar"):
        return verify_csv(text)
    document = read_json(text)
    check_shape(document)
    checked = [name for name, _ in CHECKS]
    return "json", document, checked, findings_of(document, text)


def verify_csv(text):
    document = from_csv(read_csv(text))
    found = []
    for name, check in CSV_CHECKS:
        found += [(name, line) for line in check(document)]
        if check is check_known and found:
            break
    return "csv", document, [name for name, _ in CSV_CHECKS], found


def tell(path, kind, document, checked, found):
    say(f"{shown(Path(path).name)}: {title(kind, document)}")
    failed = {name for name, _ in found}
    if found:
        for _, line in found[:FINDINGS_SHOWN]:
            say(f"  ✗ {line}.")
        if len(found) > FINDINGS_SHOWN:
            say(f"  ✗ y {len(found) - FINDINGS_SHOWN} hallazgos más.")
    for name in checked:
        if not found or name not in failed and not failed & {checked[1], "que cada problema y cada barrio aparece una vez"}:
            say(f"  ✓ Se comprobó {name}.")
    if kind == "json":
        say(f"  Huella: {shown(document['digest'])}")
        say(f"  Huella de la lista anterior: {shown(document['previous_digest']) or 'no hay, es la primera'}")


def title(kind, document):
    problems = f"{len(document['items'])} problemas de {len(document['neighbourhoods'])} barrios"
    if kind == "csv":
        return f"tabla con {problems}; el orden se recalcula, la huella está en lista.json."
    return f"lista N.º {document['number']} ({shown(document['track'])}), {problems}."


def say(line):
    print(line)


def run(paths):
    """Check all files; 0 when everything holds and 1 when not."""
    documents, tables, holds = [], [], True
    for path in paths:
        try:
            kind, document, checked, found = verify(path)
        except (Broken, RecursionError, MemoryError) as error:
            say(f"{shown(Path(path).name)}: {error or 'el archivo no es una lista'}.")
            holds = False
            continue
        tell(path, kind, document, checked, found)
        holds = holds and not found
        (documents if kind == "json" else tables).append(document)
    together = list(check_together(documents, tables))
    for line in together:
        say(f"✗ {line[0].upper()}{line[1:]}.")
    holds = holds and not together
    say("Todo lo comprobado se cumple." if holds else "No se cumple.")
    return 0 if holds else 1


def check_together(documents, tables):
    yield from check_chain(documents)
    if len(documents) == 1 and len(tables) == 1:
        yield from compare(documents[0], tables[0])
    elif len(documents) == 1 and not tables and documents[0]["number"] > 1:
        number = documents[0]["number"]
        say(f"Para comprobar también la cadena, entrega además la lista N.º {number - 1}.")


def main(arguments=None):
    parser = argparse.ArgumentParser(description="Comprueba una lista de prioridades publicada.")
    parser.add_argument("files", nargs="+", metavar="ARCHIVO", help="lista.json o el CSV de una lista")
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    return run(parser.parse_args(arguments).files)


if __name__ == "__main__":
    sys.exit(main())
