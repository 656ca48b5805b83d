"""What the database guards by itself of a gathering: its states, its sealed count, its acta."""

from django.db import migrations

# The transition table of gatherings/states.py; a test compares the two.
TRANSITIONS = """
    ('planned','open'), ('planned','cancelled'),
    ('open','voting'), ('open','cancelled'),
    ('voting','open'), ('voting','closed'),
    ('cancelled','planned')
"""
MAY_BECOME = f"""
CREATE FUNCTION gathering_may_become(state_before text, state_after text) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
    SELECT (state_before, state_after) IN (VALUES {TRANSITIONS})
$$;
"""

# A gathering moves only by the table; once counted (it has a digest) it is neither deleted nor changed. Its
# screens go on after the count: their counter and the page that is projected stay free.
GATHERING = """
CREATE FUNCTION gathering_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    of_screens CONSTANT text[] := ARRAY['revision', 'shown'];
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.digest <> '' THEN
            RAISE EXCEPTION 'gathering % is closed: deletion refused', OLD.number
                USING ERRCODE = 'restrict_violation', CONSTRAINT = 'gathering_sealed';
        END IF;
        RETURN OLD;
    END IF;
    IF OLD.digest <> '' AND to_jsonb(NEW) - of_screens IS DISTINCT FROM to_jsonb(OLD) - of_screens THEN
        RAISE EXCEPTION 'gathering % is closed: change refused', OLD.number
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'gathering_sealed';
    END IF;
    IF NEW.state <> OLD.state AND NOT gathering_may_become(OLD.state, NEW.state) THEN
        RAISE EXCEPTION 'gathering % may not go from % to %', OLD.number, OLD.state, NEW.state
            USING ERRCODE = 'check_violation', CONSTRAINT = 'gathering_moment_allowed';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER gathering_guard BEFORE UPDATE OR DELETE ON gatherings_gathering
    FOR EACH ROW EXECUTE FUNCTION gathering_guard();
"""

# Nor do the ballot, the attendance and the ballots cast of a counted gathering change.
PARTS = """
CREATE FUNCTION gathering_part_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM gatherings_gathering
        WHERE digest <> '' AND id IN (
            CASE WHEN TG_OP <> 'INSERT' THEN OLD.gathering_id END,
            CASE WHEN TG_OP <> 'DELETE' THEN NEW.gathering_id END
        )
    ) THEN
        RAISE EXCEPTION 'the gathering is closed: % of % refused', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'gathering_sealed';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ballot_guard BEFORE INSERT OR UPDATE OR DELETE ON gatherings_ballotitem
    FOR EACH ROW EXECUTE FUNCTION gathering_part_guard();
CREATE TRIGGER attendance_guard BEFORE INSERT OR UPDATE OR DELETE ON gatherings_attendance
    FOR EACH ROW EXECUTE FUNCTION gathering_part_guard();
CREATE TRIGGER cast_ballot_guard BEFORE INSERT OR UPDATE OR DELETE ON gatherings_castballot
    FOR EACH ROW EXECUTE FUNCTION gathering_part_guard();
"""

# What was pressed and decided in the room, and what was added to an acta, is only ever added to.
APPEND_ONLY = """
CREATE TRIGGER room_action_append_only BEFORE UPDATE OR DELETE ON gatherings_roomaction
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER room_action_no_truncate BEFORE TRUNCATE ON gatherings_roomaction
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER room_merge_append_only BEFORE UPDATE OR DELETE ON gatherings_roommerge
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER addendum_append_only BEFORE UPDATE OR DELETE ON gatherings_addendum
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""

# An acta goes from draft to published and never back; what was read aloud is not changed or deleted.
ACTA = """
CREATE FUNCTION acta_may_become(state_before text, state_after text) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
    SELECT (state_before, state_after) IN (
        VALUES ('draft','read'), ('read','signed'), ('signed','published')
    )
$$;

CREATE FUNCTION acta_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.state <> 'draft' THEN
            RAISE EXCEPTION 'the acta was read: deletion refused'
                USING ERRCODE = 'restrict_violation', CONSTRAINT = 'acta_sealed';
        END IF;
        RETURN OLD;
    END IF;
    IF OLD.state <> 'draft'
        AND (NEW.document, NEW.digest, NEW.read_at) IS DISTINCT FROM (OLD.document, OLD.digest, OLD.read_at)
    THEN
        RAISE EXCEPTION 'the acta was read: change refused'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'acta_sealed';
    END IF;
    IF NEW.state <> OLD.state AND NOT acta_may_become(OLD.state, NEW.state) THEN
        RAISE EXCEPTION 'an acta may not go from % to %', OLD.state, NEW.state
            USING ERRCODE = 'check_violation', CONSTRAINT = 'acta_state_allowed';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER acta_guard BEFORE UPDATE OR DELETE ON gatherings_acta
    FOR EACH ROW EXECUTE FUNCTION acta_guard();
"""

# Nor are the minutes it was read from.
MINUTES = """
CREATE FUNCTION minute_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM gatherings_acta
        WHERE state <> 'draft' AND gathering_id IN (
            CASE WHEN TG_OP <> 'INSERT' THEN OLD.gathering_id END,
            CASE WHEN TG_OP <> 'DELETE' THEN NEW.gathering_id END
        )
    ) THEN
        RAISE EXCEPTION 'the acta was read: % of a minute refused', TG_OP
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'acta_sealed';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER minute_guard BEFORE INSERT OR UPDATE OR DELETE ON gatherings_minute
    FOR EACH ROW EXECUTE FUNCTION minute_guard();
"""

# None of what a gathering counted, decided and wrote down is emptied away with its table.
TABLES = (
    "gathering", "ballotitem", "castballot", "attendance", "roommerge", "minute", "acta", "addendum",
)  # fmt: skip
NO_TRUNCATE = "".join(
    f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON gatherings_{table} "
    "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();\n"
    for table in TABLES
)
UNDO_NO_TRUNCATE = "".join(f"DROP TRIGGER {table}_no_truncate ON gatherings_{table};\n" for table in TABLES)


class Migration(migrations.Migration):
    dependencies = [("gatherings", "0001_initial"), ("issues", "0002_guards")]

    operations = [
        migrations.RunSQL(MAY_BECOME, "DROP FUNCTION gathering_may_become(text, text)"),
        migrations.RunSQL(
            GATHERING,
            """
            DROP TRIGGER gathering_guard ON gatherings_gathering;
            DROP FUNCTION gathering_guard();
            """,
        ),
        migrations.RunSQL(
            PARTS,
            """
            DROP TRIGGER cast_ballot_guard ON gatherings_castballot;
            DROP TRIGGER attendance_guard ON gatherings_attendance;
            DROP TRIGGER ballot_guard ON gatherings_ballotitem;
            DROP FUNCTION gathering_part_guard();
            """,
        ),
        migrations.RunSQL(
            APPEND_ONLY,
            """
            DROP TRIGGER addendum_append_only ON gatherings_addendum;
            DROP TRIGGER room_merge_append_only ON gatherings_roommerge;
            DROP TRIGGER room_action_no_truncate ON gatherings_roomaction;
            DROP TRIGGER room_action_append_only ON gatherings_roomaction;
            """,
        ),
        migrations.RunSQL(
            ACTA,
            """
            DROP TRIGGER acta_guard ON gatherings_acta;
            DROP FUNCTION acta_guard();
            DROP FUNCTION acta_may_become(text, text);
            """,
        ),
        migrations.RunSQL(
            MINUTES,
            """
            DROP TRIGGER minute_guard ON gatherings_minute;
            DROP FUNCTION minute_guard();
            """,
        ),
        migrations.RunSQL(NO_TRUNCATE, UNDO_NO_TRUNCATE),
    ]
