"""Names of persons, but for those of streets, schools and squares. Imports no Django.

A word is looked at with its neighbours: what stands after «calle», before a house number or in our own
gazetteer is a place; what stands after «don» or is a first name and nothing else is a person.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from issues.glance.hints import Hint, IsPlace, Kind
from issues.glance.plain import plain
from issues.glance.words import certain_first_names, certain_surnames, lines, words

_TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?|\d+|[^\w\s]|\n")
# Squares and streets are called so rather than anybody after «la» and «el».
UNLIKELY = words("unlikely")
PARTICLES = words("particles")
JOINS = frozenset(["de", "del", "la", "las", "los"])
PLACES = words("place_words")
# «Santa Elena» is a street, a shop, a hospital: nobody is told of so.
SAINTS = frozenset(["san", "santa", "santo", "sta", "sto"])
# «Peluquería Marcela» is a shop, «la peluquería de Marcela» hers.
SHOPS = words("shops")
# «El chico Vergara».
NICKNAMES = words("nicknames")
# «La presidenta de la junta Luisa Díaz»: the body has another name.
BODIES = frozenset(["junta", "comunidad", "condominio", "agrupacion", "edificio", "sede"])
OFFICERS = frozenset(
    [
        "presidenta",
        "presidente",
        "secretaria",
        "secretario",
        "tesorera",
        "tesorero",
        "dirigenta",
        "dirigente",
        "vocera",
        "vocero",
    ]
)
# «Presidente Riesco» is a street, «el presidente Riesco» a man.
TITLES = words("titles")
TEACHERS = words("teachers")
ARTICLES = words("articles")
# Between «escuela» and its name.
QUALITIES = words("qualities")
# Of these, somebody tells where they stand: «la vereda de Rafael Riesco».
FIXTURES = words("fixtures")
PEOPLE = frozenset(["gente", "vecinas", "vecinos"])
HONORIFICS = words("honorifics")
CALLED = re.compile(
    r"\b(?:se llama|se llaman|llamad[oa]|de nombre|nombre es|su nombre|apodad[oa]|alias|le dicen|conocid[oa] como|"
    r"conocid[oa] por|de apellido|apellido|familia|clan|apodo|a nombre de|firma|firmado|firmado por|atte|atentamente|"
    r"nombre completo|nombre:|reclamante:|denunciante:|contacto|preguntar por|hablar con|soy|me llamo|los hermanos|las hermanas)\s*:?\s*[\"'«“]?(?:el |la |los |don |dona )?$"
)
_OF_SOMEBODY = re.compile(
    r"\b(?:(?:hij[oa]s?|espos[oa]|mama|papa|casa|perr[oa]s?|gatos?|auto|autos|camioneta|camion|moto|negocio|local|terreno|"
    r"propiedad|culpa|cargo|parte|hermano|hermana|nieto|nieta|pareja|polola|pololo|amigos?|amiga) de|"
    r"(?:denuncio|denunciar|denunciamos|acuso|vi|vimos|pillaron|pillamos|conozco|llamen|preguntale|preguntenle|avisar|"
    r"avisen|digan|diganle|reten) a|(?:hable|hablamos|fui|converse) con|(?:culpable|responsable|duen[oa]) es|"
    r"(?:el|la|un|una) tal|le decimos|l[oa] llaman|atiende|segun)\s$"
)
BEFORE_PLACES = words("before_places")
WRONG = words("wrongs")
# «La salida que da a Rafael Riesco».
LEADING = words("leading")
_VERB = re.compile(r"(?:[éóí]|[aei]r|[ai]mos|[ai]ron|ando|iendo)$")
_DONE = re.compile(r"(?:[ai]d[oa]s?|hech[oa]s?|puest[oa]s?|rot[oa]s?|escrit[oa]s?)$")
AFTER_PLACES = re.compile(
    r"\s*,?\s*(?:n[°º.]|nro\b|numero\b|#|s/n|al?\s\d|\d{2,5}\b(?!\s?(?:anos|dias))|altura|al llegar|esquina\b|esq\b|"
    r"(?:entre|hasta)\s(?!las?\b|altas|tarde|el\b|muy|que)|/\s?[a-z]|interior\b|a la altura|frente al\s|llegando|antes de|pasado|pasando|vereda|cerca de|,\s(?:maipu|villa|poblacion|sector)\b|"
    r"(?:(?:esta|sigue|quedo)\s)?(?:a oscuras|sin (?:luz|luces|pavimento|ilumin|demarc|aceras?|vereda)|"
    r"llen[oa] de|inundad|cortad|con hoyos|con baches|se inunda)|norte\b|sur\b|oriente\b|poniente\b|con\s(?:calle|pasaje|avenida|av|los|las)\b)"
)
# Capitalised, but no name.
ROLES = words("roles")


@dataclass(frozen=True)
class Word:
    """One word, figure or sign of a text; `bare` is it in lower case without accents."""

    text: str
    bare: str
    start: int
    end: int

    @property
    def is_capital(self) -> bool:
        """Whether it begins with a large letter."""
        return self.text[:1].isupper()


@dataclass(frozen=True)
class Text:
    """A text in words; `has_cases` when large letters say something in it."""

    words: Sequence[Word]
    bare: str
    has_cases: bool

    def first(self, at: int) -> bool:
        """A first name and nothing else."""
        word = self.bare_at(at)
        return word in certain_first_names() or _is_small_of_one(word)

    def surname(self, at: int) -> bool:
        """A surname and nothing else."""
        return self.bare_at(at) in certain_surnames()

    def bare_at(self, at: int) -> str:
        """The word at a place, «» beyond both ends."""
        return self.words[at].bare if 0 <= at < len(self.words) else ""

    def capital(self, at: int) -> bool:
        """A word with a large letter where those say something, and no role or weekday."""
        if not 0 <= at < len(self.words):
            return False
        word = self.words[at]
        return self.has_cases and word.is_capital and word.text.isalpha() and word.bare not in ROLES | PLACES

    def known(self, at: int) -> bool:
        """Any name of the lists."""
        return self.bare_at(at) in words("first_names") | words("surnames")


def _is_small_of_one(word: str) -> bool:
    """«Manolito» is Manolo, «Marcelita» Marcela."""
    ending = word[-3:]
    return len(word) > 6 and ending in ("ito", "ita") and word[:-3] + ending[-1] in certain_first_names()


def names(text: str, is_place: IsPlace) -> Iterator[Hint]:
    """What looks like the name of a person."""
    read = _read(text)
    at = 0
    while at < len(read.words):
        end = _end(read, at) if _begins(read, at) else at
        if end > at and not _is_of_place(read, at, end, is_place):
            yield Hint(read.words[at].start, read.words[end - 1].end, Kind.NAME)
        at = max(end, at + 1)


def _read(text: str) -> Text:
    bare = plain(text)
    found = [Word(m[0], bare[m.start() : m.end()], *m.span()) for m in _TOKEN.finditer(text)]
    letters = [letter for letter in text if letter.isalpha()]
    large = sum(letter.isupper() for letter in letters)
    return Text(found, bare, 0 < large < 0.6 * len(letters))


def _begins(read: Text, at: int) -> bool:
    if not read.words[at].bare.isalpha() or read.bare_at(at) in PARTICLES or _is_saint(read, at):
        return False
    return any(is_one(read, at) for is_one in (Text.first, _pair, _is_addressed, _is_spoken_of, _does))


def _does(read: Text, at: int) -> bool:
    """«Zúñiga bota escombros»: streets do nothing."""
    is_able = read.bare_at(at + 1) in words("doings") and read.bare_at(at - 1) not in JOINS
    return is_able and read.surname(at) and read.capital(at)


def _is_saint(read: Text, at: int) -> bool:
    return read.bare_at(at - 1 - (read.bare_at(at - 1) == ".")) in SAINTS


def _is_nicknamed(read: Text, at: int) -> bool:
    """«El chico Vergara», «al loco pedro»."""
    if read.bare_at(at - 1) not in NICKNAMES or read.bare_at(at - 2) not in ARTICLES:
        return False
    return _sure(read, at) or (read.capital(at) and read.known(at))


def _is_spoken_of(read: Text, at: int) -> bool:
    """«La Rosa», «los Pérez»: a small article and a name with a large letter."""
    if _is_nicknamed(read, at):
        return True
    if not read.capital(at) or read.bare_at(at - 1) in ("", "\n") or read.words[at - 1].is_capital:
        return False
    if read.bare_at(at - 1) in ("los", "las"):
        return read.surname(at)
    is_called = read.bare_at(at) in words("first_names") - UNLIKELY or read.surname(at)
    return is_called and read.bare_at(at - 1) in ("el", "la") and read.bare_at(at - 2) not in BEFORE_PLACES


def _pair(read: Text, at: int) -> bool:
    """Two words of which one is surely a name and the other may be, both with large letters if any has."""
    if read.bare_at(at) in TITLES:
        return False
    following = _next(read, at)
    both = read.capital(at) and read.capital(following)
    if both and following > at:
        doubtful = read.bare_at(at) in words("first_names") and read.known(following)
        return doubtful or read.surname(following) or (read.surname(at) and read.known(following))
    return _may_be_named(read, at) and not read.capital(at + 1) and (read.surname(at + 1) or _three(read, at))


def _three(read: Text, at: int) -> bool:
    """«rosa vera lago»: each may be something else, three in a row are not."""
    return not read.has_cases and len(read.bare_at(at)) > 2 and read.known(at + 1) and read.known(at + 2)


def _may_be_named(read: Text, at: int) -> bool:
    return read.bare_at(at) in words("first_names") or read.surname(at)


def _next(read: Text, at: int) -> int:
    """The next word of a name, past an initial's dot or «de la»."""
    following = at + 1
    if len(read.bare_at(at)) == 1 and read.bare_at(following) == ".":
        return following + 1
    while read.bare_at(following) in JOINS and following < at + 3:
        following += 1
    return following


def _is_addressed(read: Text, at: int) -> bool:
    """After «don», «la señora», «se llama»: any name, or any word with a large letter."""
    named = read.known(at) or read.capital(at)
    if not named or read.bare_at(at) in ROLES | PLACES:
        return False
    before = _before(read, at)
    if CALLED.search(before):
        return read.capital(at) or _sure(read, at) or (not read.has_cases and read.known(at + 1))
    if _OF_SOMEBODY.search(before):
        return read.capital(at) and (read.known(at) or read.known(_next(read, at)))
    title = _title(read, at)
    certain = read.capital(at) or read.bare_at(title) in ("don", "dona", "sr", "sra") or _sure(read, at)
    return (certain or read.bare_at(at) in words("first_names")) and _is_title(read, title)


def _sure(read: Text, at: int) -> bool:
    return read.first(at) or read.surname(at)


def _is_title(read: Text, at: int) -> bool:
    word = read.bare_at(at)
    if word in TITLES:
        return read.bare_at(at - 1) in ARTICLES and not _place_before(read, at - 1)
    return word in HONORIFICS


def _end(read: Text, at: int) -> int:
    """Where the name ends: names, initials and large letters go on, «de la» too if a name follows."""
    end = at + 1
    while end < len(read.words):
        following = end
        joined = read.bare_at(end) in ("de", "del", ".")
        while joined and (read.bare_at(following) in JOINS or read.bare_at(following) == "."):
            following += 1
        if following > end + 2 or not (read.capital(following) or _goes_on(read, following)):
            break
        if read.bare_at(end) == "." and len(read.bare_at(end - 1)) > 1:
            break
        end = following + 1
    return end


def _goes_on(read: Text, at: int) -> bool:
    return (read.known(at) and not read.has_cases) or _sure(read, at)


def _is_of_place(read: Text, start: int, end: int, is_place: IsPlace) -> bool:
    if _is_titled(read, start):
        before = _title(read, start) - 1
        return read.bare_at(before) in SHOPS or _place_before(read, before)
    parts = [word.bare for word in read.words[start:end] if word.bare.isalpha()]
    if len(parts) > 1 and read.bare_at(end) in words("doings") and not _after_place(read, start, True):
        return False
    if _is_known_place(parts, read.bare_at(start - 1), is_place):
        return True
    if AFTER_PLACES.match(read.bare, read.words[end - 1].end) or _is_within_honoured(read, start):
        return True
    is_full = len(parts) > 1
    return _after_place(read, start, is_full) or (
        is_full and (_meets(read, start, end) or _heads(read, start, end))
    )


def _heads(read: Text, start: int, end: int) -> bool:
    """«Rafael Riesco: luminaria apagada»: a full name that opens, and then what is wrong there."""
    if len(read.bare_at(end - 1)) == 1:
        return False
    start, end = _with_the_other(read, start, end)
    ahead = {read.bare_at(at) for at in range(end + 1, end + 4)}
    is_first = read.bare_at(start - 1) in ("", "\n", ".", ";", "!", "?")
    return is_first and read.bare_at(end) in (",", ":", ".") and bool(ahead & (FIXTURES | WRONG))


def _with_the_other(read: Text, start: int, end: int) -> tuple[int, int]:
    """Both of «Nicanor Molinare y Vicente Bianchi», from either of them."""
    if read.bare_at(start - 1) == "y" and read.capital(start - 2):
        start = next((at for at in range(start - 2, start - 6, -1) if not read.capital(at - 1)), start)
    if read.bare_at(end) == "y" and read.capital(end + 1):
        end = _end(read, end + 1)
    return start, end


def _is_known_place(parts: Sequence[str], before: str, is_place: IsPlace) -> bool:
    name = " ".join(parts)
    return _is_honoured(name) or is_place(name) or is_place(f"{before} {name}")


def _is_titled(read: Text, at: int) -> bool:
    before = _before(read, at)
    return bool(CALLED.search(before) or _OF_SOMEBODY.search(before)) or _is_title(read, _title(read, at))


def _before(read: Text, at: int) -> str:
    """The letters before a word; a few are enough."""
    start = read.words[at].start
    return read.bare[max(start - 40, 0) : start]


def _title(read: Text, at: int) -> int:
    """Where «don» or «Sra.» of a name would stand."""
    return at - 1 - (read.bare_at(at - 1) == ".")


def _after_place(read: Text, start: int, is_full: bool) -> bool:
    """After «calle», «plaza de la», «en», or as the second street of a crossing."""
    before = read.bare_at(start - 1)
    if before in BEFORE_PLACES:
        return not (before == "por" and _DONE.search(read.bare_at(start - 2)))
    if before in TITLES and _opens(read, start - 1):
        return before not in TEACHERS
    if before in TITLES or _place_before(read, start - 1):
        return True
    if (
        before in SHOPS
        or (is_full and before in FIXTURES - PEOPLE)
        or (before == "a" and read.bare_at(start - 2) in ("frente", *PLACES))
    ):
        return True
    if before == "de" and read.bare_at(start - 2).isdecimal() and read.bare_at(start - 3) == "al":
        return True
    if before in ("a", "de", "del", "al") and is_full:
        return any(read.bare_at(at) in FIXTURES | LEADING for at in range(start - 4, start - 1))
    return before in ("con", "y", "/", "e", ",") and _crosses(read, start - 1)


def _place_before(read: Text, at: int) -> bool:
    """Whether, going back past «de la», «básica» and «N° 12», a word for a place is met."""
    skipped = 0
    while at >= 0 and skipped < 6 and _is_between(read, at):
        at, skipped = at - 1, skipped + 1
    if read.bare_at(at) not in PLACES:
        return False
    if read.bare_at(at) in BODIES and any(read.bare_at(one) in OFFICERS for one in range(at - 3, at)):
        return False
    article = read.bare_at(at + 1)
    # «en la plaza la Yessenia»: a small article without «de» is how people are called.
    return not (
        read.has_cases and skipped == 1 and article in ("el", "la") and not read.words[at + 1].is_capital
    )


def _is_between(read: Text, at: int) -> bool:
    word = read.bare_at(at)
    if word in PARTICLES - {"y", "e", "don", "dona"} or word in QUALITIES or word in TITLES:
        return True
    if word.isdecimal() or word in (".", "«", '"', "“", "°", "º", "'"):
        return True
    # «Jardín Mi Pequeña Amanda»: in the middle of a proper name.
    return at > 0 and read.capital(at) and read.bare_at(at - 1).isalpha()


def _crosses(read: Text, join: int) -> bool:
    """Whether a street stands before «con» or «y»: its last word, and a word for a place before that."""
    last, before = read.bare_at(join - 1), [read.bare_at(at) for at in range(max(join - 7, 0), join - 1)]
    if last in ("cruce", "esquina", "interseccion", "esq", "calle"):
        return True
    is_named = (
        read.capital(join - 1) and not read.first(join - 1) and not _VERB.search(read.words[join - 1].text)
    )
    if read.bare_at(join) == "con" and is_named:
        return True
    if last in PLACES or not (last.isdecimal() or not read.has_cases or read.capital(join - 1)):
        return False
    if read.bare_at(join) == ",":
        return any(word in ("calles", "pasajes", "avenidas") for word in before)
    opens = read.bare_at(join) in ("con", "/") and _opens(read, join - 2) and read.known(join - 2)
    return opens or any(word in PLACES | BEFORE_PLACES or word.isdecimal() for word in before)


def _meets(read: Text, start: int, end: int) -> bool:
    """«Rafael Silva con Emilio Rebolledo» is a crossing, not two people; «vi a Rafael Silva con» is none."""
    following, beyond = read.bare_at(end), read.bare_at(end + 1)
    if read.bare_at(start - 1) in ("a", "que", "don", "dona", "y", "con"):
        return False
    if following == "y":
        return beyond in PLACES or (beyond in JOINS | {"el"} and read.capital(end + 2))
    return following in ("con", "esquina", "esq", "/") and (read.capital(end + 1) or read.known(end + 1))


def _opens(read: Text, at: int) -> bool:
    """Whether a sentence or a part of it begins here."""
    return not read.bare_at(at - 1).isalnum() or read.bare_at(at - 1) in ("de", "los", "las", "el")


def _is_within_honoured(read: Text, at: int) -> bool:
    """«Isabel» of «Isabel la Católica», «Faustino» of «Domingo Faustino Sarmiento»."""
    start, end = read.words[at].start, read.words[at].end
    near = read.bare[max(start - 30, 0) : end + 30].replace("’", "'")
    return any(name in near and read.bare_at(at) in name.split() for name in lines("honoured"))


def _is_honoured(name: str) -> bool:
    return any(f" {known} " in f" {name} " for known in lines("honoured"))


def is_within(name: str, place: str) -> bool:
    """Whether a folded name means a place: some of its words, or of one alone all of it or its surname."""
    if " " in name:
        return f" {name} " in f" {place} "
    parts = [word for word in place.split() if word not in PARTICLES | PLACES]
    if parts == [name]:
        return "san" not in place.split() and "santa" not in place.split()
    return bool(parts) and parts[-1] == name and name not in certain_first_names()
