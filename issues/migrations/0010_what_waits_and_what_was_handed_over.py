"""Indexes for what waits for a list, what was handed over, what was promised and what is urgent."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("issues", "0009_supports_and_evidence"),
        ("territories", "0005_boundary_change"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="issue",
            name="category",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="issues",
                to="issues.category",
                verbose_name="categoría",
            ),
        ),
        migrations.AddIndex(
            model_name="issue",
            index=models.Index(fields=["category", "status"], name="issue_category_status"),
        ),
        migrations.AddIndex(
            model_name="issue",
            index=models.Index(
                models.F("territory"),
                models.OrderBy(models.F("index"), descending=True, nulls_last=True),
                models.F("id"),
                condition=models.Q(
                    ("status__in", ["registered", "validated"]),
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
                condition=models.Q(("status", "registered"), _negated=True),
                fields=["id"],
                include=("status", "territory", "category", "visibility", "due_date"),
                name="issue_past_registered",
            ),
        ),
        migrations.AddIndex(
            model_name="issue",
            index=models.Index(
                condition=models.Q(("status__in", ["registered", "validated"]), ("severity", 3)),
                fields=["reported_at", "id"],
                name="issue_urgent_waiting",
            ),
        ),
        migrations.AddIndex(
            model_name="issue",
            index=models.Index(
                condition=models.Q(("committed_date__isnull", False)),
                fields=["territory", "committed_date"],
                name="issue_promised",
            ),
        ),
    ]
