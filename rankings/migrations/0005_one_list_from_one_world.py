"""At most one list from one state of the world: one that says what the last one says is refused."""

from django.db import migrations

# The words that differ between two such lists are those of rankings.publishing.OF_THE_ACT. Of two that publish
# at once the second waits at `ranked_list_chain`, which fires first (triggers fire by name) and holds the lock.
ONE_FROM_ONE_WORLD = """
CREATE FUNCTION ranked_list_says_more() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    last text;
    of_the_act text[] := '{number,published_at,office,previous_digest,digest}';
BEGIN
    SELECT document INTO last FROM rankings_rankedlist WHERE track = NEW.track ORDER BY number DESC LIMIT 1;
    IF FOUND AND last::jsonb - of_the_act = NEW.document::jsonb - of_the_act THEN
        RAISE EXCEPTION 'list % says what the last list of % says', NEW.number, NEW.track
            USING ERRCODE = 'unique_violation', CONSTRAINT = 'one_list_from_one_world';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ranked_list_says_more BEFORE INSERT ON rankings_rankedlist
    FOR EACH ROW EXECUTE FUNCTION ranked_list_says_more();
"""


class Migration(migrations.Migration):
    dependencies = [("rankings", "0004_who_asked")]

    operations = [
        migrations.RunSQL(
            ONE_FROM_ONE_WORLD,
            """
            DROP TRIGGER ranked_list_says_more ON rankings_rankedlist;
            DROP FUNCTION ranked_list_says_more();
            """,
        )
    ]
