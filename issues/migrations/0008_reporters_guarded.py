"""Who reported a problem is read by the administration and the office that answers, whatever the page asks."""

from django.db import migrations

from core.postgis.row_security import STAFF, guard, unguard

# The report that is being made is held by its problem's number.
BEING_MADE = "issue_id::text = held_key()"
READ = STAFF.format(
    "(asks.role = 'administrator' OR asks.role = 'manager' AND EXISTS (SELECT FROM issues_issue issue"
    " WHERE issue.id = issue_id AND issue.department_id = asks.department_id))"
)
GUARD = guard("issues_reporter", select=f"{BEING_MADE} OR {READ}", insert=BEING_MADE)


class Migration(migrations.Migration):
    dependencies = [("issues", "0007_seals_by_number"), ("core", "0002_roles"), ("accounts", "0001_initial")]
    operations = [migrations.RunSQL(GUARD, unguard("issues_reporter", "select", "insert"))]
