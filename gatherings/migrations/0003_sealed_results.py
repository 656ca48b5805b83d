"""The database's own guard over a count: its moments, its sealed result, the record of the room."""

from django.db import migrations

TRANSITIONS = """
    ('planned','open'), ('planned','cancelled'),
    ('open','voting'), ('open','cancelled'),
    ('voting','open'), ('voting','closed'),
    ('cancelled','planned')
"""

MOMENTS = f"""
CREATE FUNCTION gathering_may_become(state_before text, state_after text) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
    SELECT (state_before, state_after) IN (VALUES {TRANSITIONS})
$$;
"""

GUARD = """
CREATE FUNCTION gathering_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.digest <> '' THEN
            RAISE EXCEPTION 'gathering % is closed: deletion refused', OLD.number
                USING ERRCODE = 'restrict_violation', CONSTRAINT = 'gathering_sealed';
        END IF;
        RETURN OLD;
    END IF;
    -- The counter of screens goes on after the count; nothing else does.
    IF OLD.digest <> '' AND to_jsonb(NEW) - 'revision' IS DISTINCT FROM to_jsonb(OLD) - 'revision' THEN
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

CREATE TRIGGER room_action_append_only BEFORE UPDATE OR DELETE ON gatherings_roomaction
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER room_action_no_truncate BEFORE TRUNCATE ON gatherings_roomaction
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""

UNDO = """
DROP TRIGGER room_action_no_truncate ON gatherings_roomaction;
DROP TRIGGER room_action_append_only ON gatherings_roomaction;
DROP TRIGGER attendance_guard ON gatherings_attendance;
DROP TRIGGER ballot_guard ON gatherings_ballotitem;
DROP TRIGGER gathering_guard ON gatherings_gathering;
DROP FUNCTION gathering_part_guard();
DROP FUNCTION gathering_guard();
DROP FUNCTION gathering_may_become(text, text);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("gatherings", "0002_the_room"),
        ("issues", "0002_history_rules"),
    ]
    operations = [migrations.RunSQL(MOMENTS + GUARD, UNDO)]
