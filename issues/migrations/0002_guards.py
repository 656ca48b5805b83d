"""What the database guards by itself in the life of an issue, whatever program or person writes to it."""

from django.db import migrations

# For triggers of this and the later apps: the row or table stays as it is.
REFUSE_CHANGE = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
"""

# The transition table of issues/workflow.py; a test compares the two.
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
TRANSITION_ALLOWED = f"""
CREATE FUNCTION issue_transition_allowed(from_status text, to_status text) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
    SELECT (from_status, to_status) IN (VALUES {TRANSITIONS})
$$;
"""

# What a line is sealed with. Fields are joined by the unit separator (0x1f). The person and the internal
# reason enter only as a digest, so that anyone can recompute the chain from public fields.
LINE_HASH = """
CREATE FUNCTION history_sealed_part(line issues_historyentry) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT encode(sha256(convert_to(coalesce(line.actor_id::text, '') || E'\\x1f' || line.reason, 'UTF8')), 'hex')
$$;
CREATE FUNCTION history_line_hash(line issues_historyentry) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT encode(sha256(convert_to(concat_ws(E'\\x1f',
        line.previous_hash, coalesce(line.issue_id::text, ''), line.kind, line.from_value, line.to_value,
        line.office, to_char(line.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        line.public_text, line.evidence::text, history_sealed_part(line)
    ), 'UTF8')), 'hex')
$$;
"""

# Each line of history follows the one before it by hash, and each status the one before it by the table.
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
"""

# No line of history is changed, removed or emptied away with its table.
HISTORY_KEPT = """
CREATE TRIGGER history_append_only BEFORE UPDATE OR DELETE ON issues_historyentry
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER history_no_truncate BEFORE TRUNCATE ON issues_historyentry
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""

# Nor is a daily seal,
SEALS_KEPT = """
CREATE TRIGGER daily_head_append_only BEFORE UPDATE OR DELETE ON issues_dailyhead
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER daily_head_no_truncate BEFORE TRUNCATE ON issues_dailyhead
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""

# nor a version of the weights of the index.
WEIGHTS_KEPT = """
CREATE TRIGGER index_weights_append_only BEFORE UPDATE OR DELETE ON issues_indexweights
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER index_weights_no_truncate BEFORE TRUNCATE ON issues_indexweights
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""

# At commit: the status of an issue is the last one of its history.
STATUS_IN_HISTORY = """
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

# The same from the other side, at once: a line that moves a status is written after the issue itself, in the
# same transaction.
HISTORY_AGREES = """
CREATE FUNCTION history_agrees_with_issue() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wrong record;
BEGIN
    SELECT issue.id, issue.status, told.to_value INTO wrong FROM (
        SELECT DISTINCT ON (issue_id) issue_id, to_value FROM added
        WHERE kind = 'status' ORDER BY issue_id, id DESC
    ) told JOIN issues_issue issue ON issue.id = told.issue_id
    WHERE issue.status <> told.to_value LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'the history of issue % says % but it is %', wrong.id, wrong.to_value, wrong.status
            USING ERRCODE = 'check_violation', CONSTRAINT = 'history_agrees_with_issue';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER history_agrees_with_issue AFTER INSERT ON issues_historyentry
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION history_agrees_with_issue();
"""

# Supports are not taken away, moved or emptied.
SUPPORTS_KEPT = """
CREATE TRIGGER support_append_only BEFORE UPDATE OR DELETE ON issues_support
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER support_no_truncate BEFORE TRUNCATE ON issues_support
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""

# At commit: the number of supports of an issue is that of its supports. It is written beside them, in the
# same transaction.
SUPPORTS_COUNTED = """
CREATE FUNCTION support_count_is_true() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    issue uuid := CASE TG_TABLE_NAME WHEN 'issues_support' THEN (to_jsonb(NEW) ->> 'issue_id')::uuid
        ELSE (to_jsonb(NEW) ->> 'id')::uuid END;
    told integer;
    counted integer;
BEGIN
    SELECT support_count INTO told FROM issues_issue WHERE id = issue;
    SELECT count(*) INTO counted FROM issues_support WHERE issue_id = issue;
    IF told <> counted THEN
        RAISE EXCEPTION 'issue % tells of % supports and has %', issue, told, counted
            USING ERRCODE = 'check_violation', CONSTRAINT = 'support_count_is_true';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER support_is_counted AFTER INSERT ON issues_support
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION support_count_is_true();
CREATE CONSTRAINT TRIGGER support_count_starts_true AFTER INSERT ON issues_issue
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.support_count <> 0)
    EXECUTE FUNCTION support_count_is_true();
CREATE CONSTRAINT TRIGGER support_count_stays_true AFTER UPDATE OF support_count ON issues_issue
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.support_count <> OLD.support_count)
    EXECUTE FUNCTION support_count_is_true();
"""

# How far a statement that re-assigns every issue is: another connection reads it while that one runs.
REASSIGNED = "CREATE SEQUENCE issues_reassigned"

# Nobody looks for the beginning of a reference: Django makes this second index with every unique text.
UNUSED_INDEX = "issues_issue_reference_5757a142_like"


class Migration(migrations.Migration):
    dependencies = [("issues", "0001_initial")]

    operations = [
        migrations.RunSQL(REFUSE_CHANGE, "DROP FUNCTION refuse_change()"),
        migrations.RunSQL(TRANSITION_ALLOWED, "DROP FUNCTION issue_transition_allowed(text, text)"),
        migrations.RunSQL(
            LINE_HASH,
            """
            DROP FUNCTION history_line_hash(issues_historyentry);
            DROP FUNCTION history_sealed_part(issues_historyentry);
            """,
        ),
        migrations.RunSQL(
            CHAIN,
            """
            DROP TRIGGER history_chain ON issues_historyentry;
            DROP FUNCTION history_chain();
            """,
        ),
        migrations.RunSQL(
            HISTORY_KEPT,
            """
            DROP TRIGGER history_no_truncate ON issues_historyentry;
            DROP TRIGGER history_append_only ON issues_historyentry;
            """,
        ),
        migrations.RunSQL(
            SEALS_KEPT,
            """
            DROP TRIGGER daily_head_no_truncate ON issues_dailyhead;
            DROP TRIGGER daily_head_append_only ON issues_dailyhead;
            """,
        ),
        migrations.RunSQL(
            WEIGHTS_KEPT,
            """
            DROP TRIGGER index_weights_no_truncate ON issues_indexweights;
            DROP TRIGGER index_weights_append_only ON issues_indexweights;
            """,
        ),
        migrations.RunSQL(
            STATUS_IN_HISTORY,
            """
            DROP TRIGGER issue_status_in_history ON issues_issue;
            DROP FUNCTION issue_status_in_history();
            """,
        ),
        migrations.RunSQL(
            HISTORY_AGREES,
            """
            DROP TRIGGER history_agrees_with_issue ON issues_historyentry;
            DROP FUNCTION history_agrees_with_issue();
            """,
        ),
        migrations.RunSQL(
            SUPPORTS_KEPT,
            """
            DROP TRIGGER support_no_truncate ON issues_support;
            DROP TRIGGER support_append_only ON issues_support;
            """,
        ),
        migrations.RunSQL(
            SUPPORTS_COUNTED,
            """
            DROP TRIGGER support_count_stays_true ON issues_issue;
            DROP TRIGGER support_count_starts_true ON issues_issue;
            DROP TRIGGER support_is_counted ON issues_support;
            DROP FUNCTION support_count_is_true();
            """,
        ),
        migrations.RunSQL(REASSIGNED, "DROP SEQUENCE issues_reassigned"),
        migrations.RunSQL(
            f"DROP INDEX {UNUSED_INDEX}",
            f"CREATE INDEX {UNUSED_INDEX} ON issues_issue (reference varchar_pattern_ops)",
        ),
    ]
