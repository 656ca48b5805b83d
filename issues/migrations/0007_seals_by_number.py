"""Seals are told apart by number, not by day: after a wrong clock the next one follows all the same."""

from django.db import migrations, models

# They are numbered as they follow each other, which a wrong clock never changed.
NUMBERED = """
ALTER TABLE issues_dailyhead ADD COLUMN number integer CHECK (number >= 0);
ALTER TABLE issues_dailyhead DISABLE TRIGGER daily_head_append_only;
WITH RECURSIVE chain AS (
    SELECT day, digest, 1 AS link FROM issues_dailyhead WHERE previous_digest = ''
    UNION
    SELECT head.day, head.digest, link + 1 FROM issues_dailyhead head JOIN chain ON head.previous_digest = chain.digest
), numbered AS (
    SELECT head.day, row_number() OVER (ORDER BY min(link) NULLS LAST, last_entry, head.day) AS number
    FROM issues_dailyhead head LEFT JOIN chain ON chain.day = head.day GROUP BY head.day, last_entry
)
UPDATE issues_dailyhead head SET number = numbered.number FROM numbered WHERE numbered.day = head.day;
ALTER TABLE issues_dailyhead ENABLE TRIGGER daily_head_append_only;
ALTER TABLE issues_dailyhead DROP CONSTRAINT issues_dailyhead_pkey;
ALTER TABLE issues_dailyhead ADD PRIMARY KEY (number);
"""
# Fails where two seals are of one day: their order is then what cannot be told without numbers.
BY_DAY = """
ALTER TABLE issues_dailyhead DROP CONSTRAINT issues_dailyhead_pkey;
ALTER TABLE issues_dailyhead ADD PRIMARY KEY (day);
ALTER TABLE issues_dailyhead DROP COLUMN number;
"""


class Migration(migrations.Migration):
    dependencies = [("issues", "0006_commitments")]

    operations = [
        migrations.RunSQL(
            NUMBERED,
            BY_DAY,
            state_operations=[
                migrations.AlterField("dailyhead", "day", models.DateField(verbose_name="día")),
                migrations.AddField(
                    "dailyhead",
                    "number",
                    models.PositiveIntegerField(primary_key=True, serialize=False, verbose_name="número"),
                    preserve_default=False,
                ),
                migrations.AlterModelOptions(
                    "dailyhead",
                    {
                        "ordering": ["-number"],
                        "verbose_name": "sello diario",
                        "verbose_name_plural": "sellos diarios",
                    },
                ),
            ],
        ),
    ]
