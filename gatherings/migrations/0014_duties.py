"""What is done in a room is the duty of who did it."""

from django.db import migrations

from core.postgis.duties import held

ACTS = """CASE
    WHEN action IN ('start', 'witnesses', 'paper-settle', 'close') THEN ARRAY['count']
    WHEN action IN ('count', 'total', 'paper', 'paper-remove', 'compare') THEN ARRAY['count', 'count again']
    WHEN action IN ('annul', 'annul-not') THEN ARRAY['annul']
    WHEN action = 'levels' THEN ARRAY['set levels']
    WHEN action IN ('judge', 'appeal') THEN ARRAY['verify']
    ELSE ARRAY['conduct']
END"""
SIDES = "CASE side WHEN 1 THEN ARRAY['count'] ELSE ARRAY['count again'] END"


class Migration(migrations.Migration):
    dependencies = [("gatherings", "0013_numbered_papers"), ("accounts", "0005_posts")]
    operations = [
        migrations.RunSQL(*held("gatherings_roomaction", person="actor_id", acts=ACTS)),
        migrations.RunSQL(*held("gatherings_counter", person="user_id", acts=SIDES)),
        migrations.RunSQL(
            *held("gatherings_countercode", person="given_by_id", acts="ARRAY['give a code to count']")
        ),
    ]
