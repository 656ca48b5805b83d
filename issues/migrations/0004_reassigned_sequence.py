"""A sequence that one statement draws from, so that another connection sees how far it is."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("issues", "0003_search_and_due_date"), ("territories", "0002_dated_sets_and_parts")]
    operations = [migrations.RunSQL("CREATE SEQUENCE issues_reassigned", "DROP SEQUENCE issues_reassigned")]
