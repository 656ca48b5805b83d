"""Row-level security for migrations: which rows of a table pages may touch, and for whom.

Pages are served by mapa_web; workers, the owner and their functions pass. What a command is not named for,
no page does. docs/decisions/row-security.md.
"""

from __future__ import annotations

SERVED = "current_user = 'mapa_web'"
# Signed in and not closed since, with a role of these.
STAFF = "EXISTS (SELECT FROM accounts_user asks WHERE asks.id = asking_person() AND asks.is_active AND {0})"
ADMINISTRATOR = STAFF.format("asks.role = 'administrator'")


def guard(table: str, **may: str) -> str:
    """SQL that lets pages `select`, `insert`, `update` or `delete` the rows of a condition, and no others."""
    made = [f"CREATE POLICY unserved ON {table} USING (NOT {SERVED}) WITH CHECK (NOT {SERVED});"]
    for command, condition in may.items():
        clause = "WITH CHECK" if command == "insert" else "USING"
        made.append(
            f"CREATE POLICY served_{command} ON {table} FOR {command} {clause} ({SERVED} AND ({condition}));"
        )
    made += [f"ALTER TABLE {table} {word} ROW LEVEL SECURITY;" for word in ("ENABLE", "FORCE")]
    return "\n".join(made)


def unguard(table: str, *commands: str) -> str:
    """SQL that takes it back."""
    made = [f"ALTER TABLE {table} {word} ROW LEVEL SECURITY;" for word in ("NO FORCE", "DISABLE")]
    made += [f"DROP POLICY served_{command} ON {table};" for command in commands]
    return "\n".join([*made, f"DROP POLICY unserved ON {table};"])
