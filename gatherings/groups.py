"""Who was there, by groups, as far as people said it of their own will: pure figures.

Told is, once and for good, what no arithmetic leads below five: each figure down to the five under it, and of
a question only so many groups that at least five people remain among whom nothing is said. So any two
evenings subtracted from each other differ by nothing or by five and more.
"""

from __future__ import annotations

from collections.abc import Mapping

FEWEST = 5
# Questions, each with the groups whose sum cannot be more than who came; who did not answer is in none.
QUESTIONS: Mapping[str, tuple[str, ...]] = {
    "gender": ("women", "men", "other"),
    "age": ("under_30", "from_60"),
    "peoples": ("native",),
    "disability": ("disabled",),
}
GROUPS = tuple(group for groups in QUESTIONS.values() for group in groups)


def too_many(people: int, said: Mapping[str, int]) -> str | None:
    """The first question that more people answered than came; None when all can be."""
    answered = {question: _of(groups, said) for question, groups in QUESTIONS.items()}
    return next((question for question, of in answered.items() if sum(of.values()) > people), None)


def told(people: int, said: Mapping[str, int]) -> dict[str, int]:
    """What may be published of a gathering of so many people, by fives; most often less than said.

    How many came is public anyway, so what is not told can be worked out by subtraction: groups go, the
    smallest first, until five or more are left untold.
    """
    result: dict[str, int] = {}
    for groups in QUESTIONS.values():
        result |= _told(people, _of(groups, said))
    return result


def _told(people: int, said: Mapping[str, int]) -> dict[str, int]:
    if sum(said.values()) > people:
        return {}
    shown = {group: count for group, count in said.items() if count >= FEWEST}
    while shown and people - sum(shown.values()) < FEWEST:
        del shown[min(shown, key=lambda group: (shown[group], group))]
    return {group: count - count % FEWEST for group, count in shown.items()}


def _of(groups: tuple[str, ...], said: Mapping[str, int]) -> dict[str, int]:
    return {group: said[group] for group in groups if group in said}
