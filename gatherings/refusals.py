"""What the room refuses, each in one sentence that says what to change."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gatherings.tokens import ImpossibleCount


class RoomRefused(ValueError):
    """An act that is not possible in the present state of the room; the text is for the person.

    `code` is stable for programs; «conflict» means that somebody else was faster.
    """

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


def impossible_count(error: ImpossibleCount, titles: Mapping[str, str]) -> RoomRefused:
    """The refusal of totals that cannot have happened; `titles` maps references to what people read."""
    return RoomRefused(error.kind, _sentences(_OF_TOTALS, error, titles))


def impossible_ballot(error: ImpossibleCount, titles: Mapping[str, str]) -> RoomRefused:
    """The refusal of one person's ballot."""
    return RoomRefused(error.kind, _sentences(_OF_TOTALS | _OF_ONE_BALLOT, error, titles))


def _sentences(table: Mapping[str, Promise], error: ImpossibleCount, titles: Mapping[str, str]) -> str:
    reference = str(error.facts.get("reference", ""))
    facts = {**error.facts, "problem": titles.get(reference, reference)}
    return str(table[error.kind]) % facts


_OF_TOTALS = {
    "size": gettext_lazy("La papeleta lleva entre 1 y %(most)s problemas; ahora tiene %(size)s."),
    "not_whole": gettext_lazy("Escribe un número entero, sin letras ni decimales."),
    "negative": gettext_lazy("Un conteo no puede ser negativo."),
    "total": gettext_lazy(
        "Hay %(tokens)s fichas contadas, pero solo se repartieron %(most)s. Vuelvan a contar."
    ),
    "cap": gettext_lazy(
        "«%(problem)s» no puede tener %(tokens)s fichas: con el tope por persona caben %(most)s."
    ),
    "people_over_tokens": gettext_lazy(
        "«%(problem)s» tiene %(people)s personas y solo %(tokens)s fichas: cada persona puso al menos una."
    ),
    "people_over_voters": gettext_lazy("«%(problem)s» tiene %(people)s personas, pero votan solo %(most)s."),
    "twice": gettext_lazy("«%(problem)s» está dos veces en el conteo."),
    "unknown": gettext_lazy("«%(problem)s» no está en la papeleta de esta reunión."),
}
_OF_ONE_BALLOT = {
    "total": gettext_lazy("Esta papeleta tiene %(tokens)s fichas y a cada persona le tocan %(most)s."),
    "cap": gettext_lazy("«%(problem)s» tiene %(tokens)s fichas; el tope por persona es %(most)s."),
}


def not_now(sentence: str = "") -> RoomRefused:
    """The refusal of an act at the wrong moment of the gathering."""
    return RoomRefused("not_now", sentence or _("Eso no se puede hacer en este momento de la reunión."))


def ask_why(question: str) -> RoomRefused:
    """The refusal of an act that is possible with a reason; the screen asks and sends it again with one."""
    return RoomRefused("why", question)


def total_sentences() -> dict[str, str]:
    """The sentences about totals with {names} in place of the facts, for a page that counts by itself."""
    names = ("tokens", "people", "most", "problem", "size")
    return {
        kind: str(sentence) % {name: f"{{{name}}}" for name in names} for kind, sentence in _OF_TOTALS.items()
    }
