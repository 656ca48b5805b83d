"""What tablets sent may be emptied when its time is over; its digest stays, and nothing else may change."""

from django.db import migrations

FORGETTABLE = """
CREATE FUNCTION only_emptied() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.body <> '' AND NEW.body = ''
        AND to_jsonb(NEW) - 'body' = to_jsonb(OLD) - 'body'
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE OR REPLACE TRIGGER syncrecord_append_only BEFORE UPDATE OR DELETE ON walks_syncrecord
    FOR EACH ROW EXECUTE FUNCTION only_emptied();
CREATE OR REPLACE TRIGGER conflictingbody_append_only BEFORE UPDATE OR DELETE ON walks_conflictingbody
    FOR EACH ROW EXECUTE FUNCTION only_emptied();
CREATE OR REPLACE TRIGGER tracksegment_append_only BEFORE UPDATE ON walks_tracksegment
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""
KEPT = """
CREATE OR REPLACE TRIGGER syncrecord_append_only BEFORE UPDATE OR DELETE ON walks_syncrecord
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE OR REPLACE TRIGGER conflictingbody_append_only BEFORE UPDATE OR DELETE ON walks_conflictingbody
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE OR REPLACE TRIGGER tracksegment_append_only BEFORE UPDATE OR DELETE ON walks_tracksegment
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
DROP FUNCTION only_emptied();
"""


class Migration(migrations.Migration):
    dependencies = [("walks", "0004_tracks_guarded")]
    operations = [migrations.RunSQL(FORGETTABLE, KEPT)]
