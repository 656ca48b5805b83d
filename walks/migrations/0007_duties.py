"""What waits in the inbox is decided by whose duty it is."""

from django.db import migrations

from core.postgis.duties import held


class Migration(migrations.Migration):
    dependencies = [("walks", "0006_orphans"), ("accounts", "0005_posts")]
    operations = [
        migrations.RunSQL(*held("walks_decision", person="decided_by_id", acts="ARRAY['decide what waits in the inbox']"))
    ]
