"""Supports cannot be taken away or invented, and nothing is told as done without evidence."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import Q

KEPT = """
CREATE TRIGGER support_append_only BEFORE UPDATE OR DELETE ON issues_support
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER support_no_truncate BEFORE TRUNCATE ON issues_support
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""

# At commit: the number is written beside its supports, in the same transaction.
COUNTED = """
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

UNDO = """
DROP TRIGGER support_count_stays_true ON issues_issue;
DROP TRIGGER support_count_starts_true ON issues_issue;
DROP TRIGGER support_is_counted ON issues_support;
DROP FUNCTION support_count_is_true();
DROP TRIGGER support_no_truncate ON issues_support;
DROP TRIGGER support_append_only ON issues_support;
"""


class Migration(migrations.Migration):
    dependencies = [("issues", "0008_indexes_of_lists")]
    operations = [
        migrations.RunSQL(KEPT + COUNTED, UNDO),
        # What older demo towns told stays as it was: the history is not rewritten.
        AddConstraintNotValid(
            "historyentry",
            models.CheckConstraint(
                name="history_done_has_evidence",
                condition=~Q(kind="status", to_value="reported_done") | ~Q(evidence=[]),
            ),
        ),
    ]
