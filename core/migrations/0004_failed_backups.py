"""The role that makes backups also tells of one that failed; the next whole one ends that."""

from django.db import migrations

NOTED = """
CREATE OR REPLACE FUNCTION backup_noted() RETURNS void LANGUAGE sql
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    INSERT INTO core_chore (name, run_at, success_at, error, failures) VALUES ('backup', now(), now(), '', 0)
    ON CONFLICT (name) DO UPDATE SET run_at = now(), success_at = now(), failures = 0;
$$;
"""
FAILED = """
CREATE FUNCTION backup_failed(said text) RETURNS void LANGUAGE sql
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    INSERT INTO core_chore (name, run_at, error_at, error, failures)
    VALUES ('backup', now(), now(), left(said, 300), 1)
    ON CONFLICT (name) DO UPDATE SET run_at = now(), error_at = now(), error = left(said, 300),
        failures = core_chore.failures + 1;
$$;
REVOKE EXECUTE ON FUNCTION backup_failed(text) FROM PUBLIC;
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0003_done_acts")]
    operations = [
        migrations.RunSQL(NOTED, NOTED.replace(", failures = 0;", ";")),
        migrations.RunSQL(FAILED, "DROP FUNCTION backup_failed(text)"),
    ]
