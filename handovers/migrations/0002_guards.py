"""What the database guards by itself of handovers: nothing without a list or urgency, nothing rewritten."""

from django.db import migrations

# Place and round of an item are those of its place in the list, whatever is written.
PLACE_COPIED = """
CREATE FUNCTION handover_item_place() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT place, round INTO NEW.place, NEW.round FROM rankings_listplace WHERE id = NEW.list_place_id;
    RETURN NEW;
END $$;
CREATE TRIGGER handover_item_place BEFORE INSERT ON handovers_handoveritem
    FOR EACH ROW WHEN (NEW.list_place_id IS NOT NULL) EXECUTE FUNCTION handover_item_place();
"""

# A handover is not removed or emptied away; of what it says only the receipt is added, once.
HANDOVERS_KEPT = """
CREATE TRIGGER handover_kept BEFORE DELETE ON handovers_handover
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER handover_frozen BEFORE UPDATE ON handovers_handover
    FOR EACH ROW WHEN (
        (OLD.id, OLD.number, OLD.ranked_list_id, OLD.department_id, OLD.handed_at, OLD.handed_by_id)
            IS DISTINCT FROM
        (NEW.id, NEW.number, NEW.ranked_list_id, NEW.department_id, NEW.handed_at, NEW.handed_by_id)
        OR (OLD.received_at IS NOT NULL AND (OLD.received_at, OLD.received_by_id)
            IS DISTINCT FROM (NEW.received_at, NEW.received_by_id))
    ) EXECUTE FUNCTION refuse_change();
CREATE TRIGGER handover_no_truncate BEFORE TRUNCATE ON handovers_handover
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""

# Who has an item, what was answered and what it cost change; which problem came, by which list, does not.
ITEMS_KEPT = """
CREATE TRIGGER handover_item_kept BEFORE DELETE ON handovers_handoveritem
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER handover_item_frozen BEFORE UPDATE ON handovers_handoveritem
    FOR EACH ROW WHEN (
        (OLD.id, OLD.handover_id, OLD.issue_id, OLD.list_place_id, OLD.place, OLD.round)
            IS DISTINCT FROM
        (NEW.id, NEW.handover_id, NEW.issue_id, NEW.list_place_id, NEW.place, NEW.round)
        OR (NEW.is_current AND NOT OLD.is_current)
    ) EXECUTE FUNCTION refuse_change();
CREATE TRIGGER handover_item_no_truncate BEFORE TRUNCATE ON handovers_handoveritem
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""

# A problem is handed over by the place it has in the list that is handed over; or without any list, where it
# is urgent that day.
BY_A_LIST = """
CREATE FUNCTION handed_over_by_a_list() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    favour record;
BEGIN
    SELECT item.id, item.issue_id INTO favour
    FROM added item
    JOIN handovers_handover handover ON handover.id = item.handover_id
    JOIN issues_issue issue ON issue.id = item.issue_id
    JOIN issues_category category ON category.id = issue.category_id
    LEFT JOIN rankings_listplace place ON place.id = item.list_place_id
    WHERE CASE WHEN item.list_place_id IS NULL
        THEN handover.ranked_list_id IS NOT NULL
            OR (issue.severity IS DISTINCT FROM 3 AND category.track <> 'urgencia')
        ELSE place.issue_id <> item.issue_id
            OR place.ranked_list_id IS DISTINCT FROM handover.ranked_list_id END
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'issue % has no place in the list it is handed over by, and is not urgent', favour.issue_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'handed_over_by_a_list';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER handed_over_by_a_list AFTER INSERT ON handovers_handoveritem
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION handed_over_by_a_list();
"""

# At commit: as many handovers as the history tells, so that no line alone hands anything over. The trigger is
# put on the history from here, since the history knows nothing of handovers.
HAS_AN_ITEM = """
CREATE FUNCTION handed_over_has_an_item() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT count(*) FROM handovers_handoveritem WHERE issue_id = NEW.issue_id)
        < (SELECT count(*) FROM issues_historyentry WHERE issue_id = NEW.issue_id
            AND kind = 'status' AND from_value = 'validated' AND to_value = 'handed_over') THEN
        RAISE EXCEPTION 'issue % was handed over by no handover', NEW.issue_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'handed_over_has_an_item';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER handed_over_has_an_item AFTER INSERT ON issues_historyentry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.kind = 'status' AND NEW.from_value = 'validated' AND NEW.to_value = 'handed_over')
    EXECUTE FUNCTION handed_over_has_an_item();
"""


class Migration(migrations.Migration):
    dependencies = [("handovers", "0001_initial"), ("issues", "0002_guards"), ("rankings", "0002_guards")]

    operations = [
        migrations.RunSQL(
            PLACE_COPIED,
            """
            DROP TRIGGER handover_item_place ON handovers_handoveritem;
            DROP FUNCTION handover_item_place();
            """,
        ),
        migrations.RunSQL(
            HANDOVERS_KEPT,
            """
            DROP TRIGGER handover_no_truncate ON handovers_handover;
            DROP TRIGGER handover_frozen ON handovers_handover;
            DROP TRIGGER handover_kept ON handovers_handover;
            """,
        ),
        migrations.RunSQL(
            ITEMS_KEPT,
            """
            DROP TRIGGER handover_item_no_truncate ON handovers_handoveritem;
            DROP TRIGGER handover_item_frozen ON handovers_handoveritem;
            DROP TRIGGER handover_item_kept ON handovers_handoveritem;
            """,
        ),
        migrations.RunSQL(
            BY_A_LIST,
            """
            DROP TRIGGER handed_over_by_a_list ON handovers_handoveritem;
            DROP FUNCTION handed_over_by_a_list();
            """,
        ),
        migrations.RunSQL(
            HAS_AN_ITEM,
            """
            DROP TRIGGER handed_over_has_an_item ON issues_historyentry;
            DROP FUNCTION handed_over_has_an_item();
            """,
        ),
    ]
