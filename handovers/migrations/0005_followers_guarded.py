"""A follower's address is there for its own link, for who types it, and for the administration."""

from django.db import migrations

from core.postgis.row_security import ADMINISTRATOR, guard, unguard

OWN = "token_digest = held_key() OR encode(sha256(convert_to(email, 'UTF8')), 'hex') = held_key()"
GUARD = guard(
    "handovers_follow", select=f"{OWN} OR {ADMINISTRATOR}", insert=OWN, update=OWN, delete=OWN
)


class Migration(migrations.Migration):
    dependencies = [("handovers", "0004_who_asked"), ("core", "0002_roles"), ("accounts", "0001_initial")]
    operations = [
        migrations.RunSQL(GUARD, unguard("handovers_follow", "select", "insert", "update", "delete"))
    ]
