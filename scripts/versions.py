"""Which databases this version cannot take over: those of 0.1, whose migrations were squashed.

Needs nothing but Python itself, so that `manage.py migrate` and `make restore` know the same.
"""

# Applied in every database of 0.1 and in none after it: app and name of a migration.
APPLIED_IN_0_1 = ("issues", "0002_history_rules")
REFUSAL = (
    "This database is of version 0.1, which this version cannot take over: keep it with version 0.1 and give "
    "this version an empty one, as docs/operations.md says"
)
