"""«¿Por qué está en este lugar?»: two sentences with the numbers, frozen into the list.

In Spanish and not translated: they are part of the document whose digest is published.
"""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from issues.index import Levels, display
from rankings.rules.deciding import By, Decision, coefficient_decided, turns_decided

UNCONFIRMED = "sin puntaje confirmado, en su ronda cuenta 0"


class Merit(NamedTuple):
    """What a problem brings into its round: I3, tokens of those handed out, day; no day without a vote."""

    index: int  # type: ignore[assignment]  # hides tuple.index, which nobody calls
    tokens: int = 0
    possible: int = 0
    held_on: date | None = None


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
    own_place: int,
    neighbourhood: str,
    tokens: int,
    possible: int,
    people: int,
    held_on: date,
    *,
    is_confirmed: bool = True,
) -> str:
    """Why a voted problem has its place in its neighbourhood; without confirmed levels its index is 0."""
    end = "" if is_confirmed else f"; {UNCONFIRMED}"
    return (
        f"Es el problema N.º {own_place} de {neighbourhood}: recibió "
        f"{tokens} de {counted(possible, 'ficha', 'fichas')}, de "
        f"{counted(people, 'persona', 'personas')}, en la reunión del {day(held_on)}{end}."
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


def round_reason(round_: int, own_place: int, accepted: int, coefficient: int) -> str:
    """Why a problem has its round: only what put it there."""
    causes = [f"es el N.º {own_place} de su barrio"]
    if turns_decided(own_place, accepted, coefficient):
        causes.append(f"este barrio ya usó {counted(accepted, 'turno', 'turnos')}")
    if coefficient_decided(own_place + accepted, coefficient):
        causes.append(f"su coeficiente es {decimal_comma(Decimal(coefficient).scaleb(-2))}")
    return f"Le toca la ronda {round_}: {joined(causes)}"


def joined(parts: list[str]) -> str:
    """Several parts as one says them: a, b y c."""
    *most, last = parts
    return f"{', '.join(most)} y {last}" if most else last


def order_reason(decision: Decision, mine: Merit, theirs: Merit | None) -> str:
    """Why a problem stands where it does in its round: against its rival, by what told them apart."""
    if theirs is None:
        return "es el único"
    side = "después" if decision.is_after else "antes"
    why = _WHY[decision.by].format(
        mine=_figure(decision.by, mine),
        theirs=_figure(decision.by, theirs),
    )
    return f"va {side} de {decision.rival} {why}"


def city_reason(round_: str, order: str, place: int) -> str:
    """Why a problem has its place in the city."""
    return f"{round_}; en esa ronda {order}, y queda en el lugar {place}."


_WHY = {
    By.OWN_ORDER: "porque así los ordenó su barrio",
    By.INDEX: "por puntaje ({mine} contra {theirs})",
    By.SUPPORT: "por apoyo ({mine} contra {theirs}), con el mismo puntaje",
    By.DAY: "por fecha de reunión ({mine} contra {theirs}), con el mismo puntaje y apoyo",
    By.NUMBER: "por número de folio, con el mismo puntaje, apoyo y fecha",
}


def _figure(by: By, merit: Merit) -> str:
    if by is By.INDEX:
        return decimal_comma(display(merit.index))
    if by is By.SUPPORT:
        fichas = counted(merit.possible, "ficha", "fichas")
        return f"{merit.tokens} de {fichas}" if merit.held_on else "sin votación"
    return day(merit.held_on) if merit.held_on else "sin reunión"
