"""No page shows the way that a person walked: what a tablet sends goes in, and none of it comes out."""

from django.db import migrations

from core.postgis.row_security import guard, unguard


class Migration(migrations.Migration):
    dependencies = [("walks", "0003_tablets"), ("core", "0002_roles")]
    operations = [
        migrations.RunSQL(guard("walks_tracksegment", insert="true"), unguard("walks_tracksegment", "insert"))
    ]
