"""What the database guards by itself of what tablets sent."""

from django.db import migrations

TABLES = ["syncrecord", "conflictingbody", "syncphoto", "held", "decision", "tracksegment"]

# What tablets sent, and what was decided about it, is never changed, removed or emptied away.
KEPT = "\n".join(
    f"""
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON walks_{table}
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON walks_{table}
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
    for table in TABLES
)
UNDO_KEPT = "\n".join(
    f"DROP TRIGGER {table}_no_truncate ON walks_{table}; DROP TRIGGER {table}_append_only ON walks_{table};"
    for table in TABLES
)


class Migration(migrations.Migration):
    dependencies = [("walks", "0001_initial"), ("issues", "0002_guards")]
    operations = [migrations.RunSQL(KEPT, UNDO_KEPT)]
