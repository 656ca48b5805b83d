"""The file of a closed gathering: nobody changes or deletes it; only its texts can be taken away."""

from django.db import migrations

RECORDS = """
CREATE FUNCTION record_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (NEW.gathering_id, NEW.document) IS DISTINCT FROM (OLD.gathering_id, OLD.document)
    THEN
        RAISE EXCEPTION 'the file of gathering % is sealed', OLD.gathering_id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'record_sealed';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER record_guard BEFORE UPDATE OR DELETE ON gatherings_gatheringrecord
    FOR EACH ROW EXECUTE FUNCTION record_guard();
CREATE TRIGGER record_before_the_seal BEFORE INSERT ON gatherings_gatheringrecord
    FOR EACH ROW EXECUTE FUNCTION gathering_part_guard();
CREATE TRIGGER record_no_truncate BEFORE TRUNCATE ON gatherings_gatheringrecord
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("gatherings", "0009_records")]

    operations = [
        migrations.RunSQL(
            RECORDS,
            """
            DROP TRIGGER record_no_truncate ON gatherings_gatheringrecord;
            DROP TRIGGER record_before_the_seal ON gatherings_gatheringrecord;
            DROP TRIGGER record_guard ON gatherings_gatheringrecord;
            DROP FUNCTION record_guard();
            """,
        ),
    ]
