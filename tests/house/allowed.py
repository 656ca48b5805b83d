"""Lists of what is spared by a house rule: they may only get shorter, and say why."""

from collections import Counter
from pathlib import Path
from typing import NamedTuple


class Spared(NamedTuple):
    """How often a file offends, and why that is so; None is any number, for what is meant to be so."""

    count: int | None
    why: str


def read(path: Path) -> dict[str, Spared]:
    """Lines «count path  why» of a list, by path; * is any count, # begins a comment."""
    lines = [
        line.split(None, 2) for line in path.read_text().splitlines() if line and not line.startswith("#")
    ]
    return {name: Spared(None if count == "*" else int(count), why) for count, name, why in lines}


def differences(found: Counter[str], spared: dict[str, Spared]) -> list[str]:
    """What a person has to do, a sentence for each file whose count is not the listed one."""
    listed = Counter({name: found[name] if one.count is None else one.count for name, one in spared.items()})
    more = [
        f"{name}: {found[name]} instead of {listed[name]}" for name in found if found[name] > listed[name]
    ]
    fewer = [f"{name}: lower it to {found[name]}" for name in listed if found[name] < listed[name]]
    return sorted(more) + sorted(fewer)
