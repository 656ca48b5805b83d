"""The words of the demo town: neighbours' texts by category, names and answers, all invented."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

DATA = Path(__file__).resolve().parent / "data"


@dataclass
class Texts:
    """What neighbours write about one category: (title, first sentence) pairs and second sentences."""

    openings: list[tuple[str, str]] = field(default_factory=list)
    details: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Where:
    """The names a text may use: a street, a crossing, a passage, a housing estate and a number."""

    calle: str
    esquina: str
    pasaje: str
    villa: str
    numero: int


@lru_cache
def problem_texts() -> dict[str, Texts]:
    """Texts by category code, from data/problems_*.txt."""
    texts: dict[str, Texts] = {}
    for path in sorted(DATA.glob("problems_*.txt")):
        for heading, lines in _sections(path).items():
            texts[heading] = _texts(lines)
    return texts


@lru_cache
def names() -> dict[str, list[str]]:
    """Invented names by kind: passages, villas, boards, bodies, rooms, agreements."""
    return _sections(DATA / "names.txt")


@lru_cache
def answers() -> dict[str, list[str]]:
    """What offices and neighbours answer, by moment."""
    return _sections(DATA / "answers.txt")


def tell(code: str, where: Where, dice: random.Random) -> tuple[str, str]:
    """A title (at most 140 letters) and a description of one or two sentences for a category."""
    texts = problem_texts()[code]
    title, sentence = dice.choice(texts.openings)
    detail = dice.choice(texts.details) if dice.random() < 0.6 else ""
    slots = {"calle": where.calle, "esquina": where.esquina, "pasaje": where.pasaje}
    slots |= {"villa": where.villa, "numero": str(where.numero)}
    words = [_filled(text, slots) for text in (title, sentence, detail)]
    return words[0][:140], " ".join(words[1:]).strip()


def _filled(text: str, slots: dict[str, str]) -> str:
    said = text.format_map(slots)
    return said[:1].upper() + said[1:]


def _sections(path: Path) -> dict[str, list[str]]:
    sections: dict[str, list[str]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            lines = sections[line[2:]] = []
        elif line.strip():
            lines.append(line.strip())
    return sections


def _texts(lines: list[str]) -> Texts:
    texts = Texts()
    for line in lines:
        if line.startswith("> "):
            texts.details.append(line[2:])
        else:
            title, sentence = line.split(" | ")
            texts.openings.append((title, sentence))
    return texts
