"""Each change of place says who asked for it."""

from django.db import migrations, models

import rankings.asking


class Migration(migrations.Migration):
    dependencies = [("rankings", "0003_names_can_be_seen")]
    operations = [
        migrations.AddField(
            "override",
            "asked_by",
            models.CharField("quién lo pidió", max_length=12, choices=rankings.asking.AskedBy, default="nobody"),
            preserve_default=False,
        ),
        migrations.AddField(
            "override", "asker", models.CharField("nombre o número", max_length=160, blank=True)
        ),
        migrations.AddConstraint(
            "override",
            models.CheckConstraint(
                name="override_says_who_asked", condition=rankings.asking.says_who_asked()
            ),
        ),
    ]
