"""Whether who asks may change a problem, as the database itself knows: as Issue.objects.editable_by says it."""

from django.db import migrations

AS_OWNER = "STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp"
ACTS_ON = f"""
CREATE FUNCTION acts_on(problem uuid) RETURNS boolean LANGUAGE plpgsql {AS_OWNER} AS $$
BEGIN
    RETURN coalesce(problem = held_problem() OR asking_role() IN ('cabinet', 'administrator'), false)
        OR EXISTS (
            SELECT FROM issues_issue i WHERE i.id = problem AND (
                i.department_id = asking_department() OR i.territory_id = ANY (asking_territories())
                OR i.created_by_id = asking_facilitator()
            )
        );
END $$;
"""  # nosec B608 # our own constants
# The office that answers the problem, for what a neighbour said of oneself.
ANSWERS_FOR = f"""
CREATE FUNCTION answers_for(problem uuid) RETURNS boolean LANGUAGE plpgsql {AS_OWNER} AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM issues_issue i WHERE i.id = problem AND i.department_id = asking_department()
    );
END $$;
"""  # nosec B608 # our own constants


class Migration(migrations.Migration):
    dependencies = [("issues", "0014_usual_cost"), ("core", "0005_asking")]
    operations = [
        migrations.RunSQL(ACTS_ON, "DROP FUNCTION acts_on(uuid) CASCADE"),
        migrations.RunSQL(ANSWERS_FOR, "DROP FUNCTION answers_for(uuid) CASCADE"),
    ]
