"""What the database guards by itself of published lists: numbered, chained, never changed."""

from django.db import migrations

# A list has the number after the last one, names its digest, and is what its document says.
CHAIN = """
CREATE FUNCTION ranked_list_chain() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    last rankings_rankedlist;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('rankings_rankedlist'));
    SELECT * INTO last FROM rankings_rankedlist ORDER BY number DESC LIMIT 1;
    IF NEW.number <> coalesce(last.number, 0) + 1 OR NEW.previous_digest <> coalesce(last.digest, '') THEN
        RAISE EXCEPTION 'list % does not follow list %', NEW.number, coalesce(last.number, 0)
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ranked_list_follows_the_last';
    END IF;
    IF NEW.document::json ->> 'digest' IS DISTINCT FROM NEW.digest
        OR NEW.document::json ->> 'number' IS DISTINCT FROM NEW.number::text
        OR NEW.document::json ->> 'track' IS DISTINCT FROM NEW.track THEN
        RAISE EXCEPTION 'the document of list % is of another list', NEW.number
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ranked_list_is_its_document';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ranked_list_chain BEFORE INSERT ON rankings_rankedlist
    FOR EACH ROW EXECUTE FUNCTION ranked_list_chain();
"""

# A published list is never changed, removed or emptied away.
LISTS_KEPT = """
CREATE TRIGGER ranked_list_frozen BEFORE UPDATE OR DELETE ON rankings_rankedlist
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ranked_list_no_truncate BEFORE TRUNCATE ON rankings_rankedlist
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""

# A list has at most the places its document names.
PLACES_FIT = """
CREATE FUNCTION list_places_fit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM rankings_rankedlist AS list
        WHERE list.id IN (SELECT ranked_list_id FROM added)
            AND (SELECT count(*) FROM rankings_listplace AS place WHERE place.ranked_list_id = list.id)
                > json_array_length(list.document::json -> 'items')
    ) THEN
        RAISE EXCEPTION 'a published list gets no more places'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'list_places_fit_the_document';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER list_places_fit AFTER INSERT ON rankings_listplace
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION list_places_fit();
"""

# Nor are its places changed,
PLACES_KEPT = """
CREATE TRIGGER list_place_frozen BEFORE UPDATE OR DELETE ON rankings_listplace
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER list_place_no_truncate BEFORE TRUNCATE ON rankings_listplace
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""

# nor moves that a list has used: until then they may be taken back,
MOVES_KEPT = """
CREATE TRIGGER override_frozen BEFORE UPDATE OR DELETE ON rankings_override
    FOR EACH ROW WHEN (OLD.used_in_id IS NOT NULL) EXECUTE FUNCTION refuse_change();
CREATE TRIGGER override_no_truncate BEFORE TRUNCATE ON rankings_override
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""

# nor tables of coefficients.
COEFFICIENTS_KEPT = """
CREATE TRIGGER coefficients_append_only BEFORE UPDATE OR DELETE ON rankings_coefficienttable
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER coefficients_no_truncate BEFORE TRUNCATE ON rankings_coefficienttable
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("rankings", "0001_initial"), ("issues", "0002_guards")]

    operations = [
        migrations.RunSQL(
            CHAIN,
            """
            DROP TRIGGER ranked_list_chain ON rankings_rankedlist;
            DROP FUNCTION ranked_list_chain();
            """,
        ),
        migrations.RunSQL(
            LISTS_KEPT,
            """
            DROP TRIGGER ranked_list_no_truncate ON rankings_rankedlist;
            DROP TRIGGER ranked_list_frozen ON rankings_rankedlist;
            """,
        ),
        migrations.RunSQL(
            PLACES_FIT,
            """
            DROP TRIGGER list_places_fit ON rankings_listplace;
            DROP FUNCTION list_places_fit();
            """,
        ),
        migrations.RunSQL(
            PLACES_KEPT,
            """
            DROP TRIGGER list_place_no_truncate ON rankings_listplace;
            DROP TRIGGER list_place_frozen ON rankings_listplace;
            """,
        ),
        migrations.RunSQL(
            MOVES_KEPT,
            """
            DROP TRIGGER override_no_truncate ON rankings_override;
            DROP TRIGGER override_frozen ON rankings_override;
            """,
        ),
        migrations.RunSQL(
            COEFFICIENTS_KEPT,
            """
            DROP TRIGGER coefficients_no_truncate ON rankings_coefficienttable;
            DROP TRIGGER coefficients_append_only ON rankings_coefficienttable;
            """,
        ),
    ]
