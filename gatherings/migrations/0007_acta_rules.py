"""The database's own guard over ballots cast, what was decided in the room, and the acta."""

from django.db import migrations

RULES = """
CREATE TRIGGER cast_ballot_guard BEFORE INSERT OR UPDATE OR DELETE ON gatherings_castballot
    FOR EACH ROW EXECUTE FUNCTION gathering_part_guard();
CREATE TRIGGER room_merge_append_only BEFORE UPDATE OR DELETE ON gatherings_roommerge
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER addendum_append_only BEFORE UPDATE OR DELETE ON gatherings_addendum
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

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

UNDO = """
DROP TRIGGER minute_guard ON gatherings_minute;
DROP FUNCTION minute_guard();
DROP TRIGGER acta_guard ON gatherings_acta;
DROP FUNCTION acta_guard();
DROP FUNCTION acta_may_become(text, text);
DROP TRIGGER addendum_append_only ON gatherings_addendum;
DROP TRIGGER room_merge_append_only ON gatherings_roommerge;
DROP TRIGGER cast_ballot_guard ON gatherings_castballot;
"""


class Migration(migrations.Migration):
    dependencies = [("gatherings", "0006_the_whole_evening")]
    operations = [migrations.RunSQL(RULES, UNDO)]
