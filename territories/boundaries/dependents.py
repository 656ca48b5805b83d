"""Who follows a change of the boundaries in force: modules named in settings, to the right of this app."""

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


class Follower(Protocol):
    """What a module named in BOUNDARY_FOLLOWERS offers."""

    def count(self) -> int:
        """How many things follow."""
        ...

    def count_moves(self, boundary_set: BoundarySet) -> Moves:
        """What would move if a set came into force."""
        ...

    def follow(self, activation: Activation, progress: Progress | None) -> int:
        """Bring everything in line with the set now in force; returns how many rows changed.

        Runs inside the transaction of the activation. `progress` is told (done, total) meanwhile.
        """
        ...

    def catch_up(self) -> int:
        """Bring in line what was added by the earlier boundaries while `follow` was at work."""
        ...


def followers() -> list[Follower]:
    """The modules named in settings, in their order."""
    return [import_module(name) for name in settings.BOUNDARY_FOLLOWERS]


def count_followers() -> int:
    """How many things follow, over all followers."""
    return sum(follower.count() for follower in followers())


def count_moves(boundary_set: BoundarySet) -> Moves:
    """What would move, over all followers."""
    counted = [follower.count_moves(boundary_set) for follower in followers()]
    return Moves(sum(one.moving for one in counted), sum(one.leaving for one in counted))


def follow(activation: Activation, progress: Progress | None = None) -> int:
    """Let all followers act; returns how many rows changed."""
    return sum(follower.follow(activation, progress) for follower in followers())


def catch_up() -> int:
    """Let all followers bring in line what was added meanwhile; returns how many rows changed."""
    return sum(follower.catch_up() for follower in followers())
