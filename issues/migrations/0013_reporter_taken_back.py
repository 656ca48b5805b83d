"""Who takes a report back within minutes takes along what was told about oneself."""

from django.db import migrations

POLICY = """
CREATE POLICY served_taken_back ON issues_reporter FOR DELETE
    USING (current_user = 'mapa_web' AND issue_id::text = held_key());
"""


class Migration(migrations.Migration):
    dependencies = [("issues", "0012_rights")]
    operations = [migrations.RunSQL(POLICY, "DROP POLICY IF EXISTS served_taken_back ON issues_reporter")]
