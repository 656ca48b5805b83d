"""Pieces name their set; those there are get it from their neighbourhood."""

import django.db.models.deletion
from django.db import migrations, models

FILL = """
UPDATE territories_territorypart part SET boundary_set_id = territory.boundary_set_id
FROM territories_territory territory WHERE territory.id = part.territory_id
"""


class Migration(migrations.Migration):
    dependencies = [("territories", "0002_dated_sets_and_parts")]
    operations = [
        migrations.AddField(
            "territorypart",
            "boundary_set",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="territories.boundaryset",
            ),
        ),
        migrations.RunSQL(FILL + "; SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AlterField(
            "territorypart",
            "boundary_set",
            models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="territories.boundaryset",
            ),
        ),
    ]
