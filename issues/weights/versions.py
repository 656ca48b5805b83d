"""A new version of the weights of the public index, and every index that follows from it."""

from __future__ import annotations

from django.db import connection, transaction

from issues.models import IndexWeights

LOCK = "LOCK TABLE issues_issue IN SHARE ROW EXCLUSIVE MODE"
# NULL stays NULL: an index needs all four levels.
REWEIGH = """
    UPDATE issues_issue
    SET index = severity * %(severity)s + reach * %(reach)s + duration * %(duration)s
            + vulnerability * %(vulnerability)s,
        updated_at = now()
    WHERE index IS DISTINCT FROM severity * %(severity)s + reach * %(reach)s + duration * %(duration)s
            + vulnerability * %(vulnerability)s
"""


@transaction.atomic
def put_in_force(weights: IndexWeights) -> int:
    """Store a new version of the weights and bring all indexes in line with it, in one UPDATE.

    Returns how many indexes changed. What a closed count or a published list wrote down stays as
    it was. Meanwhile no problem is registered or weighed.
    """
    with connection.cursor() as cursor:
        cursor.execute(LOCK)
        weights.save(force_insert=True)
        cursor.execute(
            REWEIGH,
            {
                "severity": weights.severity,
                "reach": weights.reach,
                "duration": weights.duration,
                "vulnerability": weights.vulnerability,
            },
        )
        return cursor.rowcount
