"""A follower that fails, for the test that an activation is all or nothing."""

from __future__ import annotations

from territories.followers import Moves


def count_moves(boundary_set) -> Moves:
    return Moves()


def follow(activation, progress) -> int:
    raise RuntimeError("a follower that fails")
