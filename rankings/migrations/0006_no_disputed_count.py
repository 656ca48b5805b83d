"""No new list uses a count that an organisation objected to, until that is decided or its time is over."""

from django.db import migrations

UNDISPUTED = """
CREATE FUNCTION list_places_undisputed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM gatherings_challenge AS challenge
        JOIN added ON added.gathering_id = challenge.gathering_id
        JOIN rankings_rankedlist AS list ON list.id = added.ranked_list_id
        WHERE challenge.outcome = 'set_aside' OR challenge.outcome = ''
            AND list.published_at BETWEEN challenge.at AND challenge.at + interval '15 days'
    ) THEN
        RAISE EXCEPTION 'a list uses a count that an organisation objected to'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'list_uses_no_disputed_count';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER list_places_undisputed AFTER INSERT ON rankings_listplace
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION list_places_undisputed();
"""


class Migration(migrations.Migration):
    dependencies = [("rankings", "0005_one_list_from_one_world"), ("gatherings", "0012_challenges_guards")]

    operations = [
        migrations.RunSQL(
            UNDISPUTED,
            """
            DROP TRIGGER list_places_undisputed ON rankings_listplace;
            DROP FUNCTION list_places_undisputed();
            """,
        )
    ]
