"""A photo whose record never came may be forgotten, row and all; every other row stays as it is."""

from django.db import migrations

FORGETTABLE = """
CREATE FUNCTION only_orphaned() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND NOT EXISTS (SELECT FROM walks_syncrecord WHERE id = OLD.record_id) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE OR REPLACE TRIGGER syncphoto_append_only BEFORE UPDATE OR DELETE ON walks_syncphoto
    FOR EACH ROW EXECUTE FUNCTION only_orphaned();
"""
KEPT = """
CREATE OR REPLACE TRIGGER syncphoto_append_only BEFORE UPDATE OR DELETE ON walks_syncphoto
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
DROP FUNCTION only_orphaned();
"""


class Migration(migrations.Migration):
    dependencies = [("walks", "0005_forgetting")]
    operations = [migrations.RunSQL(FORGETTABLE, KEPT)]
