"""«¿Por qué está en este lugar?»: two sentences with the numbers, frozen into the list.

In Spanish and not translated: they are part of the document whose digest is published.
"""

from datetime import date
from decimal import Decimal

from issues.index import Levels, display
from rankings.rules.rounds import COEFFICIENT_EQUAL


def decimal_comma(number: object) -> str:
    """A number as people in Chile write it: 73,3."""
    return str(number).replace(".", ",")


def day(value: date) -> str:
    """A day as people in Chile write it: 22-11-2026."""
    return f"{value:%d-%m-%Y}"


def counted(number: int, one: str, many: str) -> str:
    """A number with its noun: 1 ficha, 14 fichas."""
    return f"{number} {one if number == 1 else many}"


def voted_reason(
    own_place: int, neighbourhood: str, tokens: int, possible: int, people: int, held_on: date
) -> str:
    """Why a voted problem has its place in its neighbourhood."""
    return (
        f"Es el problema N.º {own_place} de {neighbourhood}: recibió "
        f"{tokens} de {counted(possible, 'ficha', 'fichas')}, de "
        f"{counted(people, 'persona', 'personas')}, en la reunión del {day(held_on)}."
    )


def provisional_reason(own_place: int, neighbourhood: str, i3: int, levels: Levels | None) -> str:
    """Why a problem without a vote has its place in its neighbourhood."""
    start = f"Es el problema N.º {own_place} de {neighbourhood}, provisorio hasta que el barrio lo vote"
    if levels is None:
        return f"{start}: todavía no tiene puntaje."
    return f"{start}: su puntaje es {decimal_comma(display(i3))} ({levels_text(levels)})."


def levels_text(levels: Levels) -> str:
    """The four levels in words and numbers."""
    names = ("gravedad", "alcance", "tiempo", "vulnerabilidad")
    return ", ".join(f"{name} {level}" for name, level in zip(names, levels, strict=True))


def city_reason(round_: int, place: int, i3: int, accepted: int, coefficient: int, kept_behind: str) -> str:
    """Why a problem has its place in the city."""
    return (
        f"Le toca la ronda {round_}{_because(accepted, coefficient)}; dentro de la ronda el orden "
        f"lo da el puntaje, el suyo es {decimal_comma(display(i3))}{_kept(kept_behind)}, "
        f"y así queda en el lugar {place}."
    )


def _because(accepted: int, coefficient: int) -> str:
    causes = []
    if accepted:
        problems = counted(accepted, "problema aceptado", "problemas aceptados")
        causes.append(f"con {problems} en 12 meses")
    if coefficient != COEFFICIENT_EQUAL:
        causes.append(f"con coeficiente {decimal_comma(Decimal(coefficient).scaleb(-2))}")
    return f", porque su barrio cuenta {' y '.join(causes)}" if causes else ""


def _kept(reference: str) -> str:
    return f", y va después de {reference} porque su barrio lo puso antes" if reference else ""
