"""Who reported a problem can be blocked, corrected and erased, by the administration alone."""

from django.db import migrations, models

from core.postgis.row_security import ADMINISTRATOR, SERVED

GUARD = f"""
CREATE POLICY served_update ON issues_reporter FOR UPDATE USING ({SERVED} AND ({ADMINISTRATOR}));
CREATE POLICY served_delete ON issues_reporter FOR DELETE USING ({SERVED} AND ({ADMINISTRATOR}));
"""
UNGUARD = "DROP POLICY IF EXISTS served_update ON issues_reporter; DROP POLICY IF EXISTS served_delete ON issues_reporter;"


class Migration(migrations.Migration):
    dependencies = [("issues", "0011_sealed_contacts")]

    operations = [
        migrations.AddField(
            "reporter", "is_blocked", models.BooleanField(default=False, verbose_name="bloqueado")
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
