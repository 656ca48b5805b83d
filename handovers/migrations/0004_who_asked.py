"""An urgent sending says who asked for it, and that stays."""

from django.db import migrations, models
from django.db.models import Q

import rankings.asking

FROZEN = """
DROP TRIGGER handover_frozen ON handovers_handover;
CREATE TRIGGER handover_frozen BEFORE UPDATE ON handovers_handover
    FOR EACH ROW WHEN (
        (OLD.id, OLD.number, OLD.ranked_list_id, OLD.department_id, OLD.handed_at, OLD.handed_by_id{more_old})
            IS DISTINCT FROM
        (NEW.id, NEW.number, NEW.ranked_list_id, NEW.department_id, NEW.handed_at, NEW.handed_by_id{more_new})
        OR (OLD.received_at IS NOT NULL AND (OLD.received_at, OLD.received_by_id)
            IS DISTINCT FROM (NEW.received_at, NEW.received_by_id))
    ) EXECUTE FUNCTION refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("handovers", "0003_names_can_be_seen"), ("rankings", "0004_who_asked")]
    operations = [
        migrations.AddField(
            "handover",
            "asked_by",
            models.CharField("quién lo pidió", max_length=12, choices=rankings.asking.AskedBy, blank=True),
        ),
        migrations.AddField(
            "handover", "asker", models.CharField("nombre o número", max_length=160, blank=True)
        ),
        migrations.RunSQL(
            "UPDATE handovers_handover SET asked_by = 'nobody' WHERE ranked_list_id IS NULL",
            migrations.RunSQL.noop,
        ),
        migrations.AddConstraint(
            "handover",
            models.CheckConstraint(
                name="urgent_says_who_asked",
                condition=(Q(ranked_list__isnull=True) & rankings.asking.says_who_asked())
                | Q(ranked_list__isnull=False, asked_by="", asker=""),
            ),
        ),
        migrations.RunSQL(
            FROZEN.format(more_old=", OLD.asked_by, OLD.asker", more_new=", NEW.asked_by, NEW.asker"),
            FROZEN.format(more_old="", more_new=""),
        ),
    ]
