"""What must change with the boundaries in force: modules named in settings, to the right of this app."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Protocol

from django.conf import settings

from territories.models import Activation, BoundarySet

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Moves:
    """How many things would change neighbourhood, and how many would be left without one."""

    moving: int = 0
    leaving: int = 0


class Dependent(Protocol):
    """What a module named in BOUNDARY_DEPENDENTS offers."""

    def count(self) -> int:
        """How many rows depend on the boundaries."""
        ...

    def count_moves(self, boundary_set: BoundarySet) -> Moves:
        """What would move if a set came into force."""
        ...

    def follow(self, activation: Activation, progress: Progress | None) -> int:
        """Bring everything in line with the set now in force; returns how many rows changed.

        Runs inside the transaction of the activation. `progress` is called with (done, total) meanwhile.
        """
        ...

    def catch_up(self) -> int:
        """Bring in line what was added by the earlier boundaries while `follow` was at work."""
        ...


def dependents() -> list[Dependent]:
    """The modules named in settings, in their order."""
    return [import_module(name) for name in settings.BOUNDARY_DEPENDENTS]


def count_dependents() -> int:
    """How many rows depend on the boundaries, over all dependents."""
    return sum(dependent.count() for dependent in dependents())


def count_moves(boundary_set: BoundarySet) -> Moves:
    """What would move, over all dependents."""
    counted = [dependent.count_moves(boundary_set) for dependent in dependents()]
    return Moves(sum(one.moving for one in counted), sum(one.leaving for one in counted))


def follow(activation: Activation, progress: Progress | None = None) -> int:
    """Update all dependents; returns how many rows changed."""
    return sum(dependent.follow(activation, progress) for dependent in dependents())


def catch_up() -> int:
    """Let all dependents bring in line what was added meanwhile; returns how many rows changed."""
    return sum(dependent.catch_up() for dependent in dependents())
