"""Free texts of lists beside their commitments: nobody changes or deletes them; they can only be erased."""

import django.db.models.deletion
from django.db import migrations, models

TEXTS = """
CREATE FUNCTION list_text_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR NEW.text <> '' OR NEW.salt <> ''
        OR (NEW.id, NEW.issue_id, NEW.commitment) IS DISTINCT FROM (OLD.id, OLD.issue_id, OLD.commitment)
    THEN
        RAISE EXCEPTION 'a text of a list is only erased, with its salt'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'list_text_kept';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER list_text_guard BEFORE UPDATE OR DELETE ON rankings_listtext
    FOR EACH ROW EXECUTE FUNCTION list_text_guard();
CREATE TRIGGER list_text_no_truncate BEFORE TRUNCATE ON rankings_listtext
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("rankings", "0007_duties"), ("issues", "0019_duties")]
    operations = [
        migrations.CreateModel(
            name="ListText",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                (
                    "commitment",
                    models.CharField(max_length=64, unique=True, verbose_name="huella del texto"),
                ),
                ("salt", models.CharField(blank=True, max_length=32, verbose_name="sal")),
                ("text", models.TextField(blank=True, verbose_name="texto")),
                (
                    "issue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="issues.issue",
                        verbose_name="problema",
                    ),
                ),
            ],
            options={
                "verbose_name": "texto de una lista",
                "verbose_name_plural": "textos de listas",
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("salt", ""), ("text", "")),
                            models.Q(models.Q(("text", ""), _negated=True), models.Q(("salt", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="list_text_with_salt",
                    )
                ],
            },
        ),
        migrations.RunSQL(
            TEXTS,
            """
            DROP TRIGGER list_text_no_truncate ON rankings_listtext;
            DROP TRIGGER list_text_guard ON rankings_listtext;
            DROP FUNCTION list_text_guard();
            """,
        ),
    ]
