"""The table of duties for migrations: the database knows it too, and asks it of every act that is written.

Who owns the connection of the site can then do nothing in the name of a person whose duty it is not, whatever
code or SQL writes it. Acts of the installation itself (no actor: the clock, the demo) are not asked about.
"""

from __future__ import annotations

from core.duties import DUTIES

# SECURITY DEFINER: whose post it is, is looked up whatever the reader may see of accounts.
POST_OF = """
CREATE OR REPLACE FUNCTION post_of(person bigint) RETURNS text LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT CASE
        WHEN is_head AND role = 'facilitator' THEN 'facilitation_head'
        WHEN is_head AND role = 'manager' THEN 'department_head'
        ELSE role
    END FROM accounts_user WHERE id = person
$$;
"""
HOLDS = """
CREATE OR REPLACE FUNCTION holds_duty(person bigint, acts text[]) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM unnest(acts) act WHERE duty_given(post_of(person), act))
$$;
"""
HELD = """
CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wrong text[];
BEGIN
    SELECT acts INTO wrong
    FROM (SELECT DISTINCT {person} AS person, {acts}::text[] AS acts FROM fresh) written
    WHERE person IS NOT NULL AND acts IS NOT NULL AND NOT holds_duty(person, acts) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'not the duty of who did it: %', array_to_string(wrong, ', ')
            USING ERRCODE = 'check_violation', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER {name} AFTER {event} ON {table}
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION {name}();
"""


def table() -> str:
    """SQL of the whole table, as a function of post and act."""
    rows = [f"('{post}', '{act.value}')" for act, posts in DUTIES.items() for post in sorted(posts)]
    listed = ",\n        ".join(rows)
    return f"""
CREATE OR REPLACE FUNCTION duty_given(post text, act text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT (post, act) IN (VALUES
        {listed}
    )
$$;
"""


def held(table: str, *, person: str, acts: str, event: str = "INSERT") -> tuple[str, str]:
    """SQL, and SQL that takes it back: what is written there is the duty of that person.

    `person` and `acts` (an array) are expressions of the new row; NULL asks nothing.
    """
    name = f"{table}_{'duty' if event == 'INSERT' else 'duty_later'}"
    made = HELD.format(name=name, table=table, person=person, acts=acts, event=event)
    return made, f"DROP TRIGGER {name} ON {table}; DROP FUNCTION {name}();"
