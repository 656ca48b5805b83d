"""What the database guards besides the lines themselves: their last word, the seals, the weights."""

from django.db import migrations

# A line that moves a status is written after the issue itself, in the same transaction.
AGREE = """
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

KEPT = """
CREATE TRIGGER daily_head_no_truncate BEFORE TRUNCATE ON issues_dailyhead
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER index_weights_append_only BEFORE UPDATE OR DELETE ON issues_indexweights
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER index_weights_no_truncate BEFORE TRUNCATE ON issues_indexweights
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""

UNDO = """
DROP TRIGGER index_weights_no_truncate ON issues_indexweights;
DROP TRIGGER index_weights_append_only ON issues_indexweights;
DROP TRIGGER daily_head_no_truncate ON issues_dailyhead;
DROP TRIGGER history_agrees_with_issue ON issues_historyentry;
DROP FUNCTION history_agrees_with_issue();
"""


class Migration(migrations.Migration):
    dependencies = [("issues", "0006_desk_indexes")]
    operations = [migrations.RunSQL(AGREE + KEPT, UNDO)]
