"""Registering for who comes to the counter or calls is a duty."""

from django.db import migrations

from core.postgis import duties


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_posts")]
    operations = [migrations.RunSQL(duties.table(), migrations.RunSQL.noop)]
