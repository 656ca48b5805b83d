"""The conditions of two indexes in words that come back as they were when a bulk load rebuilds them."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("issues", "0011_fewer_indexes"),
        ("territories", "0005_boundary_change"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="issue",
            name="issue_pending",
        ),
        migrations.RemoveIndex(
            model_name="issue",
            name="issue_urgent_waiting",
        ),
        migrations.AddIndex(
            model_name="issue",
            index=models.Index(
                models.F("territory"),
                models.OrderBy(models.F("index"), descending=True, nulls_last=True),
                models.F("id"),
                condition=models.Q(
                    models.Q(("status", "registered"), ("status", "validated"), _connector="OR"),
                    ("visibility", "public"),
                    models.Q(("severity", 3), _negated=True),
                ),
                include=("category", "status", "origin"),
                name="issue_pending",
            ),
        ),
        migrations.AddIndex(
            model_name="issue",
            index=models.Index(
                condition=models.Q(
                    models.Q(("status", "registered"), ("status", "validated"), _connector="OR"),
                    ("severity", 3),
                ),
                fields=["reported_at", "id"],
                name="issue_urgent_waiting",
            ),
        ),
    ]
