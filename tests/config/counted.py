"""What a request wrote, by the database's own statistics: rows of each table, whoever wrote them."""

from __future__ import annotations

from collections import Counter

from django.db import connection

# What coming in, trying and remembering an answer write, whoever it is and whatever is asked.
HOUSEKEEPING = {
    "django_session",
    "usersessions_usersession",
    "accounts_attempt",
    "accounts_shared_cache",
    "core_doneact",
}
TOLD = """
SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables
WHERE n_tup_ins + n_tup_upd + n_tup_del > 0
"""


def rows() -> Counter[str]:
    """Rows inserted, changed and deleted since the transaction began, undone ones too."""
    with connection.cursor() as cursor:
        cursor.execute(TOLD)
        return Counter({name: count for name, count in cursor.fetchall() if name not in HOUSEKEEPING})


class Written:
    """Counts what a block writes."""

    def __enter__(self) -> Written:
        self._before = rows()
        return self

    def __exit__(self, *_failed: object) -> None:
        self.tables = dict(rows() - self._before)
