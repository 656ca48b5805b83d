"""What an account may do is said by the administration alone, whatever page writes to it."""

from django.db import migrations

# The condition stands in the trigger, where it is still known who writes: its function runs as the owner.
RIGHTS_KEPT = """
CREATE FUNCTION account_rights_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'only the administration says what account % may do', NEW.id
        USING ERRCODE = 'insufficient_privilege', CONSTRAINT = 'account_rights_kept';
END $$;
CREATE TRIGGER account_rights_kept BEFORE UPDATE ON accounts_user FOR EACH ROW
    WHEN (
        current_user = 'mapa_web' AND asking_role() IS DISTINCT FROM 'administrator'
        AND (OLD.role, OLD.is_head, OLD.department_id, OLD.territory_codes, OLD.is_superuser, OLD.is_staff, OLD.is_active)
            IS DISTINCT FROM
            (NEW.role, NEW.is_head, NEW.department_id, NEW.territory_codes, NEW.is_superuser, NEW.is_staff, NEW.is_active)
    )
    EXECUTE FUNCTION account_rights_kept();
"""


class Migration(migrations.Migration):
    dependencies = [("issues", "0015_acts_on"), ("accounts", "0005_posts"), ("core", "0005_asking")]
    operations = [
        migrations.RunSQL(
            RIGHTS_KEPT,
            "DROP TRIGGER account_rights_kept ON accounts_user; DROP FUNCTION account_rights_kept()",
        )
    ]
