"""The tables of coefficients cannot be emptied as a whole either."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("rankings", "0004_scenarios")]
    operations = [
        migrations.RunSQL(
            "CREATE TRIGGER coefficients_no_truncate BEFORE TRUNCATE ON rankings_coefficienttable "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();",
            "DROP TRIGGER coefficients_no_truncate ON rankings_coefficienttable;",
        )
    ]
