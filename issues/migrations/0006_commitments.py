"""What is not public in a line of history enters its hash as a commitment, whose salt can be erased."""

from django.db import migrations, models

# core/commitments.py in SQL; a test compares the two.
COMMITMENT = """
CREATE FUNCTION commitment(salt text, hidden text) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT encode(sha256(convert_to(salt || hidden, 'UTF8')), 'hex')
$$;
"""

# Two random UUIDs have 244 random bits; of their digest a salt takes 128.
NEW_SALT = """
CREATE FUNCTION new_salt() RETURNS text LANGUAGE sql VOLATILE AS $$
    SELECT left(encode(sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())), 'hex'), 32)
$$;
"""

HIDDEN_PART = """
CREATE FUNCTION history_hidden_part(line issues_historyentry) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT coalesce(line.actor_id::text, '') || E'\\x1f' || line.reason
$$;
"""
SEALED_PART = """
CREATE FUNCTION history_sealed_part(line issues_historyentry) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT encode(sha256(convert_to(coalesce(line.actor_id::text, '') || E'\\x1f' || line.reason, 'UTF8')), 'hex')
$$;
"""


def line_hash(sealed: str) -> str:
    """What a line is sealed with: its public fields, and `sealed` for those that are not."""
    return f"""
    CREATE OR REPLACE FUNCTION history_line_hash(line issues_historyentry) RETURNS text LANGUAGE sql STABLE AS $$
        SELECT encode(sha256(convert_to(concat_ws(E'\\x1f',
            line.previous_hash, coalesce(line.issue_id::text, ''), line.kind, line.from_value, line.to_value,
            line.office, to_char(line.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
            line.public_text, line.evidence::text, {sealed}, line.gathering_number::text
        ), 'UTF8')), 'hex')
    $$;
    """


# Whoever writes the line chooses neither. By its name it comes before history_chain, which makes the hash:
# triggers of one moment go in the order of their names.
COMMITTED = """
CREATE FUNCTION history_before_chain() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.salt := new_salt();
    NEW.sealed := commitment(NEW.salt, history_hidden_part(NEW));
    RETURN NEW;
END $$;
CREATE TRIGGER history_before_chain BEFORE INSERT ON issues_historyentry
    FOR EACH ROW EXECUTE FUNCTION history_before_chain();
"""

# A line without a salt was erased, and another line says so.
OPENS = """
CREATE FUNCTION history_erasure_is_told(erased bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT 1 FROM issues_historyentry
        WHERE issue_id IS NULL AND id > erased AND kind = 'config' AND from_value = 'erased'
            AND to_value = 'issues.HistoryEntry ' || erased
    )
$$;
CREATE FUNCTION history_opens(line issues_historyentry) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN line.salt = '' THEN line.reason = '' AND history_erasure_is_told(line.id)
        ELSE line.sealed = commitment(line.salt, history_hidden_part(line)) END
$$;
"""

# The only change of a line: salt and reason are emptied, both, once, after a line that says who does it.
ERASABLE = """
CREATE FUNCTION history_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    erased CONSTANT text[] := ARRAY['salt', 'reason'];
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.salt <> '' AND NEW.salt = '' AND NEW.reason = ''
        AND to_jsonb(NEW) - erased = to_jsonb(OLD) - erased AND history_erasure_is_told(OLD.id)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE OR REPLACE TRIGGER history_append_only BEFORE UPDATE OR DELETE ON issues_historyentry
    FOR EACH ROW EXECUTE FUNCTION history_kept();
"""
NOT_ERASABLE = """
CREATE OR REPLACE TRIGGER history_append_only BEFORE UPDATE OR DELETE ON issues_historyentry
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
DROP FUNCTION history_kept();
"""


class Migration(migrations.Migration):
    dependencies = [("issues", "0005_verdicts")]

    operations = [
        migrations.AddField(
            "historyentry", "salt", models.CharField(db_default="", editable=False, max_length=32)
        ),
        migrations.AddField(
            "historyentry", "sealed", models.CharField(db_default="", editable=False, max_length=64)
        ),
        migrations.RunSQL(COMMITMENT, "DROP FUNCTION commitment(text, text)"),
        migrations.RunSQL(NEW_SALT, "DROP FUNCTION new_salt()"),
        migrations.RunSQL(HIDDEN_PART, "DROP FUNCTION history_hidden_part(issues_historyentry)"),
        migrations.RunSQL(line_hash("line.sealed"), line_hash("history_sealed_part(line)")),
        migrations.RunSQL("DROP FUNCTION history_sealed_part(issues_historyentry)", SEALED_PART),
        migrations.RunSQL(
            COMMITTED,
            """
            DROP TRIGGER history_before_chain ON issues_historyentry;
            DROP FUNCTION history_before_chain();
            """,
        ),
        migrations.RunSQL(
            OPENS,
            """
            DROP FUNCTION history_opens(issues_historyentry);
            DROP FUNCTION history_erasure_is_told(bigint);
            """,
        ),
        migrations.RunSQL(ERASABLE, NOT_ERASABLE),
    ]
