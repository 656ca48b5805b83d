"""Who hands over is of the office whose duty that is; budgets are written by nobody else either."""

from django.db import migrations

from core.postgis.duties import held

LANES = "CASE WHEN ranked_list_id IS NULL THEN ARRAY['send urgent'] ELSE ARRAY['hand over'] END"


class Migration(migrations.Migration):
    dependencies = [("handovers", "0008_invitations"), ("accounts", "0005_posts"), ("core", "0002_roles")]
    operations = [
        migrations.RunSQL(*held("handovers_handover", person="coalesce(handed_by_id, asking_person())", acts=LANES)),
        migrations.RunSQL(*held("handovers_budget", person="asking_person()", acts="ARRAY['budget']")),
        migrations.RunSQL(
            *held("handovers_budget", person="asking_person()", acts="ARRAY['budget']", event="UPDATE")
        ),
    ]
