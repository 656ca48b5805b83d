"""A dependent that fails, for the test that an activation is all or nothing."""

from __future__ import annotations

from territories.boundaries.dependents import Moves


def count_moves(boundary_set) -> Moves:
    return Moves()


def count() -> int:
    return 0


def catch_up() -> int:
    return 0


def follow(activation, progress) -> int:
    raise RuntimeError("a dependent that fails")
