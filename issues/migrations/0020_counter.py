"""Counter and telephone are doors of their own, and whose duty they are the database knows too."""

from django.db import migrations, models

from core.postgis.duties import held

REGISTERED = held(
    "issues_issue",
    person="coalesce(created_by_id, asking_person())",
    acts="CASE WHEN origin IN ('counter', 'telephone') THEN ARRAY['register for somebody'] END",
)


class Migration(migrations.Migration):
    dependencies = [("issues", "0019_duties"), ("accounts", "0006_register_for_somebody")]
    operations = [
        migrations.AlterField(
            model_name="issue",
            name="origin",
            field=models.CharField(
                choices=[
                    ("walk", "caminata"),
                    ("gathering", "reunión barrial"),
                    ("resident", "vecina o vecino"),
                    ("open311", "otro sistema"),
                    ("office", "oficina"),
                    ("counter", "mesón"),
                    ("telephone", "teléfono"),
                ],
                default="walk",
                max_length=10,
                verbose_name="origen",
            ),
        ),
        migrations.RunSQL(*REGISTERED),
    ]
