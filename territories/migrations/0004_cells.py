"""Small rectangles of ground that know their neighbourhood; sets there are get theirs."""

import django.contrib.postgres.fields
import django.db.models.deletion
import shapely
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from territories.importing.cells import cells_of


def fill(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Cut the ground of every set."""
    grids = apps.get_model("territories", "CellGrid").objects
    territories = apps.get_model("territories", "Territory").objects
    for (pk,) in apps.get_model("territories", "BoundarySet").objects.order_by("pk").values_list("pk"):
        rows = list(territories.filter(boundary_set_id=pk).values_list("code", "pk", "boundary"))
        if not rows:
            continue
        cut = cells_of({code: shapely.from_wkb(bytes(shape.wkb)) for code, _id, shape in rows})
        ids = {code: id for code, id, _shape in rows}
        cells = [[ids.get(code, code) for code in row] for row in cut.codes.tolist()]
        grids.create(
            boundary_set_id=pk, per_degree=cut.per_degree, west=cut.west, south=cut.south, cells=cells
        )


class Migration(migrations.Migration):
    dependencies = [("territories", "0003_part_names_its_set")]
    operations = [
        migrations.CreateModel(
            name="CellGrid",
            fields=[
                (
                    "boundary_set",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="grid",
                        serialize=False,
                        to="territories.boundaryset",
                    ),
                ),
                ("per_degree", models.PositiveIntegerField()),
                ("west", models.IntegerField()),
                ("south", models.IntegerField()),
                (
                    "cells",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=django.contrib.postgres.fields.ArrayField(
                            base_field=models.BigIntegerField(), size=None
                        ),
                        size=None,
                    ),
                ),
            ],
            options={
                "verbose_name": "cuadrícula de límites",
                "verbose_name_plural": "cuadrículas de límites",
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
