"""Who publishes a list or moves a place is of the office whose duty that is."""

from django.db import migrations

from core.postgis.duties import held


class Migration(migrations.Migration):
    dependencies = [("rankings", "0006_no_disputed_count"), ("accounts", "0005_posts")]
    operations = [
        migrations.RunSQL(*held("rankings_rankedlist", person="published_by_id", acts="ARRAY['publish']")),
        migrations.RunSQL(*held("rankings_override", person="author_id", acts="ARRAY['move']")),
    ]
