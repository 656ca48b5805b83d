"""What the database guards of objections: who may, until when, who decides, and that nothing is unsaid."""

from django.db import migrations

# Only an organisation that came objects, to a closed count, before the acta is published. The lock on the acta
# lets nobody publish it in the same moment.
FILED = """
CREATE FUNCTION challenge_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'an objection is kept'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'challenge_kept';
    END IF;
    IF TG_OP = 'INSERT' THEN
        PERFORM 1 FROM gatherings_acta WHERE gathering_id = NEW.gathering_id FOR SHARE;
        IF NEW.outcome <> '' OR NOT EXISTS (
            SELECT 1 FROM gatherings_gathering
            WHERE id = NEW.gathering_id AND digest <> '' AND closed_at <= NEW.at
        ) OR EXISTS (
            SELECT 1 FROM gatherings_acta WHERE gathering_id = NEW.gathering_id AND state = 'published'
        ) THEN
            RAISE EXCEPTION 'organisations object to a closed count until its acta is published'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'challenge_in_time';
        END IF;
        IF NOT EXISTS (
            SELECT 1 FROM gatherings_attendance WHERE gathering_id = NEW.gathering_id
                AND organisation_id = NEW.organisation_id AND people > 0
        ) THEN
            RAISE EXCEPTION 'only an organisation that was present objects'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'challenge_of_somebody_present';
        END IF;
        RETURN NEW;
    END IF;
    IF to_jsonb(NEW) - '{text,salt,outcome}'::text[] IS DISTINCT FROM to_jsonb(OLD) - '{text,salt,outcome}'::text[]
        OR (NEW.text, NEW.salt) IS DISTINCT FROM (OLD.text, OLD.salt) AND NEW.text <> ''
        OR NEW.outcome <> OLD.outcome AND (OLD.outcome <> '' OR (
            SELECT count(*) FROM gatherings_challengeword WHERE challenge_id = NEW.id AND outcome = NEW.outcome
        ) < 2)
    THEN
        RAISE EXCEPTION 'an objection is kept, and two words decide it'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'challenge_kept';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER challenge_guard BEFORE INSERT OR UPDATE OR DELETE ON gatherings_challenge
    FOR EACH ROW EXECUTE FUNCTION challenge_guard();
CREATE TRIGGER challenge_no_truncate BEFORE TRUNCATE ON gatherings_challenge
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""

# Who counted on either side, conducted, or gave the code of the second count decides nothing about it.
WORDS = """
CREATE FUNCTION challenge_word_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    said gatherings_challenge;
BEGIN
    IF TG_OP = 'DELETE' OR TG_OP = 'UPDATE' AND (
        NEW.text <> '' OR to_jsonb(NEW) - '{text,salt}'::text[] IS DISTINCT FROM to_jsonb(OLD) - '{text,salt}'::text[]
    ) THEN
        RAISE EXCEPTION 'a word on an objection is kept'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'challenge_word_kept';
    END IF;
    IF TG_OP = 'UPDATE' THEN
        RETURN NEW;
    END IF;
    SELECT * INTO said FROM gatherings_challenge WHERE id = NEW.challenge_id FOR NO KEY UPDATE;
    IF said.outcome <> '' OR NEW.at < said.at OR NEW.at > said.at + interval '15 days' THEN
        RAISE EXCEPTION 'an objection is decided once, within 15 days'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'challenge_decided_in_time';
    END IF;
    IF EXISTS (SELECT 1 FROM gatherings_gathering WHERE id = said.gathering_id AND facilitator_id = NEW.user_id)
        OR EXISTS (
            SELECT 1 FROM gatherings_counter AS counter
            LEFT JOIN gatherings_countercode AS code ON code.id = counter.code_id
            WHERE counter.gathering_id = said.gathering_id AND NEW.user_id IN (counter.user_id, code.given_by_id)
        )
        OR EXISTS (
            SELECT 1 FROM gatherings_roomaction WHERE gathering_id = said.gathering_id AND actor_id = NEW.user_id
        )
    THEN
        RAISE EXCEPTION 'who counted or conducted does not decide an objection'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'challenge_decided_by_others';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER challenge_word_guard BEFORE INSERT OR UPDATE OR DELETE ON gatherings_challengeword
    FOR EACH ROW EXECUTE FUNCTION challenge_word_guard();
CREATE TRIGGER challenge_word_no_truncate BEFORE TRUNCATE ON gatherings_challengeword
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""

# An acta is not published over an objection that waits.
ACTA = """
CREATE FUNCTION acta_undisputed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM gatherings_challenge WHERE gathering_id = NEW.gathering_id AND outcome = ''
            AND at > NEW.published_at - interval '15 days'
    ) THEN
        RAISE EXCEPTION 'an objection to this count waits for its decision'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'acta_published_undisputed';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER acta_undisputed BEFORE UPDATE ON gatherings_acta
    FOR EACH ROW WHEN (NEW.state = 'published' AND OLD.state <> 'published')
    EXECUTE FUNCTION acta_undisputed();
"""


class Migration(migrations.Migration):
    dependencies = [("gatherings", "0011_challenges")]

    operations = [
        migrations.RunSQL(
            FILED,
            """
            DROP TRIGGER challenge_no_truncate ON gatherings_challenge;
            DROP TRIGGER challenge_guard ON gatherings_challenge;
            DROP FUNCTION challenge_guard();
            """,
        ),
        migrations.RunSQL(
            WORDS,
            """
            DROP TRIGGER challenge_word_no_truncate ON gatherings_challengeword;
            DROP TRIGGER challenge_word_guard ON gatherings_challengeword;
            DROP FUNCTION challenge_word_guard();
            """,
        ),
        migrations.RunSQL(
            ACTA,
            """
            DROP TRIGGER acta_undisputed ON gatherings_acta;
            DROP FUNCTION acta_undisputed();
            """,
        ),
    ]
