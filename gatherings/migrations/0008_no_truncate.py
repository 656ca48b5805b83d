"""What a gathering counted, decided and wrote down cannot be emptied as a whole table either."""

from django.db import migrations

TABLES = (
    "gathering", "ballotitem", "castballot", "attendance", "roommerge", "minute", "acta", "addendum",
)  # fmt: skip
GUARDS = "".join(
    f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON gatherings_{table} "
    "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();\n"
    for table in TABLES
)
UNDO = "".join(f"DROP TRIGGER {table}_no_truncate ON gatherings_{table};\n" for table in TABLES)


class Migration(migrations.Migration):
    dependencies = [("gatherings", "0007_acta_rules"), ("issues", "0002_history_rules")]
    operations = [migrations.RunSQL(GUARDS, UNDO)]
