"""The states of a gathering: one table, free of Django's models.

The database keeps the same table (gatherings/migrations), and a test compares the two.
"""

from __future__ import annotations

TRANSITIONS: frozenset[tuple[str, str]] = frozenset(
    {
        ("planned", "open"),
        ("planned", "cancelled"),
        ("open", "voting"),
        ("open", "cancelled"),
        # A vote that went wrong is annulled in front of everyone and taken again.
        ("voting", "open"),
        ("voting", "closed"),
        ("cancelled", "planned"),
    }
)


def may_become(before: str, after: str) -> bool:
    """Whether a gathering may go from one state to another."""
    return (before, after) in TRANSITIONS
