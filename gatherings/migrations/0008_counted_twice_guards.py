"""What the database guards of a count: typed twice alike, by two that are not the same, annulled by both."""

from django.db import migrations

# What hands typed closes only when both counts say the same, and a second side was there.
TWICE = """
CREATE FUNCTION gathering_counted_twice_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM gatherings_counter WHERE gathering_id = NEW.id AND side = 2 AND NOT is_replaced
    ) OR NEW.typings IS NULL OR EXISTS (
        SELECT 1 FROM gatherings_ballotitem WHERE gathering_id = NEW.id AND NEW.mode <> 'ballots'
            AND (tokens, people) IS DISTINCT FROM (tokens_again, people_again)
    ) OR NEW.mode = 'ballots' AND EXISTS (
        SELECT 1 FROM
            (SELECT number, choices FROM gatherings_castballot WHERE gathering_id = NEW.id) first
            FULL JOIN (SELECT number, choices FROM gatherings_paperagain WHERE gathering_id = NEW.id) second
                USING (number)
        WHERE first.choices IS DISTINCT FROM second.choices
    ) THEN
        RAISE EXCEPTION 'gathering % was not counted twice alike', NEW.number
            USING ERRCODE = 'check_violation', CONSTRAINT = 'gathering_counted_twice';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER gathering_counted_twice_guard BEFORE UPDATE ON gatherings_gathering
    FOR EACH ROW WHEN (OLD.state = 'voting' AND NEW.state = 'closed' AND NEW.mode <> 'phones')
    EXECUTE FUNCTION gathering_counted_twice_guard();
"""

# A vote goes back to the ballot only when one side asked before and the other is there to agree.
BOTH = """
CREATE FUNCTION gathering_annulled_by_both() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.annul_side IS NULL OR NOT EXISTS (
        SELECT 1 FROM gatherings_counter WHERE gathering_id = OLD.id AND side = 2 AND NOT is_replaced
    ) THEN
        RAISE EXCEPTION 'the vote of gathering % is annulled by both counts or not at all', OLD.number
            USING ERRCODE = 'check_violation', CONSTRAINT = 'gathering_annulled_by_both';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER gathering_annulled_by_both BEFORE UPDATE ON gatherings_gathering
    FOR EACH ROW WHEN (OLD.state = 'voting' AND NEW.state = 'open')
    EXECUTE FUNCTION gathering_annulled_by_both();
"""

# Who gave the code never counts first, so that nobody hands the second count to himself; sides stay.
SIDES = """
CREATE FUNCTION counter_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'is_replaced' IS DISTINCT FROM to_jsonb(OLD) - 'is_replaced' THEN
        RAISE EXCEPTION 'who counts on which side stays'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'counter_stays';
    END IF;
    IF EXISTS (
        SELECT 1 FROM gatherings_counter first
        JOIN gatherings_counter second ON second.gathering_id = first.gathering_id
        JOIN gatherings_countercode code ON code.id = second.code_id
        WHERE first.gathering_id = NEW.gathering_id AND first.user_id = code.given_by_id
            AND NOT second.is_replaced
    ) THEN
        RAISE EXCEPTION 'who gave the code of the second count does not count first'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'code_of_another';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER counter_of_another AFTER INSERT OR UPDATE ON gatherings_counter
    FOR EACH ROW EXECUTE FUNCTION counter_guard();
CREATE TRIGGER counter_sealed BEFORE INSERT OR UPDATE OR DELETE ON gatherings_counter
    FOR EACH ROW EXECUTE FUNCTION gathering_part_guard();
CREATE TRIGGER counter_no_truncate BEFORE TRUNCATE ON gatherings_counter
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER paper_again_sealed BEFORE INSERT OR UPDATE OR DELETE ON gatherings_paperagain
    FOR EACH ROW EXECUTE FUNCTION gathering_part_guard();
CREATE TRIGGER paper_again_no_truncate BEFORE TRUNCATE ON gatherings_paperagain
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("gatherings", "0007_counted_twice")]

    operations = [
        migrations.RunSQL(
            TWICE,
            """
            DROP TRIGGER gathering_counted_twice_guard ON gatherings_gathering;
            DROP FUNCTION gathering_counted_twice_guard();
            """,
        ),
        migrations.RunSQL(
            BOTH,
            """
            DROP TRIGGER gathering_annulled_by_both ON gatherings_gathering;
            DROP FUNCTION gathering_annulled_by_both();
            """,
        ),
        migrations.RunSQL(
            SIDES,
            """
            DROP TRIGGER paper_again_no_truncate ON gatherings_paperagain;
            DROP TRIGGER paper_again_sealed ON gatherings_paperagain;
            DROP TRIGGER counter_no_truncate ON gatherings_counter;
            DROP TRIGGER counter_sealed ON gatherings_counter;
            DROP TRIGGER counter_of_another ON gatherings_counter;
            DROP FUNCTION counter_guard();
            """,
        ),
    ]
