"""What the database guards of an opening, of an annulled count, of a close and of a new organisation."""

from django.db import migrations

# More than a day from the plan a gathering opens with a reason; when and why it opened stays.
OPENING = """
CREATE FUNCTION gathering_opening_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'planned' AND NEW.state = 'open' THEN
        IF NEW.opened_reason = '' AND (
            NEW.opened_at > NEW.starts_at + interval '1 day' OR NEW.opened_at < NEW.starts_at - interval '1 day'
        ) THEN
            RAISE EXCEPTION 'gathering % opens far from its day without a reason', NEW.number
                USING ERRCODE = 'check_violation', CONSTRAINT = 'gathering_far_opening_has_reason';
        END IF;
    ELSIF OLD.state <> 'planned'
        AND (NEW.opened_at, NEW.opened_reason) IS DISTINCT FROM (OLD.opened_at, OLD.opened_reason)
    THEN
        RAISE EXCEPTION 'gathering % was opened already', NEW.number
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'gathering_opening_stays';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER gathering_opening_guard BEFORE UPDATE ON gatherings_gathering
    FOR EACH ROW EXECUTE FUNCTION gathering_opening_guard();
"""

# A vote goes back to the ballot only when its count was kept.
ANNULLED = """
CREATE FUNCTION gathering_annulled_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM gatherings_annulledcount WHERE gathering_id = OLD.id AND revision = OLD.revision
    ) THEN
        RAISE EXCEPTION 'the count of gathering % would disappear', OLD.number
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'annulled_count_kept';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER gathering_annulled_guard BEFORE UPDATE ON gatherings_gathering
    FOR EACH ROW WHEN (OLD.state = 'voting' AND NEW.state = 'open')
    EXECUTE FUNCTION gathering_annulled_guard();
CREATE TRIGGER annulled_count_append_only BEFORE UPDATE OR DELETE ON gatherings_annulledcount
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER annulled_count_no_truncate BEFORE TRUNCATE ON gatherings_annulledcount
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER annulled_count_guard BEFORE INSERT ON gatherings_annulledcount
    FOR EACH ROW EXECUTE FUNCTION gathering_part_guard();
"""

# A close settles every paper, says why ballots are missing, and has two different witnesses.
CLOSING = """
CREATE FUNCTION gathering_closing_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.ballots_counted < NEW.voters AND NEW.missing_reason = '' THEN
        RAISE EXCEPTION 'gathering % closes with ballots missing and no reason', NEW.number
            USING ERRCODE = 'check_violation', CONSTRAINT = 'gathering_missing_ballots_have_reason';
    END IF;
    IF lower(btrim(NEW.witnesses->>0)) = lower(btrim(NEW.witnesses->>1)) THEN
        RAISE EXCEPTION 'gathering % has the same witness twice', NEW.number
            USING ERRCODE = 'check_violation', CONSTRAINT = 'gathering_two_witnesses';
    END IF;
    IF EXISTS (SELECT 1 FROM gatherings_castballot WHERE gathering_id = NEW.id AND rival IS NOT NULL) THEN
        RAISE EXCEPTION 'gathering % has a paper typed in two ways', NEW.number
            USING ERRCODE = 'check_violation', CONSTRAINT = 'gathering_papers_settled';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER gathering_closing_guard BEFORE UPDATE ON gatherings_gathering
    FOR EACH ROW WHEN (OLD.state = 'voting' AND NEW.state = 'closed')
    EXECUTE FUNCTION gathering_closing_guard();
"""

# Nobody votes for an organisation that the register does not have.
REGISTERED = """
CREATE FUNCTION attendance_registered_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM gatherings_organisation WHERE id = NEW.organisation_id AND is_provisional) THEN
        RAISE EXCEPTION 'organisation % is not in the register: no voters', NEW.organisation_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'attendance_voters_registered';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER attendance_registered_guard BEFORE INSERT OR UPDATE ON gatherings_attendance
    FOR EACH ROW WHEN (NEW.voters > 0) EXECUTE FUNCTION attendance_registered_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("gatherings", "0004_counts_kept")]

    operations = [
        migrations.RunSQL(
            OPENING,
            """
            DROP TRIGGER gathering_opening_guard ON gatherings_gathering;
            DROP FUNCTION gathering_opening_guard();
            """,
        ),
        migrations.RunSQL(
            ANNULLED,
            """
            DROP TRIGGER annulled_count_guard ON gatherings_annulledcount;
            DROP TRIGGER annulled_count_no_truncate ON gatherings_annulledcount;
            DROP TRIGGER annulled_count_append_only ON gatherings_annulledcount;
            DROP TRIGGER gathering_annulled_guard ON gatherings_gathering;
            DROP FUNCTION gathering_annulled_guard();
            """,
        ),
        migrations.RunSQL(
            CLOSING,
            """
            DROP TRIGGER gathering_closing_guard ON gatherings_gathering;
            DROP FUNCTION gathering_closing_guard();
            """,
        ),
        migrations.RunSQL(
            REGISTERED,
            """
            DROP TRIGGER attendance_registered_guard ON gatherings_attendance;
            DROP FUNCTION attendance_registered_guard();
            """,
        ),
    ]
