"""Tampered files of gatherings: one table for the verifier in Python and for the one in the browser.

Half of the forgers fit every digest to what they changed. Both verifiers must say the same sentences.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any, NamedTuple

from core.commitments import commit
from gatherings import verify
from gatherings.tokens import screen_order

Document = dict[str, Any]
Change = Callable[[Document], object]
SALT = "0" * 32
REFERENCES = [f"M-2026-{number:06d}" for number in range(1, 8)]
WHY = "se cayó la urna"


def tokens_evening() -> Document:
    """Seven problems, twelve voters, counted twice by hand; one count was annulled before."""
    counts = [(14, 8), (13, 8), (11, 7), (8, 6), (8, 5), (5, 3), (0, 0)]
    document = frame() | {
        "places": [
            place(number, reference, *figures)
            for number, (reference, figures) in enumerate(zip(REFERENCES, counts, strict=True), 1)
        ],
    }
    document["typings"] = typings(verify.typed_of(document))
    document["annulled"] = [
        {
            "at": "2026-11-22T19:40:00-03:00",
            "mode": "tokens",
            "voters": 12,
            "seed": "aa",
            "ballots": None,
            "reason": commit(SALT, WHY),
            "lines": [{"reference": REFERENCES[0], "tokens": 9, "people": None}],
        }
    ]
    document["texts"] = [{"commitment": commit(SALT, WHY), "salt": SALT, "text": WHY}]
    return document


def ballots_evening() -> Document:
    """The same room on paper: eleven ballots, one voter left."""
    one, two, three, *_ = REFERENCES
    ballots = [{one: 2, two: 2, three: 1}] * 6 + [{one: 1}] * 4 + [{REFERENCES[6]: 2}]
    document = frame() | {"mode": "ballots", "ballots": sorted(ballots, key=verify.canonical)}
    totals = {name: [ballot[name] for ballot in ballots if name in ballot] for name in REFERENCES}
    rows = [place(0, name, sum(given), len(given)) for name, given in totals.items()]
    rows.sort(key=verify.place_key)
    document["places"] = [row | {"place": number} for number, row in enumerate(rows, 1)]
    document["ballots_counted"], document["ballots_left_out"] = 11, 0
    document["missing_reason"] = commit(SALT, "una persona se fue")
    document["texts"] = [
        {"commitment": commit(SALT, "una persona se fue"), "salt": SALT, "text": "una persona se fue"}
    ]
    document["typings"] = typings(document["ballots"])
    return document


def frame() -> Document:
    return {
        "format": verify.FORMAT,
        "number": 7,
        "territory": 1,
        "council": "",
        "planned": "2026-11-22T19:00:00-03:00",
        "opened": "2026-11-22T19:05:00-03:00",
        "closed": "2026-11-22T20:50:00-03:00",
        "opened_reason": None,
        "attendance": [[None, 10, 10], ["Junta de Vecinos N.º 4", 3, 2]],
        "people": 13,
        "voters": 12,
        "mode": "tokens",
        "tokens_each": 5,
        "tokens_per_issue": 2,
        "seed": "5eed",
        "ballot": screen_order(REFERENCES, "5eed"),
        "ballots": None,
        "ballots_counted": None,
        "ballots_left_out": None,
        "missing_reason": None,
        "counters": ["Equipo de facilitación", "Junta de Vecinos N.º 4"],
        "witnesses": ["Junta de Vecinos N.º 4", "vecina"],
        "annulled": [],
        "weights": {"severity": 40, "reach": 30, "duration": 20, "vulnerability": 10, "since": None},
        "levels": [{"reference": name, "levels": None, "changes": []} for name in REFERENCES],
        "challenges": [],
        "texts": [],
    }


def levelled_evening() -> Document:
    """The first room once more; two accounts changed and confirmed the levels of one problem before."""
    document = tokens_evening()
    changes = [(None, 80), (80, 120)]
    document["levels"][0] = {
        "reference": REFERENCES[0],
        "levels": [1, 2, 1, 0],
        "changes": [
            {"at": f"2026-11-2{day}T10:00:00-03:00", "office": "Equipo", "before": before, "after": after}
            for day, (before, after) in enumerate(changes)
        ],
    }
    document["places"][0]["index"] = 120
    return document


def first_format() -> Document:
    """The first room in the format that said nothing of levels."""
    document = tokens_evening() | {"format": verify.FORMATS[0]}
    return {name: value for name, value in document.items() if name not in verify.SINCE_2}


def challenged_evening() -> Document:
    """The first room again: an association objects, two of three that did not count say that it stands."""
    said = [("2026-11-25T10:00:00-03:00", "set_aside"), ("2026-11-26T10:00:00-03:00", "stands")]
    said.append(("2026-11-27T10:00:00-03:00", "stands"))
    return tokens_evening() | {"challenges": [objection(said, "stands")]}


HONEST: tuple[Callable[[], Document], ...] = (
    tokens_evening,
    ballots_evening,
    challenged_evening,
    levelled_evening,
    first_format,
)


def objection(said: list[tuple[str, str]], outcome: str | None) -> Document:
    words = [
        {"at": moment, "office": "Equipo", "outcome": each, "text": commit(SALT, moment)}
        for moment, each in said
    ]
    return {
        "organisation": "Junta de Vecinos N.º 4",
        "at": "2026-11-23T09:00:00-03:00",
        "text": commit(SALT, "sobraban fichas"),
        "words": words,
        "outcome": outcome,
    }


def place(number: int, reference: str, tokens: int, people: int) -> Document:
    facts = {"reported_on": "2026-09-01", "index": None}
    return facts | {"place": number, "reference": reference, "tokens": tokens, "people": people}


def typings(typed: object) -> Document:
    digest = verify.sha(verify.canonical([SALT, typed]))
    at = "2026-11-22T20:45:00-03:00"
    return {"at": at, "salt": SALT, "first": digest, "second": digest, "differences": 0}


def fitted(document: Document) -> Document:
    """The document with its own digests."""
    digest = verify.digest_of(document)
    since = verify.sha(verify.canonical([digest, *document["challenges"]]))
    return document | {"digest": digest, "challenges_digest": since}


def written(document: Document) -> bytes:
    return verify.canonical(document).encode("utf-8", "surrogatepass")


class Case(NamedTuple):
    """What makes the file, and a piece of the sentence that names what is wrong."""

    name: str
    make: Callable[[], bytes]
    says: str


def forged(name: str, change: Change, says: str, base: Callable[[], Document] = tokens_evening) -> Case:
    """Somebody who changes the file and fits every digest that can be fitted."""

    def make() -> bytes:
        document = copy.deepcopy(base())
        change(document)
        return written(fitted(document))

    return Case(name, make, says)


def retyped(name: str, change: Change, says: str, base: Callable[[], Document] = tokens_evening) -> Case:
    """The same, with the digests of both typings fitted too."""

    def all_of_it(document: Document) -> None:
        change(document)
        typed = verify.typed_of(document)
        document["typings"] = document["typings"] | typings(typed)

    return forged(name, all_of_it, says, base)


def clumsy(name: str, change: Change, says: str, base: Callable[[], Document] = tokens_evening) -> Case:
    """Somebody who changes the file and leaves its digest."""

    def make() -> bytes:
        document = fitted(copy.deepcopy(base()))
        change(document)
        return written(document)

    return Case(name, make, says)


def raw(name: str, change: Callable[[bytes], bytes], says: str) -> Case:
    """Somebody who changes the bytes."""
    return Case(name, lambda: change(written(fitted(tokens_evening()))), says)


def put(name: str, value: object) -> Change:
    return lambda document: document.__setitem__(name, value)


def at(name: str, row: int, **values: object) -> Change:
    return lambda document: document[name][row].update(values)


def challenge(**values: object) -> Change:
    return lambda document: document["challenges"][0].update(values)


def typing(**values: object) -> Change:
    return lambda document: document["typings"].update(values)


def swap(name: str, one: int, other: int) -> Change:
    def swapped(document: Document) -> None:
        rows = document[name]
        rows[one], rows[other] = rows[other], rows[one]

    return swapped


def swap_places(document: Document) -> None:
    rows = document["places"]
    rows[0]["place"], rows[1]["place"] = 2, 1
    rows[0], rows[1] = rows[1], rows[0]


def swap_figures(document: Document) -> None:
    rows = document["places"]
    for name in ("tokens", "people"):
        rows[0][name], rows[2][name] = rows[2][name], rows[0][name]


def drop(name: str) -> Change:
    return lambda document: document.pop(name)


HEX = "a" * 64
CASES = [
    # Fitted to the last digest.
    retyped("a total one higher", at("places", 4, tokens=9), "le toca el 4"),
    retyped("tokens above what the people could give", at("places", 0, tokens=24, people=8), "caben 16"),
    retyped("more people than voters", at("places", 0, tokens=20, people=13), "tiene 13 personas y votan 12"),
    retyped("more people than tokens", at("places", 6, people=2), "2 personas y solo 0 fichas"),
    retyped("more tokens than handed out", at("places", 1, tokens=16), "hay 62 fichas y se repartieron 60"),
    retyped("two places exchanged", swap_places, "está en el lugar 1 y le toca el 2"),
    retyped("two problems' figures exchanged", swap_figures, "le toca el 3"),
    retyped("an index that breaks a tie", at("places", 4, people=6, index=300), "le toca el 4"),
    retyped(
        "an older report that breaks a tie", at("places", 4, people=6, reported_on="2026-01-01"), "toca el 4"
    ),
    retyped("rows out of order", swap("places", 2, 3), "está en el lugar 3 y le toca el 5"),
    retyped("a place told twice", at("places", 1, place=1), "está en el lugar 1 y le toca el 2"),
    retyped(
        "nothing counted",
        lambda d: [row.update(tokens=0, people=0) for row in d["places"]],
        "ningún problema",
    ),
    forged("a total fitted and the typings left", swap_figures, "los dos conteos no son los del resultado"),
    forged("typed once", put("typings", None), "no se anotaron dos veces"),
    forged("two typings that differ", typing(second=HEX), "los dos conteos no son iguales"),
    forged("differences that nobody had", typing(differences=2), "dice que hubo diferencias"),
    forged("typings of another evening", typing(first=HEX, second=HEX), "no son los del resultado"),
    forged("another salt", typing(salt="1" * 32), "no son los del resultado"),
    forged("one counter", put("counters", ["Equipo de facilitación"]), "dos partes que contaran"),
    forged("no witness", put("witnesses", []), "no dice dos testigos"),
    forged("a blank witness", put("witnesses", ["vecina", " "]), "no dice dos testigos"),
    forged("the same witness twice", put("witnesses", ["Vecina", " vecina "]), "el mismo testigo dos veces"),
    forged("one neighbour more", lambda d: d["attendance"].__setitem__(0, [None, 11, 11]), "suma 14"),
    forged("voters that did not come", put("voters", 20), "suma 12 votantes y el archivo dice 20"),
    forged(
        "three votes of one body",
        lambda d: d["attendance"].__setitem__(1, ["Junta", 3, 3]),
        "y son dos a lo más",
    ),
    forged(
        "more votes than people",
        lambda d: d["attendance"].__setitem__(1, ["Junta", 1, 2]),
        "más personas de las",
    ),
    forged(
        "a body twice", lambda d: d["attendance"].append(["Junta de Vecinos N.º 4", 0, 0]), "dice dos veces"
    ),
    forged("another seed", put("seed", "beef"), "la semilla pone a"),
    forged("another order of the ballot", swap("ballot", 0, 1), "en el lugar 1 de la papeleta"),
    forged(
        "a problem that was not on the ballot",
        at("places", 6, reference="M-2026-000099"),
        "no tienen los mismos",
    ),
    forged("a problem left out of the result", lambda d: d["places"].pop(), "no tienen los mismos problemas"),
    forged("six tokens each", put("tokens_each", 6), "dice 6 fichas por persona"),
    forged("three on one problem", put("tokens_per_issue", 3), "hasta 3 por problema"),
    forged("a mode that is none", put("mode", "internet"), "ninguno de los cuatro"),
    forged("hands with two each", put("mode", "hands"), "una mano es una ficha"),
    forged("phones that were typed", put("mode", "phones"), "con teléfonos no se anota"),
    forged("closed before it opened", put("closed", "2026-11-22T18:00:00-03:00"), "cerró antes de abrir"),
    forged("opened on another day", put("opened", "2026-11-25T19:00:00-03:00"), "no dice por qué"),
    forged("a reason for a day that was right", put("opened_reason", HEX), "se abrió el día programado"),
    forged("of nobody", put("territory", None), "de qué barrio o consejo"),
    forged("of a neighbourhood and a council", put("council", "COSOC"), "de qué barrio o consejo"),
    forged("an annulled count without its text", put("annulled", []), "no es de esta reunión"),
    forged(
        "an annulled count of another day",
        at("annulled", 0, at="2026-11-21T10:00:00-03:00"),
        "apertura y el cierre",
    ),
    forged("another reason told", at("texts", 0, text="otra cosa"), "no es el que se escribió"),
    forged("ballots where totals are counted", put("ballots", []), "papeletas que no debe traer"),
    # The same on paper.
    retyped(
        "a ballot more",
        lambda d: d["ballots"].insert(0, {REFERENCES[6]: 2}),
        "trae 12 papeletas",
        ballots_evening,
    ),
    retyped("a ballot less", lambda d: d["ballots"].pop(), "trae 10 papeletas", ballots_evening),
    retyped(
        "one token moved",
        lambda d: d["ballots"][0].update({REFERENCES[4]: 1}),
        "las papeletas dan",
        ballots_evening,
    ),
    retyped(
        "ballots in another order", lambda d: d["ballots"].reverse(), "no están ordenadas", ballots_evening
    ),
    retyped(
        "a ballot of six tokens",
        lambda d: d["ballots"][-1].update({REFERENCES[5]: 2, REFERENCES[4]: 2}),
        "rompe la regla",
        ballots_evening,
    ),
    retyped(
        "three on one problem of a ballot",
        lambda d: d["ballots"][0].update({REFERENCES[0]: 3}),
        "rompe la regla",
        ballots_evening,
    ),
    retyped(
        "a ballot for a problem outside",
        lambda d: d["ballots"][0].update({"M-2026-000099": 1}),
        "rompe la regla",
        ballots_evening,
    ),
    forged("no ballots", put("ballots", None), "con 11 se publican todas", ballots_evening),
    forged("nothing counted at all", put("ballots_counted", None), "faltan las papeletas", ballots_evening),
    forged(
        "more ballots than voters",
        put("ballots_counted", 13),
        "se contaron 13 papeletas y votaban 12",
        ballots_evening,
    ),
    forged("few ballots shown", put("ballots_counted", 9), "no debe traer", ballots_evening),
    forged(
        "ballots missing without a reason", put("missing_reason", None), "no dice por qué", ballots_evening
    ),
    forged("a reason and nothing missing", put("missing_reason", HEX), "no falta ninguna"),
    forged("another minority", put("ballots_left_out", 3), "y son 0", ballots_evening),
    forged(
        "fewer voters than ballots",
        put("voters", 10),
        "se contaron 11 papeletas y votaban 10",
        ballots_evening,
    ),
    # With the digest left alone.
    clumsy("a total", at("places", 0, tokens=15), "la huella no corresponde"),
    clumsy("a date", put("closed", "2026-11-22T21:50:00-03:00"), "la huella no corresponde"),
    clumsy("a witness", put("witnesses", ["a", "b"]), "la huella no corresponde"),
    clumsy("a neighbourhood", put("territory", 2), "la huella no corresponde"),
    clumsy("a body", lambda d: d["attendance"][1].__setitem__(0, "Club"), "la huella no corresponde"),
    forged(
        "an objection of nobody who came",
        challenge(organisation="Club de Ajedrez"),
        "no estuvo en la reunión",
        challenged_evening,
    ),
    forged(
        "an objection before the close",
        challenge(at="2026-11-22T20:00:00-03:00"),
        "objeta antes del cierre",
        challenged_evening,
    ),
    forged(
        "an objection twice",
        lambda d: d["challenges"].append(objection([], None)),
        "objeta dos veces",
        challenged_evening,
    ),
    forged(
        "an objection turned round", challenge(outcome="set_aside"), "dice otra decisión", challenged_evening
    ),
    forged(
        "an objection decided by one",
        lambda d: d["challenges"][0]["words"].pop(),
        "dice otra decisión",
        challenged_evening,
    ),
    forged(
        "an objection that goes on after its decision",
        lambda d: d["challenges"][0]["words"].append(d["challenges"][0]["words"][0]),
        "dice otra decisión",
        challenged_evening,
    ),
    forged(
        "an objection decided late",
        lambda d: d["challenges"][0]["words"][2].update(at="2026-12-09T10:00:00-03:00"),
        "fuera de sus 15 días",
        challenged_evening,
    ),
    forged("an index raised", at("places", 0, index=150), "sus niveles dan 120", levelled_evening),
    forged("an index that nobody confirmed", at("places", 1, index=150), "nadie confirmó", levelled_evening),
    forged(
        "levels raised with their index",
        lambda d: (d["levels"][0].update(levels=[2, 2, 1, 0]), d["places"][0].update(index=160)),
        "el último cambio de puntaje",
        levelled_evening,
    ),
    forged(
        "a change after the close",
        lambda d: d["levels"][0]["changes"][1].update(at="2026-11-23T10:00:00-03:00"),
        "posterior al cierre",
        levelled_evening,
    ),
    forged("a change left out", lambda d: d["levels"][0]["changes"].pop(), "dice 80", levelled_evening),
    forged("other weights", lambda d: d["weights"].update(reach=31), "deben sumar 100", levelled_evening),
    forged(
        "levels of a problem less",
        lambda d: d["levels"].pop(),
        "no son los de los problemas",
        levelled_evening,
    ),
    clumsy(
        "a level of four",
        lambda d: d["levels"][0].update(levels=[4, 0, 0, 0]),
        "falta «levels»",
        levelled_evening,
    ),
    clumsy("levels in the first format", put("levels", []), "falta «levels»", first_format),
    clumsy(
        "an objection taken away",
        put("challenges", []),
        "la huella de las objeciones no corresponde",
        challenged_evening,
    ),
    clumsy("an outcome that is none", challenge(outcome="maybe"), "falta «challenges»", challenged_evening),
    clumsy("a counter", put("counters", ["a", "b"]), "la huella no corresponde"),
    clumsy("the digest", put("digest", HEX), "la huella no corresponde"),
    clumsy(
        "an annulled figure",
        lambda d: d["annulled"][0]["lines"][0].update(tokens=1),
        "la huella no corresponde",
    ),
    clumsy("a text", at("texts", 0, text="otra cosa"), "no es el que se escribió"),
    clumsy(
        "a text of nowhere",
        lambda d: d["texts"].append({"commitment": commit(SALT, "x"), "salt": SALT, "text": "x"}),
        "no es de esta reunión",
    ),
    clumsy("a name missing", drop("witnesses"), "falta «witnesses»"),
    clumsy("a name too many", put("z", 1), "falta «z»"),
    clumsy("a number as text", put("voters", "12"), "falta «voters»"),
    clumsy("a negative number", put("people", -1), "falta «people»"),
    clumsy("a boolean", put("number", True), "falta «number»"),
    clumsy("a day that is none", put("opened", "2026-02-30T19:00:00-03:00"), "falta «opened»"),
    clumsy("a moment without its zone", put("closed", "2026-11-22T20:50:00"), "falta «closed»"),
    clumsy("an odd reference", at("places", 0, reference="<b>"), "falta «places»"),
    clumsy("a newer format", put("format", "mapa-barrial/reunion/9"), "usa uno más nuevo"),
    clumsy("a list", put("format", "mapa-barrial/lista/2"), "no es el de una reunión"),
    raw("cut short", lambda content: content[:-9], "no es JSON"),
    raw(
        "written with blanks",
        lambda content: json.dumps(json.loads(content), ensure_ascii=False).encode(),
        "no está escrito como",
    ),
    raw("Latin-1", lambda content: content.decode().encode("latin-1"), "no es texto UTF-8"),
    raw("a fraction", lambda content: content.replace(b'"voters":12,', b'"voters":12.0,', 1), "no es entero"),
    raw(
        "a name twice",
        lambda content: content.replace(b'{"annulled"', b'{"seed":"x","annulled"', 1),
        "dos veces el mismo",
    ),
    raw("nothing", lambda content: b"", "no es JSON"),
    raw("a number", lambda content: b"7", "no es el de una reunión"),
    raw("without end", lambda content: b"[" * 30 + b"]" * 30, "anidado sin fin"),
]
