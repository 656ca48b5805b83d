"""Two indexes less to write with every line: others serve what they served."""

import django.db.models.deletion
from django.db import migrations, models

# `history_of_issue` begins with the issue. Nobody looks for the beginning of a reference: Django makes the
# second index for that beside every unique text.
DROP = "DROP INDEX IF EXISTS issues_issue_reference_5757a142_like"
MAKE = "CREATE INDEX issues_issue_reference_5757a142_like ON issues_issue (reference varchar_pattern_ops)"


class Migration(migrations.Migration):
    dependencies = [("issues", "0010_what_waits_and_what_was_handed_over")]
    operations = [
        migrations.AlterField(
            model_name="historyentry",
            name="issue",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="history",
                to="issues.issue",
                verbose_name="problema",
            ),
        ),
        migrations.RunSQL(DROP, MAKE),
    ]
