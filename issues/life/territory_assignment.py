"""Bring every issue in line with the boundaries now in force: one statement, what was before is kept.

A dependent of the boundaries (BOUNDARY_DEPENDENTS). `reported_territory` is never touched.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from core.typing import SqlValue
from issues.models import Issue
from territories.boundaries.dependents import Moves, Progress
from territories.locating import FOUND_BY_CELL, cell_sql
from territories.models import Activation, BoundarySet

# Most points lie in a rectangle of ground without any boundary and are looked up (territories.locating);
# only the others are asked. On a shared line the lowest code wins; a point in no neighbourhood gets NULL
# and needs a person. docs/boundaries.md compares it with a join with the boundaries.


def _found(which: str) -> str:
    return f"""
    SELECT id, before_id, location, {FOUND_BY_CELL} AS after_id
    FROM (
        SELECT id, territory_id AS before_id, location,
            {cell_sql("ST_X(location)", "ST_Y(location)")} AS cell
        FROM issues_issue WHERE {which} OFFSET 0
    ) looked
"""  # noqa: S608  # nosec B608 # our own constants


FOUND = _found("true")
# In no neighbourhood, or in one of other boundaries: what was registered or moved while all the others
# were re-assigned, by somebody who still saw the boundaries before.
LEFT_BEHIND = """territory_id IS NULL OR territory_id IN (
    SELECT id FROM territories_territory WHERE boundary_set_id <> %(set)s
)"""


def _reassign(found: str) -> str:
    """All in one statement: find, update, and write each move into the history of its issue.

    Who was moved on the map since the statement began is left for `catch_up`.
    """
    return f"""
    WITH found AS MATERIALIZED (
        SELECT * FROM ({found}) assigned
    ), changed AS (
        UPDATE issues_issue SET territory_id = found.after_id, updated_at = now() FROM found
        WHERE issues_issue.id = found.id AND issues_issue.territory_id IS DISTINCT FROM found.after_id
            AND issues_issue.location = found.location
        RETURNING issues_issue.id, found.before_id, found.after_id, nextval('issues_reassigned')
    ), recorded AS (
        INSERT INTO issues_historyentry (issue_id, kind, from_value, to_value, office, at, reason,
            public_text, evidence, previous_hash, hash)
        SELECT changed.id, 'territory', coalesce(before.code || ' ' || before.name, ''),
            coalesce(after.code || ' ' || after.name, ''), %(office)s, now(), %(reason)s, '', '[]', '', ''
        FROM changed
        LEFT JOIN territories_territory before ON before.id = changed.before_id
        LEFT JOIN territories_territory after ON after.id = changed.after_id
        WHERE before.code IS DISTINCT FROM after.code
        ORDER BY changed.id
    )
    SELECT count(*) FROM changed
"""  # noqa: S608  # nosec B608 # our own constants


REASSIGN, REASSIGN_LEFT_BEHIND = _reassign(FOUND), _reassign(_found(LEFT_BEHIND))
OFFICE = "Límites"
# A million rows at once, for this transaction alone: what the map and the search gather is written in large
# portions instead of every 4 MB.
MUCH_AT_ONCE = (
    "SELECT set_config('work_mem', '96MB', true), set_config('gin_pending_list_limit', '64MB', true)"
)


def count() -> int:
    """How many issues there are."""
    return Issue.objects.count()


def count_moves(boundary_set: BoundarySet) -> Moves:
    """Issues whose neighbourhood would have another code, and issues that would have none, by this set."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH found AS ({FOUND}) "  # noqa: S608  # nosec B608 # our own constants
            "SELECT count(*) FILTER (WHERE after_id IS NOT NULL AND before.code IS DISTINCT FROM after.code),"
            "count(*) FILTER (WHERE after_id IS NULL AND before_id IS NOT NULL) FROM found "
            "LEFT JOIN territories_territory before ON before.id = before_id "
            "LEFT JOIN territories_territory after ON after.id = after_id",
            {"set": boundary_set.pk},
        )
        return Moves(*cursor.fetchone())


def follow(activation: Activation, progress: Progress | None = None) -> int:
    """Re-assign all issues to the set in force in one UPDATE; returns how many rows changed.

    An issue that comes into a neighbourhood with another code gets a line of history, before → after.
    """
    with _watched(progress), connection.cursor() as cursor:
        cursor.execute(MUCH_AT_ONCE)
        cursor.execute(REASSIGN, {"set": _set_in_force(), "office": OFFICE, "reason": str(activation)})
        (changed,) = cursor.fetchone()
    return changed


def catch_up() -> int:
    """Re-assign what was registered or moved by the earlier boundaries meanwhile; how many rows changed."""
    current = BoundarySet.objects.in_force().first()
    if current is None:
        return 0
    with connection.cursor() as cursor:
        parameters: dict[str, SqlValue] = {"set": current.pk, "office": OFFICE, "reason": str(current)}
        cursor.execute(REASSIGN_LEFT_BEHIND, parameters)
        return cursor.fetchone()[0]


def _set_in_force() -> int | None:
    return BoundarySet.objects.in_force().values_list("pk", flat=True).first()


@contextmanager
def _watched(progress: Progress | None) -> Iterator[None]:
    """Call `progress` with how far the running statement is: it draws a number of a sequence for each row.

    A sequence is visible at once and everywhere; a second connection reads it.
    """
    if progress is None:
        yield
        return
    watcher = _Watcher(progress)
    watcher.start()
    try:
        yield
    finally:
        watcher.finish()


class _Watcher(threading.Thread):
    def __init__(self, progress: Progress) -> None:
        super().__init__(daemon=True)
        self.progress = progress
        self.done = threading.Event()
        self.total = Issue.objects.count()
        self.start_value = self._drawn()

    def run(self) -> None:
        """Look twice a second until the statement is through."""
        try:
            while not self.done.wait(0.5):
                self.progress(min(self._drawn() - self.start_value, self.total), self.total)
        finally:
            connection.close()

    def finish(self) -> None:
        """Stop polling and report the end."""
        self.done.set()
        self.join()
        self.progress(self.total, self.total)

    @staticmethod
    def _drawn() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT last_value - (NOT is_called)::int FROM issues_reassigned")
            return cursor.fetchone()[0]
