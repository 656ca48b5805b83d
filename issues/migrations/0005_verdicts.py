"""A verdict on a repair: its number in the sealed line, and what may still follow «listo sin verificar»."""

from django.db import migrations, models

# The transition table of issues/workflow.py, in place of that of 0002; a test compares the two.
BEFORE = """
    ('registered','validated'), ('registered','closed'),
    ('validated','handed_over'), ('validated','closed'),
    ('handed_over','handed_over'), ('handed_over','acknowledged'), ('handed_over','closed'),
    ('acknowledged','scheduled'), ('acknowledged','on_hold'), ('acknowledged','closed'),
    ('scheduled','in_progress'), ('scheduled','on_hold'), ('scheduled','closed'),
    ('in_progress','reported_done'), ('in_progress','on_hold'), ('in_progress','closed'),
    ('on_hold','acknowledged'), ('on_hold','scheduled'), ('on_hold','in_progress'), ('on_hold','closed'),
    ('reported_done','verified'), ('reported_done','in_progress'), ('reported_done','done_unverified'),
    ('verified','in_progress'),
    ('closed','validated')
"""
TRANSITIONS = f"{BEFORE}, ('done_unverified','verified'), ('done_unverified','in_progress')"


def allowed(transitions: str) -> str:
    """The function that answers from a table of transitions."""
    return f"""
    CREATE OR REPLACE FUNCTION issue_transition_allowed(from_status text, to_status text) RETURNS boolean
    LANGUAGE sql IMMUTABLE AS $$
        SELECT (from_status, to_status) IN (VALUES {transitions})
    $$;
    """


def line_hash(last: str) -> str:
    """What a line is sealed with. A line without a number keeps its hash: concat_ws leaves out what is NULL."""
    return f"""
    CREATE OR REPLACE FUNCTION history_line_hash(line issues_historyentry) RETURNS text LANGUAGE sql STABLE AS $$
        SELECT encode(sha256(convert_to(concat_ws(E'\\x1f',
            line.previous_hash, coalesce(line.issue_id::text, ''), line.kind, line.from_value, line.to_value,
            line.office, to_char(line.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
            line.public_text, line.evidence::text, history_sealed_part(line){last}
        ), 'UTF8')), 'hex')
    $$;
    """


class Migration(migrations.Migration):
    dependencies = [("issues", "0004_names_can_be_seen")]

    operations = [
        migrations.AddField(
            "historyentry",
            "gathering_number",
            models.PositiveIntegerField(blank=True, null=True, verbose_name="reunión que lo decidió"),
        ),
        migrations.RunSQL(allowed(TRANSITIONS), allowed(BEFORE)),
        migrations.RunSQL(line_hash(", line.gathering_number::text"), line_hash("")),
    ]
