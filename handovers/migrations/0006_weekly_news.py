"""Followers hear once a week: when the last mail went is kept."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("handovers", "0005_followers_guarded")]
    operations = [
        migrations.AddField(
            "follow",
            "told_at",
            models.DateTimeField("último correo", null=True, blank=True, editable=False),
        )
    ]
