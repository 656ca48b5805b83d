"""Insults, also as people disguise them. Imports no Django.

Some words insult wherever they stand. Others do only when somebody is called so: «el vecino es un ladrón»
does, «entran ladrones por el sitio» does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from issues.glance.hints import Hint, Kind
from issues.glance.words import pattern

_LEET = str.maketrans("0134578@$!|", "oieastbasil")
_DISGUISED = re.compile(r"(?<!\w)(?=[^\s]*[a-z])(?=[^\s]*[0134578@$!|])[a-z][\w@$!|]{2,}(?!\w)")
_SPACED = re.compile(r"\b(?:[a-z][\s.\-_*]{1,2}){2,}[a-z]\b")
_MASKED = re.compile(r"(?<!\w)(?:[a-z]+\*+[a-z]+|[a-z]\*{2,})")
# «Dog's dirt» is what is reported most.
_DIRT = re.compile(r"mierda\s+(?:de|del|de los)\s+(?:\w+\s)?(?:perr|gat|palom|caball|animal|mascot)")

_MORE = r"(?:(?:un|una|unos|unas|el|la|los|las|muy|tan|mas|puro|puros|pura|bien|medio|tremendo|terrible|un par de|mismo|el mismo|todos|todas|realmente|bastante)\s+){0,3}"
_WHO = (
    r"(?:vecin\w+|senor\w*|caballero|alcald\w+|concejal\w*|municip\w+|funcionari\w+|duen\w+|conserje\w*|guardia\w*|"
    r"president[ea]|director\w*|inspector\w*|administrador\w*|viej\w+|tip\w+|maestr\w+|chofer\w*|paco\w*|"
    r"carabiner\w+|dirigent\w+|politic\w+|muni\w*|empresa|cuadrilla\w*|trabajador\w*|obrer\w+|gobierno|edil\w*|encargad\w+|jef[ea]\w*|profesor\w*|doctor\w*|enfermer\w+|cajer\w+|"
    r"vendedor\w*|feriant\w+|comerciant\w+|arrendatari\w+|inmigrant\w+|extranjer\w+|haitian\w+|venezolan\w+|"
    r"peruan\w+|colombian\w+|bolivian\w+|negr[oa]s?|mujer|hombre|cabr[oa]s?|hijo|hija|marido|esposa)"
)
# What a street or a square may be as well, where nobody is called so.
_OF_THINGS = (
    r"(?:basura|rot[oa]|rata|animal|bestia|culebra|chanch|cerd|suci|mugros|asqueros|fea|burr|inservib|penca|mediocre|"
    r"miserable|patetic|inmund|cochin|hediond|torpe|violent|apestos|loc[oa]|pesad|ladron|enferm|borrach)"
)


@cache
def _always() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{pattern('insults')}|mierda)\b")


@cache
def _called() -> tuple[re.Pattern[str], ...]:
    slight = rf"(?:{pattern('slights')})"
    forms = (
        rf"\b{_WHO}\s+(?:\w+\s+){{0,3}}?(?:es|son|era|eran|fue)\s+{_MORE}{slight}\b",
        rf"\b(?:es|son|eres|era|eran|sos)\s+(?:un|una|unos|unas|pur[oa]s?|tremend[oa]|terrible|par de|un par de|mas que un|un[oa]? grand[ei]simo)\s+(?:vi?ej[oa]s?\s+)?{slight}\b",
        rf"\b{_WHO}\s+(?:(?:mas|tan|muy|que es|re|medi[oa]|de lo mas)\s+)?{slight}\b",
        rf"\b(?:es[eao]s?|est[eo]s?|tu|manga de|tropa de|par de|banda de|grupo de|partida de|pur[oa]s|eres|sos)\s+(?:vi?ej[oa]s?\s+)?{slight}\b",
        rf"\b{slight}\s+(?:de|del|de la|de los|ese|ese de|este)\s+(?:l?[aeo]?s?\s*)?{_WHO}\b",
        rf"[,;]\s*(?:pur[oa]s\s|manga\sde\s|par\sde\s)?(?!{_OF_THINGS}){slight}\s*[.!]*$",
        rf"(?:^|[.!?\n]\s*)(?!{_OF_THINGS}){slight}\s*!",
        rf"\b(?:gente|personas?)\s(?:mas|tan|muy)\s{slight}\b",
        rf"\b(?:gente|personas?|vecin[oa]s)\s(?!curad|curao|borrach|loc[oa]|enferm|mental|drog|volad|alcohol){slight}\b",
        rf"\b(?:maldit[oa]s?|inutil(?:es)?|inept[oa]s|corrupt[oa]s)\s{_WHO}\b",
        r"\b(?:l[oa]s|est[oa]s|es[oa]s|un[oa]s)\s(?:cerd|puerc|cochin|asqueros|flait|inept|inutil|desgraciad)\w*\s(?:que|de\sla|del|de\slos)\b",
        rf"^\s*(?:que\s|pur[oa]s\s)?(?!basura|rat[oa]|rot[oa]|animal|bestia|culebra|suci|apestos|loc[oa]s?\b|lanza){slight}(?:\s(?:el|la|l[oa]s)\s{_WHO})?\s*[.!]*$",
        rf"\b(?:son|eres|fueron)\s(?:(?:tan|re|muy|mas|bien)\s)?(?!{_OF_THINGS}){slight}\b",
        r"\b(?:cuadrilla|equipo|oficina|funcionari\w+|muni\w*)\s(?:de\s)?(?:pur[oa]s\s)?(?:floj|inutil|vag[oa]|inept|incompetent|ladron)\w*",
        r"\b(?:la|el)\s(?:loc[oa]|ordinari[oa]|roto|rota|cuma|flaite|curad[oa]|borrach[oa]|drogadict[oa])\s(?:de\sla\scasa|del\s(?:lado|frente|\d)|de\sal\slado)",
        rf"\b(?:parec\w+|comport\w+\scomo|como)\s(?:un|una|unos|unas)\s{slight}\b",
        rf"[!¡]\s*(?:\w+\s){{0,2}}{slight}s?\s*!",
        rf"\b(?:vi?ej[oa]s?|tip[oa]s?|gord[oa]s?)\s+{slight}\b",
        rf"\bson\s+(?:todos|todas|todos unos|unos|puros)\s+(?:unos\s)?{slight}\b",
    )
    return tuple(re.compile(form) for form in forms)


def insults(text: str) -> Iterator[Hint]:
    """Of a plain text: what insults, and who is called something."""
    for form in (_always(), *_called()):
        for found in form.finditer(text):
            if not _DIRT.match(text, max(found.start(), found.end() - len("mierda"))):
                yield Hint(*found.span(), Kind.INSULT)
    yield from _hidden(text)


def _hidden(text: str) -> Iterator[Hint]:
    for form, read in ((_DISGUISED, _unleet), (_SPACED, _joined)):
        for found in form.finditer(text):
            if _always().fullmatch(read(found[0])):
                yield Hint(*found.span(), Kind.INSULT)
    for found in re.finditer(r"\w*(\w)\1{2,}\w*", text):
        if _always().fullmatch(re.sub(r"(\w)\1+", r"\1", found[0])):
            yield Hint(*found.span(), Kind.INSULT)
    for found in _MASKED.finditer(text):
        yield Hint(*found.span(), Kind.INSULT)


def _unleet(word: str) -> str:
    return word.translate(_LEET)


def _joined(letters: str) -> str:
    return re.sub(r"[^a-z]", "", letters)
