"""The database's own guard over the life of an issue: an append-only, chained history."""

from django.db import migrations

TRANSITIONS = """
    ('registered','validated'), ('registered','closed'),
    ('validated','handed_over'), ('validated','closed'),
    ('handed_over','handed_over'), ('handed_over','acknowledged'), ('handed_over','closed'),
    ('acknowledged','scheduled'), ('acknowledged','on_hold'), ('acknowledged','closed'),
    ('scheduled','in_progress'), ('scheduled','on_hold'), ('scheduled','closed'),
    ('in_progress','reported_done'), ('in_progress','on_hold'), ('in_progress','closed'),
    ('on_hold','acknowledged'), ('on_hold','scheduled'), ('on_hold','in_progress'), ('on_hold','closed'),
    ('reported_done','verified'), ('reported_done','in_progress'), ('reported_done','done_unverified'),
    ('verified','in_progress'),
    ('closed','validated')
"""

REFUSE = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
"""

ALLOWED = f"""
CREATE FUNCTION issue_transition_allowed(from_status text, to_status text) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
    SELECT (from_status, to_status) IN (VALUES {TRANSITIONS})
$$;
"""

LINE_HASH = """
-- What a line is sealed with. Fields are joined by the unit separator (0x1f). The person and the internal
-- reason enter only as a digest, so that anyone can recompute the chain from public fields.
CREATE FUNCTION history_line_hash(line issues_historyentry) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT encode(sha256(convert_to(concat_ws(E'\\x1f',
        line.previous_hash, coalesce(line.issue_id::text, ''), line.kind, line.from_value, line.to_value,
        line.office, to_char(line.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        line.public_text, line.evidence::text, history_sealed_part(line)
    ), 'UTF8')), 'hex')
$$;
"""

SEALED = """
CREATE FUNCTION history_sealed_part(line issues_historyentry) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT encode(sha256(convert_to(coalesce(line.actor_id::text, '') || E'\\x1f' || line.reason, 'UTF8')), 'hex')
$$;
"""

CHAIN = """
CREATE FUNCTION history_chain() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before_hash text;
    last_status text;
BEGIN
    IF NEW.issue_id IS NULL THEN
        PERFORM pg_advisory_xact_lock(hashtext('issues_historyentry'));
        SELECT hash INTO before_hash FROM issues_historyentry
            WHERE issue_id IS NULL ORDER BY id DESC LIMIT 1;
    ELSE
        -- Two lines of one issue are written one after the other, never from the same line before.
        PERFORM 1 FROM issues_issue WHERE id = NEW.issue_id FOR NO KEY UPDATE;
        SELECT hash INTO before_hash FROM issues_historyentry
            WHERE issue_id = NEW.issue_id ORDER BY id DESC LIMIT 1;
    END IF;
    IF NEW.kind = 'status' THEN
        SELECT to_value INTO last_status FROM issues_historyentry
            WHERE issue_id = NEW.issue_id AND kind = 'status' ORDER BY id DESC LIMIT 1;
        IF last_status IS NULL THEN
            IF NEW.from_value <> '' OR NEW.to_value <> 'registered' THEN
                RAISE EXCEPTION 'an issue starts as registered, not %', NEW.to_value
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'issue_starts_registered';
            END IF;
        ELSIF NEW.from_value <> last_status OR NOT issue_transition_allowed(last_status, NEW.to_value) THEN
            RAISE EXCEPTION 'status % may not follow %', NEW.to_value, last_status
                USING ERRCODE = 'check_violation', CONSTRAINT = 'issue_transition_allowed';
        END IF;
    END IF;
    NEW.previous_hash := coalesce(before_hash, '');
    NEW.hash := history_line_hash(NEW);
    RETURN NEW;
END $$;
CREATE TRIGGER history_chain BEFORE INSERT ON issues_historyentry
    FOR EACH ROW EXECUTE FUNCTION history_chain();
CREATE TRIGGER history_append_only BEFORE UPDATE OR DELETE ON issues_historyentry
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER history_no_truncate BEFORE TRUNCATE ON issues_historyentry
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER daily_head_append_only BEFORE UPDATE OR DELETE ON issues_dailyhead
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""

AGREE = """
CREATE FUNCTION issue_status_in_history() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    status_now text;
    status_told text;
BEGIN
    SELECT status INTO status_now FROM issues_issue WHERE id = NEW.id;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    SELECT to_value INTO status_told FROM issues_historyentry
        WHERE issue_id = NEW.id AND kind = 'status' ORDER BY id DESC LIMIT 1;
    IF status_told IS DISTINCT FROM status_now THEN
        RAISE EXCEPTION 'issue % says % but its history says %', NEW.id, status_now, status_told
            USING ERRCODE = 'check_violation', CONSTRAINT = 'issue_status_in_history';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER issue_status_in_history
    AFTER INSERT OR UPDATE OF status ON issues_issue
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION issue_status_in_history();
"""

UNDO = """
DROP TRIGGER issue_status_in_history ON issues_issue;
DROP TRIGGER daily_head_append_only ON issues_dailyhead;
DROP TRIGGER history_no_truncate ON issues_historyentry;
DROP TRIGGER history_append_only ON issues_historyentry;
DROP TRIGGER history_chain ON issues_historyentry;
DROP FUNCTION issue_status_in_history();
DROP FUNCTION history_chain();
DROP FUNCTION history_line_hash(issues_historyentry);
DROP FUNCTION history_sealed_part(issues_historyentry);
DROP FUNCTION issue_transition_allowed(text, text);
DROP FUNCTION refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("issues", "0001_initial")]
    operations = [migrations.RunSQL(REFUSE + ALLOWED + SEALED + LINE_HASH + CHAIN + AGREE, UNDO)]
