"""Who read or changed a person's data is only ever added to."""

from django.db import migrations

KEPT = """
CREATE TRIGGER person_act_append_only BEFORE UPDATE OR DELETE ON maps_personact
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER person_act_no_truncate BEFORE TRUNCATE ON maps_personact
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
UNDO = """
DROP TRIGGER person_act_no_truncate ON maps_personact;
DROP TRIGGER person_act_append_only ON maps_personact;
"""


class Migration(migrations.Migration):
    dependencies = [("maps", "0005_rights"), ("issues", "0002_guards")]
    operations = [migrations.RunSQL(KEPT, UNDO)]
