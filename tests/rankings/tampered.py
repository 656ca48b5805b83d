"""Tampered and odd files of lists: one table for the verifier in Python and for the one in the browser.

Each case makes bytes out of a published list (the second of a chain, with one move) and names a
piece of what both must say; they must say the same sentences to the letter. Lists of rules that are
no longer in force are files here, as they were published: no program writes them any more.
"""

import json
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from core.commitments import commit
from rankings import verify
from rankings.rules.canonical import canonical_text, sealed
from rankings.rules.listing import Move, Queue, Vote, compile_list
from rankings.rules.texts import NAMED
from tests.rankings.imaginary import DAY, HEAD, candidate, fixed_queues

Document = dict[str, Any]
FIRST, SECOND, MOVED, OPENING, HELD, WAITING = 0, 2, 1, 3, 4, 10
# Equal in index; told apart by day, by number, by support.
LATER, NUMBERED, TIED = 12, 13, 14
# The last: voted, its levels confirmed by nobody.
UNCONFIRMED = -1
OF_RULE_1, OF_RULE_2 = (Path(__file__).parent / f"lists_of_rule_{number}" for number in (1, 2))


def published() -> Document:
    """A list with voted, provisional and unmeasured problems, another coefficient, ties and a move."""
    queues = fixed_queues()
    queues[0] = queues[0]._replace(coefficient=140, accepted=1)
    queues[2] = queues[2]._replace(
        candidates=[*queues[2].candidates, candidate(401), candidate(402, levels=None)], accepted=3
    )
    queues += [tied(5, Vote(5, DAY, 12, 5, 24, 12, 1, 0)), tied(8, None)]
    unconfirmed = candidate(901, levels=None, vote=Vote(9, DAY, 12, 5, 24, 12, 1, 0))
    queues.append(Queue(9, "Barrio 9", [unconfirmed], accepted=40))
    queues += [tied(code, Vote(code, DAY.replace(day=8), 6, 5, 12, 6, 1, 0)) for code in (6, 7)]
    head = HEAD._replace(number=2, previous_digest="a" * 64)
    return compile_list(
        head, queues, [Move("M-2026-000104", 2, "Riesgo de caída 🌳", "Alcaldía", "nobody", "")]
    )


def tied(code: int, vote: Vote | None) -> Queue:
    """A neighbourhood far back whose only problem has the index of others."""
    return Queue(code, f"Barrio {code}", [candidate(code * 100 + 1, vote=vote)], accepted=20)


def published_by_rule_1() -> Document:
    """The same list as format 1 and rule 1 wrote it."""
    return json.loads((OF_RULE_1 / "2.json").read_text(encoding="utf-8"))


class Case(NamedTuple):
    """A name, what makes the file out of a list, a piece of the sentence that names what is wrong."""

    name: str
    make: Callable[[Document], bytes]
    says: str
    published: Callable[[], Document] = published

    def file(self) -> bytes:
        """The tampered file."""
        return self.make(self.published())


def findings(content: bytes) -> list[str]:
    """What the verifier in Python finds wrong in a file; without findings it holds."""
    try:
        text = verify.read_text(content)
        document = verify.read_json(text)
        verify.check_shape(document)
    except verify.Broken as broken:
        return [str(broken)]
    checked = verify.all_checks(document)
    return [*verify.check_bytes(document, text), *(line for _, lines in checked for line in lines)]


def spoken(sentence: str) -> str:
    """A sentence without what only its place on the page or in the terminal gives it."""
    return sentence[:1].lower() + sentence[1:].rstrip(".")


def written(document: Document) -> bytes:
    """The file of a document as it stands."""
    return canonical_text(document).encode()


def fitted(change: Callable[[Document], Document]) -> Callable[[Document], bytes]:
    """A forger who changes the list and fits its digest."""
    return lambda document: written(sealed(change(document)))


def item(at: int, **change: Any) -> Callable[[Document], bytes]:
    """A forger who changes one item and fits the digest."""
    return fitted(lambda document: document | {"items": changed_row(document["items"], at, change)})


def vote(at: int, **change: Any) -> Callable[[Document], bytes]:
    """A forger who changes what one item got and fits the digest."""
    return fitted(
        lambda document: (
            document
            | {"items": changed_row(document["items"], at, {"vote": document["items"][at]["vote"] | change})}
        )
    )


def head(**change: Any) -> Callable[[Document], bytes]:
    """A forger who changes what the list says about itself."""
    return fitted(lambda document: document | change)


def gatherings(change: Callable[[list[Document]], list[Document]]) -> Callable[[Document], bytes]:
    """A forger who changes which gatherings a list names and fits the digest."""
    return fitted(lambda document: document | {"gatherings": change(document["gatherings"])})


def changed_row(rows: list[Document], at: int, change: Document) -> list[Document]:
    """The rows with one of them changed."""
    copies = [dict(row) for row in rows]
    copies[at] |= change
    return copies


def replaced(before: str, after: str) -> Callable[[Document], bytes]:
    """The file with one piece of its text changed, the digest left alone."""
    return lambda document: (
        canonical_text(document).replace(before, after, 1).encode("utf-8", "surrogatepass")
    )


def told(at: int, which: int, before: str, after: str) -> Callable[[Document], bytes]:
    """A forger who changes a number in one of the two reasons and fits the digest."""

    def change(document: Document) -> Document:
        reasons = list(document["items"][at]["reasons"])
        assert before in reasons[which], reasons[which]
        reasons[which] = reasons[which].replace(before, after, 1)
        return document | {"items": changed_row(document["items"], at, {"reasons": reasons})}

    return fitted(change)


def unasked(name: str) -> Callable[[Document], Document]:
    """The list whose move lacks one of its names."""
    return lambda document: (
        document
        | {"overrides": [{key: each[key] for key in each if key != name} for each in document["overrides"]]}
    )


def nested(depth: int) -> Callable[[Document], bytes]:
    """The list with one more name that holds lists in lists."""
    return lambda document: written(document)[:-1] + b',"z":' + b"[" * depth + b"]" * depth + b"}"


def without(name: str) -> Callable[[Document], Document]:
    """The list without one of its names."""
    return lambda document: {key: value for key, value in document.items() if key != name}


def neighbourhood(**change: Any) -> Callable[[Document], bytes]:
    """A forger who changes the first neighbourhood."""
    return fitted(
        lambda document: document | {"neighbourhoods": changed_row(document["neighbourhoods"], 0, change)}
    )


def override(**change: Any) -> Callable[[Document], bytes]:
    """A forger who changes the published move, with commitments to what it then says."""

    def changed(document: Document) -> Document:
        rows = changed_row(document["overrides"], 0, change)
        if "texts" not in document:
            return document | {"overrides": rows}
        is_named = rows[0].get("asked_by") in NAMED and rows[0]["asker"]
        names = [name for name in change if name == "reason" or (name == "asker" and is_named)]
        made = [
            {"commitment": commit(SALT, change[each]), "salt": SALT, "text": change[each]} for each in names
        ]
        rows[0] |= {name: text["commitment"] for name, text in zip(names, made, strict=True)}
        return document | {"overrides": rows, "texts": [*document["texts"], *made]}

    return fitted(changed)


def texts(change: Callable[[list[Document]], list[Document]]) -> Callable[[Document], bytes]:
    """A forger who changes the texts beside the digest, which holds."""
    return lambda document: written(document | {"texts": change(document["texts"])})


def hidden(document: Document) -> Document:
    """The list without any of its texts."""
    return document | {"texts": []}


def swapped(document: Document) -> Document:
    """The list with its first two rows in each other's place."""
    first, second, *others = document["items"]
    return document | {"items": [second, first, *others]}


def open_reason(document: Document) -> Document:
    """The list with a reason in the open instead of its commitment."""
    return document | {"overrides": changed_row(document["overrides"], 0, {"reason": "Riesgo de caída"})}


def open_asker(document: Document) -> Document:
    """The list with the name of an organisation in the open instead of its commitment."""
    change = {"asked_by": "organisation", "asker": "Junta Alto"}
    return document | {"overrides": changed_row(document["overrides"], 0, change)}


SALT = "5" * 32
STRANGER = {"commitment": commit(SALT, "De otra lista"), "salt": SALT, "text": "De otra lista"}
LONE = '"z":"' + chr(92) + 'ud800"'

CASES_IN_FORCE = [
    # The two reasons of a place.
    Case("tokens in the reason", told(FIRST, 0, "recibió 50 de", "recibió 90 de"), "en su barrio no sale"),
    Case(
        "tokens handed out in the reason",
        told(FIRST, 0, "de 125 fichas", "de 60 fichas"),
        "debe decir «Es el",
    ),
    Case(
        "people in the reason",
        told(FIRST, 0, "de 25 personas", "de 24 personas"),
        "M-2026-000201 en su barrio",
    ),
    Case("day in the reason", told(FIRST, 0, "01-09-2026", "02-09-2026"), "01-09-2026"),
    Case("own place in the reason", told(FIRST, 0, "N.º 1 de", "N.º 2 de"), "N.º 1 de Bajo"),
    Case("neighbourhood in the reason", told(FIRST, 0, "de Bajo", "de Alto"), "N.º 1 de Bajo"),
    Case("round in the reason", told(FIRST, 1, "ronda 1", "ronda 2"), "en la ciudad no sale"),
    Case("index in the reason", told(SECOND, 1, "50,0", "60,0"), "M-2026-000202 en la ciudad"),
    Case("index of the rival in the reason", told(SECOND, 1, "40,0", "44,0"), "(50,0 contra 40,0)"),
    Case(
        "another rival in the reason", told(SECOND, 1, "M-2026-000101", "M-2026-000102"), "M-2026-000101 por"
    ),
    Case(
        "the other side of the rival", told(SECOND, 1, "antes de", "después de"), "va antes de M-2026-000101"
    ),
    Case("another cause", told(SECOND, 1, "por puntaje", "por apoyo"), "por puntaje (50,0 contra 40,0)"),
    Case("a cause that did not decide", told(FIRST, 1, "es el único", "va por puntaje"), "ronda es el único"),
    Case(
        "own order told as the index",
        told(HELD, 1, "porque así los ordenó su barrio", "por puntaje"),
        "así los",
    ),
    Case("place in the reason", told(FIRST, 1, "lugar 1.", "lugar 3."), "queda en el lugar 1.»"),
    Case("coefficient in the reason", told(MOVED, 1, "1,40", "1,20"), "su coeficiente es 1,40"),
    Case("a coefficient left out", told(MOVED, 1, " y su coeficiente es 1,40", ""), "su coeficiente es 1,40"),
    Case("turns left out", told(OPENING, 1, " y este barrio ya usó 1 turno", ""), "ya usó 1 turno"),
    Case("own place in the city's reason", told(FIRST, 1, "N.º 1", "N.º 2"), "es el N.º 1 de su barrio; en"),
    Case("support told wrong", told(TIED, 1, "contra 12 de", "contra 13 de"), "contra 12 de 30 fichas)"),
    Case("day of the rival", told(LATER, 1, "contra 01-", "contra 02-"), "(08-09-2026 contra 01-09-2026)"),
    Case(
        "number told as support", told(NUMBERED, 1, "por número de folio", "por apoyo"), "por número de folio"
    ),
    Case(
        "support told by its rival wrong",
        told(TIED, 1, "sin votación", "1 de 1 ficha"),
        "sin votación contra",
    ),
    Case(
        "accepted ones in the reason",
        told(MOVED, 1, "usó 1 turno", "usó 2 turnos"),
        "este barrio ya usó 1 turno",
    ),
    Case("levels in the reason", told(WAITING - 1, 0, "gravedad 1", "gravedad 2"), "(gravedad 1, alcance 2"),
    Case("a reason with another word", told(FIRST, 1, "Le toca", "Te toca"), "debe decir «Le toca"),
    Case(
        "a provisional place told as voted",
        item(WAITING - 1, reasons=["Lo votó el barrio.", "Sí."]),
        "provisorio",
    ),
    Case("reasons of another problem", item(FIRST, reasons=["", ""]), "M-2026-000201 en la ciudad"),
    Case("one reason alone", item(FIRST, reasons=["Es el primero."]), "«reasons»"),
    Case("a reason that is no text", item(FIRST, reasons=[1, None]), "«reasons»"),
    Case("no reasons", item(FIRST, reasons=None), "«reasons»"),
    Case("name of the neighbourhood", neighbourhood(name="Otro"), "de Otro: recibió"),
    Case(
        "a name with signs of the terminal", neighbourhood(name="\u001b[2J\u202eAlto\u2028"), "de ·[2J·Alto·:"
    ),
    # What decides.
    Case("rows changed for each other", fitted(swapped), "fue movido"),
    Case("place", item(FIRST, place=4), "dice lugar 4: fue movido"),
    Case("place by the rule", item(FIRST, rule_place=4), "según la regla le toca"),
    Case("round", item(SECOND, round=9), "tiene ronda 9 y según la regla le toca 2"),
    Case("turn", item(SECOND, turn=9), "tiene turno 9"),
    Case("own place", item(SECOND, own_place=9), "tiene lugar 9 en su barrio"),
    Case("index", item(FIRST, index=230), "dice 230 y sus niveles dan 220"),
    Case("index beyond any", item(FIRST, index=2**53 - 1), "sus niveles dan 220"),
    Case("levels", item(FIRST, levels=[0, 0, 0, 0]), "sus niveles dan 0"),
    Case("no levels", item(FIRST, levels=None), "sus niveles dan 0"),
    Case("age", item(WAITING - 1, reported_on="2026-02-30"), "«reported_on»"),
    Case("a day of another writing", item(FIRST, reported_on="20260901"), "«reported_on»"),
    Case("a day of a week", item(FIRST, reported_on="2026-W36-2"), "«reported_on»"),
    Case("the year 0", item(FIRST, reported_on="0000-01-01"), "«reported_on»"),
    Case("more tokens than handed out", vote(FIRST, tokens=126), "más fichas que las que se repartieron"),
    Case("more tokens than hold in a number", vote(FIRST, tokens=2**53 - 1), "se repartieron"),
    Case("more people than voters", vote(FIRST, people=26), "más personas que fichas o que votantes"),
    Case("more tokens than the cap", vote(FIRST, people=24), "con el tope por persona"),
    Case("order of a room", vote(FIRST, tokens=40), "los conteos dicen lo contrario"),
    Case("two first places of a room", vote(FIRST, place=2), "dicen el mismo lugar"),
    Case("another number of voters", vote(FIRST, voters=80), "dice otro día, barrio, votantes"),
    Case("another day of the same room", vote(FIRST, held_on="2026-09-02"), "dice otro día, barrio"),
    Case("all voters", vote(FIRST, voters=2**53 - 1, tokens_each=2**53 - 1), "dice otro día, barrio"),
    Case("a vote without people", vote(FIRST, people=None), "«people»"),
    Case(
        "weights",
        head(weights={"severity": 50, "reach": 30, "duration": 20, "vulnerability": 10}),
        "no suman 100",
    ),
    Case("no weights", head(weights={}), "«severity»"),
    Case("coefficient", neighbourhood(coefficient=70), "según la regla le toca"),
    Case("a coefficient of 0", neighbourhood(coefficient=0), "«coefficient»"),
    Case("accepted ones", neighbourhood(accepted=0), "según la regla le toca"),
    Case("accepted without end", neighbourhood(accepted=2**53 - 1), "«accepted»"),
    Case(
        "a neighbourhood twice",
        fitted(lambda d: d | {"neighbourhoods": d["neighbourhoods"] * 2}),
        "aparece dos veces",
    ),
    Case("a neighbourhood that is not there", item(FIRST, neighbourhood=99), "que la lista no nombra"),
    Case("one more item", fitted(lambda d: d | {"items": [*d["items"], d["items"][0]]}), "aparece dos veces"),
    Case(
        "one more item of its own",
        fitted(lambda d: d | {"items": [*d["items"], d["items"][0] | {"reference": "M-2026-000999"}]}),
        "M-2026-000999",
    ),
    Case("the first item less", fitted(lambda d: d | {"items": d["items"][1:]}), "según la regla le toca"),
    Case("an item that is none", fitted(lambda d: d | {"items": [*d["items"], 7]}), "«items»"),
    Case("a reference of signs", item(FIRST, reference="<b>M-1</b>"), "«reference»"),
    Case("a reference with a line", item(FIRST, reference="M-2026-000201\n"), "«reference»"),
    # Moves.
    Case("no moves told", head(overrides=[]), "le toca el"),
    Case("a move from elsewhere", override(**{"from": 3}), "dice que estaba en el 3 y estaba en el"),
    Case("a move to 0", override(to=0), "fue movido"),
    Case("a move beyond the end", override(to=500), "fue movido"),
    Case(
        "moves without end",
        fitted(lambda d: d | {"overrides": d["overrides"] * 10_001}),
        "«overrides»",
    ),
    Case(
        "an unconfirmed index that nobody mentions",
        told(UNCONFIRMED, 0, "; sin puntaje confirmado, en su ronda cuenta 0", ""),
        "sin puntaje confirmado",
    ),
    Case("an unconfirmed index that counts", item(UNCONFIRMED, index=220), "sus niveles dan 0"),
    Case(
        "levels of one account slipped in",
        item(UNCONFIRMED, index=190, levels=[2, 1, 3, 2]),
        "debe decir «Es el problema N.º 1 de Barrio 9: recibió 24 de 60 fichas",
    ),
    Case("a gathering less", gatherings(lambda rows: rows[1:]), "la reunión 1 y no dice su huella"),
    Case(
        "a gathering more",
        gatherings(lambda rows: [*rows, {"number": 99, "digest": "a" * 64}]),
        "99, que no usa",
    ),
    Case(
        "a gathering twice", gatherings(lambda rows: [*rows, rows[0]]), "dos veces la huella de la reunión 1"
    ),
    Case(
        "a digest that is none",
        gatherings(lambda rows: [rows[0] | {"digest": ""}, *rows[1:]]),
        "«gatherings»",
    ),
    Case(
        "no gatherings", fitted(lambda d: {k: v for k, v in d.items() if k != "gatherings"}), "«gatherings»"
    ),
    Case("a move of none", override(reference="M-1"), "que no está en la lista"),
    Case("a move without a reason", override(reason=" \u3000\ufeff\u001c.—"), "no dice motivo u oficina"),
    Case("a move without an office", override(office=""), "no dice motivo u oficina"),
    Case("a move that nobody asked for, by name", override(asker="Juan Soto"), "no dice quién lo pidió"),
    Case("a move without who asked", fitted(unasked("asked_by")), "«asked_by»"),
    Case("a move without the name of who asked", fitted(unasked("asker")), "«asker»"),
    Case("a move that says nothing of who asked", override(asked_by=""), "M-2026-000104 no dice quién"),
    Case("a move asked for by a person", override(asked_by="person", asker="Juan"), "no dice quién lo pidió"),
    Case("an organisation without a name", override(asked_by="organisation", asker=" —"), "no dice quién"),
    Case("an office without a name", override(asked_by="office"), "no dice quién lo pidió"),
    Case("an audience without its number", override(asked_by="audience", asker="12"), "no dice quién"),
    Case("an audience with a line", override(asked_by="audience", asker="MU163AW1234567\n"), "no dice quién"),
    Case("who asked is null", override(asked_by=None), "«asked_by»"),
    # Texts.
    Case(
        "another text",
        texts(lambda rows: [rows[0] | {"text": "Otro"}, *rows[1:]]),
        "«Otro» no es el de su huella",
    ),
    Case("another salt", texts(lambda rows: [rows[0] | {"salt": SALT}, *rows[1:]]), "no es el de su huella"),
    Case(
        "a text of no place", texts(lambda rows: [*rows, STRANGER]), "«De otra lista» no es de ninguna parte"
    ),
    Case("a text twice", texts(lambda rows: [*rows, rows[0]]), "aparece dos veces"),
    Case("a text that is none", texts(lambda rows: [rows[0] | {"text": None}, *rows[1:]]), "«text»"),
    Case("a salt in capitals", texts(lambda rows: [rows[0] | {"salt": "A" * 32}, *rows[1:]]), "«salt»"),
    Case("a salt of another length", texts(lambda rows: [rows[0] | {"salt": "a"}, *rows[1:]]), "«salt»"),
    Case("no commitment", texts(lambda rows: [{**rows[0], "commitment": ""}, *rows[1:]]), "«commitment»"),
    Case("texts that are no rows", head(texts=["a"]), "«texts»"),
    Case("no texts at all", fitted(without("texts")), "«texts»"),
    Case("a title in the open", item(FIRST, title="Luminaria"), "«title»"),
    Case("a reason in the open", fitted(open_reason), "«reason»"),
    Case("another title under the digest", replaced('"title":"', '"title":"0'), "«title»"),
    Case("an organisation in the open", fitted(open_asker), "no dice quién lo pidió"),
    # The chain.
    Case("another list before", head(previous_digest=""), "falta la huella de la lista anterior"),
    Case(
        "a digest in capitals before", head(previous_digest="A" * 64), "falta la huella de la lista anterior"
    ),
    Case("the first of all", head(number=1), "nombra una lista anterior"),
    Case("the list −1", head(number=-1), "«number»"),
    # Bytes.
    Case("a changed byte", replaced("Luminaria", "luminaria"), "La huella no corresponde"),
    Case("a changed digest", replaced('"digest":"', '"digest":"0'), "La huella no corresponde"),
    Case("a digest of signs", lambda d: written(d | {"digest": "\u202e\u0000"}), "La huella no corresponde"),
    Case(
        "a letter in two parts",
        lambda d: unicodedata.normalize("NFD", canonical_text(d)).encode(),
        "La huella no corresponde",
    ),
    Case("another letter beyond the first plane", replaced("🌳", "🌲"), "no es el de su huella"),
    Case(
        "spaces",
        lambda d: json.dumps(d, sort_keys=True, ensure_ascii=False).encode(),
        "no está escrito como se publicó",
    ),
    Case(
        "escapes",
        lambda d: json.dumps(d, sort_keys=True, separators=(",", ":")).encode(),
        "no está escrito como se publicó",
    ),
    Case(
        "an escape beside a letter of the second plane",
        replaced("caída 🌳", "caída 🌳\\u0021"),
        "no está escrito",
    ),
    Case(
        "names in another order",
        lambda d: json.dumps(dict(reversed(d.items())), ensure_ascii=False, separators=(",", ":")).encode(),
        "no está escrito",
    ),
    Case("a line more at the end", lambda d: written(d) + b"\n", "no está escrito como se publicó"),
    Case("a zero with a sign", replaced('"accepted":3', '"accepted":-0'), "no está escrito como se publicó"),
    Case("a byte order mark", lambda d: b"\xef\xbb\xbf" + written(d), "descárgalo de nuevo"),
    Case("UTF-16", lambda d: canonical_text(d).encode("utf-16"), "el byte 1 está cambiado"),
    Case("Latin-1", lambda d: canonical_text(d).replace("🌳", "").encode("latin-1"), "no es texto UTF-8"),
    Case("half a letter", lambda d: written(d).replace("í".encode(), b"\xc3", 1), "no es texto UTF-8"),
    Case("surrogates as bytes", replaced("🌳", "\ud83c\udf33"), "no es texto UTF-8"),
    # Numbers.
    Case("1.0 for 1", replaced('"number":2', '"number":2.0'), "un número que no es entero: 2.0"),
    Case("2e0 for 2", replaced('"number":2', '"number":2e0'), "un número que no es entero: 2e0"),
    Case("NaN", replaced('"number":2', '"number":NaN'), "un número que no es entero: NaN"),
    Case(
        "without end", replaced('"number":2', '"number":-Infinity'), "un número que no es entero: -Infinity"
    ),
    Case("1e999", replaced('"number":2', '"number":1e999'), "un número que no es entero: 1e999"),
    Case("2 to the 53rd", replaced('"number":2', '"number":9007199254740992'), "un número imposible"),
    Case("a thousand digits", replaced('"number":2', '"number":' + "9" * 1_000), "un número imposible: 999"),
    Case(
        "a hundred thousand digits",
        replaced('"number":2', '"number":' + "9" * 100_000),
        "un número imposible",
    ),
    Case("a number as text", head(number="2"), "«number»"),
    Case("true for 1", head(number=True), "«number»"),
    Case("a number that begins with 0", replaced('"number":2', '"number":02'), "no es JSON"),
    Case(
        "a fraction in a name nobody reads",
        replaced('{"boundaries"', '{"a":0.5,"boundaries"'),
        "no es entero: 0.5",
    ),
    Case(
        "a huge number nobody reads",
        replaced('{"boundaries"', '{"a":1' + "0" * 20 + ',"boundaries"'),
        "un número imposible",
    ),
    # Names and texts.
    Case("a name twice", replaced('{"boundaries"', '{"number":1,"boundaries"'), "dos veces «number»"),
    Case(
        "a name twice, once escaped",
        replaced('{"boundaries"', '{"n\\u0075mber":1,"boundaries"'),
        "dos veces «number»",
    ),
    Case(
        "a name twice deep inside",
        replaced('"tokens_each"', '"people":1,"tokens_each"'),
        "dos veces «people»",
    ),
    Case("a name with ñ", replaced('{"boundaries"', '{"año":1,"boundaries"'), "que ninguna lista usa: «año»"),
    Case(
        "half a letter escaped",
        replaced('{"boundaries"', "{" + LONE + ',"boundaries"'),
        "un carácter imposible",
    ),
    Case(
        "a proto",
        replaced('{"boundaries"', '{"__proto__":{"items":[]},"boundaries"'),
        "La huella no corresponde",
    ),
    # Shapes.
    Case("nothing", lambda _: b"", "no es JSON"),
    Case("a greeting", lambda _: b"hola", "no es JSON"),
    Case("half a file", lambda d: written(d)[: len(written(d)) // 2], "cortado o cambiado"),
    Case("two files in one", lambda d: written(d) * 2, "no es JSON"),
    Case("null", lambda _: b"null", "no es una lista publicada"),
    Case("a text", lambda _: b'"lista"', "no es una lista publicada"),
    Case("a list of nothing", lambda _: b"[]", "no es una lista publicada"),
    Case("another file of ours", head(format="mapa-barrial/acta/1"), "no es una lista publicada"),
    Case("a format that is no text", head(format=2), "no es una lista publicada"),
    # Versions.
    Case("a format to come", head(format="mapa-barrial/lista/99"), "el formato «mapa-barrial/lista/99», que"),
    Case("a format of signs", head(format="mapa-barrial/lista/\u001b[2J"), "lista/·[2J», que este"),
    Case(
        "a format without end", head(format="mapa-barrial/lista/" + "1" * 10_000), "que este verificador no"
    ),
    Case("a rule to come", head(rule=99), "la regla 99, que este verificador no conoce: usa uno más nuevo"),
    Case("the rule 0", head(rule=0), "la regla 0, que este verificador no conoce"),
    Case("a rule that is a text", head(rule="1"), "«rule»"),
    Case("a rule that is true", head(rule=True), "«rule»"),
    Case("no rule", fitted(without("rule")), "«rule»"),
    Case("a web page", lambda _: b"<!doctype html><title>404</title>", "no es JSON"),
    Case("seventeen deep", nested(16), "anidado sin fin"),
    Case("two thousand deep", nested(2_000), "anidado sin fin"),
    Case("two hundred thousand deep", nested(200_000), "anidado sin fin"),
    Case("a deep list of lists", lambda _: b"[" * 900 + b"]" * 900, "anidado sin fin"),
    *[
        Case(f"without {name}", fitted(without(name)), f"«{name}»")
        for name in (
            "number",
            "track",
            "published_at",
            "previous_digest",
            "weights",
            "neighbourhoods",
            "items",
            "overrides",
        )
    ],
    Case("without a digest", lambda d: written(without("digest")(d)), "«digest»"),
]
CASES = [
    *CASES_IN_FORCE,
    *[
        Case(f"rule 1: {case.name}", case.make, case.says, published_by_rule_1)
        for case in [
            Case("round in the reason", told(FIRST, 1, "ronda 1", "ronda 2"), "en la ciudad no sale"),
            Case("index in the reason", told(FIRST, 1, "73,3", "93,3"), "el suyo es 73,3"),
            Case("coefficient in the reason", told(MOVED, 1, "1,40", "1,20"), "con coeficiente 1,40"),
            Case("accepted ones in the reason", told(MOVED, 1, "1 problema", "2 problema"), "1 problema"),
            Case("tokens in the reason", told(FIRST, 0, "recibió 50 de", "recibió 90 de"), "recibió 50"),
            Case("round", item(SECOND, round=9), "tiene ronda 9 y según la regla le toca 2"),
            Case("turn", item(SECOND, turn=9), "tiene turno 9"),
            Case("rows changed for each other", fitted(swapped), "fue movido"),
            Case("more tokens than the cap", vote(FIRST, people=24), "con el tope por persona"),
            Case("no moves", head(overrides=[]), "le toca el"),
            Case("a changed byte", replaced("Luminaria", "luminaria"), "La huella no corresponde"),
            Case("a later format", head(format="mapa-barrial/lista/2"), "«rule»"),
        ]
    ],
]
