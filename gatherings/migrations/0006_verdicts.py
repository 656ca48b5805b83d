"""The verdict on a repair is the neighbourhood's: the database asks for its open room, and knows the clock."""

from django.db import migrations

# Put on the history from here, since the history knows nothing of gatherings. A closed room decides nothing
# more: it must be open now, not only have been open at the time the line tells. Whatever else may judge one
# day (a visit drawn by lot) gets its own column and its own branch here.
BY_THE_ROOM = """
CREATE FUNCTION verdict_is_of_the_open_room() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    room gatherings_gathering;
    is_here boolean;
BEGIN
    SELECT * INTO room FROM gatherings_gathering WHERE number = NEW.gathering_number FOR SHARE;
    SELECT host.code = hood.code INTO is_here
        FROM issues_issue issue
        JOIN territories_territory hood ON hood.id = issue.territory_id
        JOIN territories_territory host ON host.id = room.territory_id
        WHERE issue.id = NEW.issue_id;
    IF NOT coalesce(is_here AND room.state IN ('open', 'voting') AND NEW.at >= room.opened_at, false) THEN
        RAISE EXCEPTION 'the verdict on issue % is of no open room of its neighbourhood', NEW.issue_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'verdict_is_of_the_open_room';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER verdict_is_of_the_open_room AFTER INSERT ON issues_historyentry
    FOR EACH ROW WHEN (
        NEW.gathering_number IS NOT NULL OR NEW.kind = 'status' AND (
            NEW.to_value = 'verified'
            OR NEW.to_value = 'in_progress'
                AND NEW.from_value IN ('reported_done', 'done_unverified', 'verified')
            OR NEW.to_value = 'validated' AND NEW.from_value = 'closed'
        )
    ) EXECUTE FUNCTION verdict_is_of_the_open_room();
"""

# And nothing else goes by the name of a gathering: a number stands in a verdict only.
ONLY_VERDICTS = """
ALTER TABLE issues_historyentry ADD CONSTRAINT history_number_is_of_a_verdict CHECK (
    gathering_number IS NULL OR kind = 'status' AND (
        to_value = 'verified'
        OR to_value = 'in_progress' AND from_value IN ('reported_done', 'done_unverified', 'verified')
        OR to_value = 'validated' AND from_value = 'closed'
    )
);
"""

# Until when the neighbourhood may judge before silence counts: the later of 28 days and the end of the first
# gathering that opened after the report, 120 days at most. A problem that no room may see waits for these.
# In hours, which are the same in every time zone.
DUE = """
CREATE FUNCTION verdict_due(judged uuid, reported timestamptz) RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT least(reported + interval '2880 hours', greatest(reported + interval '672 hours', coalesce((
        SELECT min(room.closed_at)
        FROM gatherings_gathering room
        JOIN territories_territory host ON host.id = room.territory_id
        JOIN territories_territory hood ON hood.code = host.code
        JOIN issues_issue issue ON issue.territory_id = hood.id
        JOIN issues_category category ON category.id = issue.category_id
        WHERE issue.id = judged AND issue.visibility = 'public' AND category.privacy = 'publico'
            AND room.state = 'closed' AND room.opened_at >= reported
    ), 'infinity')))
$$;
"""

# No repair expires before.
NOT_BEFORE = """
CREATE FUNCTION verdict_was_due() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    reported timestamptz;
BEGIN
    SELECT at INTO reported FROM issues_historyentry
        WHERE issue_id = NEW.issue_id AND kind = 'status' AND to_value = 'reported_done'
        ORDER BY id DESC LIMIT 1;
    IF NEW.at < verdict_due(NEW.issue_id, reported) THEN
        RAISE EXCEPTION 'the neighbourhood may still judge issue %', NEW.issue_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'verdict_was_due';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER verdict_was_due AFTER INSERT ON issues_historyentry
    FOR EACH ROW WHEN (NEW.kind = 'status' AND NEW.to_value = 'done_unverified')
    EXECUTE FUNCTION verdict_was_due();
"""


class Migration(migrations.Migration):
    dependencies = [("gatherings", "0005_counts_kept_guards"), ("issues", "0005_verdicts")]

    operations = [
        migrations.RunSQL(
            BY_THE_ROOM,
            """
            DROP TRIGGER verdict_is_of_the_open_room ON issues_historyentry;
            DROP FUNCTION verdict_is_of_the_open_room();
            """,
        ),
        migrations.RunSQL(
            ONLY_VERDICTS, "ALTER TABLE issues_historyentry DROP CONSTRAINT history_number_is_of_a_verdict"
        ),
        migrations.RunSQL(DUE, "DROP FUNCTION verdict_due(uuid, timestamptz)"),
        migrations.RunSQL(
            NOT_BEFORE,
            """
            DROP TRIGGER verdict_was_due ON issues_historyentry;
            DROP FUNCTION verdict_was_due();
            """,
        ),
    ]
