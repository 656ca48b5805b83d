"""What the roles of the database need of it: core/postgis/rights.py, core/postgis/row_security.py."""

from django.db import migrations

# The role that makes backups writes nothing, but that it has made one.
NOTED = """
CREATE FUNCTION backup_noted() RETURNS void LANGUAGE sql
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    INSERT INTO core_chore (name, run_at, success_at, error, failures) VALUES ('backup', now(), now(), '', 0)
    ON CONFLICT (name) DO UPDATE SET run_at = now(), success_at = now();
$$;
REVOKE EXECUTE ON FUNCTION backup_noted() FROM PUBLIC;
"""

# Who asks, as core/postgis/identity.py tells it: a person's number, and the key in the hand.
ASKS = """
CREATE FUNCTION asking_person() RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT nullif(split_part(current_setting('mapa.who', true), '/', 1), '')::bigint
$$;
CREATE FUNCTION held_key() RETURNS text LANGUAGE sql STABLE AS $$
    SELECT nullif(split_part(current_setting('mapa.who', true), '/', 2), '')
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]
    operations = [
        migrations.RunSQL(NOTED, "DROP FUNCTION backup_noted()"),
        migrations.RunSQL(ASKS, "DROP FUNCTION asking_person(), held_key() CASCADE"),
    ]
