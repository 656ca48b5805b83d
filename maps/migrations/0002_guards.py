"""What the database keeps by itself: the public problems counted by cells of the map, with every write."""

from django.db import migrations

# Degrees; maps/grid.py has the same numbers.
WIDTH, HEIGHT, COARSER = "0.0015", "0.00125", 3

# In which cell of the finest level a place stands.
PLACES = f"""
CREATE FUNCTION map_cell_x(place geometry) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
    SELECT floor(ST_X(place) / {WIDTH}::float8)::integer
$$;
CREATE FUNCTION map_cell_y(place geometry) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
    SELECT floor(ST_Y(place) / {HEIGHT}::float8)::integer
$$;
"""

# One row for each level, cell, neighbourhood and status: how many, and the sum of their places in
# millionths of a degree. `change` holds what was added (1) and taken away (-1).
CHANGED = f"""
  SELECT (cell.x >> (shift.by)) AS x, (cell.y >> (shift.by)) AS y, shift.by AS level,
    cell.territory_id, cell.status, sum(cell.n) AS n, sum(cell.n * cell.mx) AS sx, sum(cell.n * cell.my) AS sy
  FROM (
    SELECT map_cell_x(one.location) AS x, map_cell_y(one.location) AS y, one.territory_id, one.status, one.n,
      round(ST_X(one.location) * 1e6)::bigint AS mx, round(ST_Y(one.location) * 1e6)::bigint AS my
    FROM ({{rows}}) one
  ) cell CROSS JOIN (VALUES (0), ({COARSER})) AS shift (by)
  GROUP BY 1, 2, 3, 4, 5
  HAVING sum(cell.n) <> 0 OR sum(cell.n * cell.mx) <> 0 OR sum(cell.n * cell.my) <> 0
"""  # noqa: S608  # nosec B608 # constants only
PUBLIC = "i.visibility = 'public' AND c.privacy = 'publico'"
ONE_SIDE = (
    "SELECT i.location, i.territory_id, i.status, {sign} AS n "  # nosec B608 # constants only
    "FROM {table} i JOIN issues_category c ON c.id = i.category_id WHERE " + PUBLIC
)

# What stands in the same cells is taken up and written again in one row. Rows that another transaction
# is taking up at the moment are passed by: nobody waits, and the next change sums them.
# By index, whatever the planner believes: before its first ANALYZE it takes the table for empty, and a
# long transaction that reads all of it again with every write takes minutes instead of seconds.
MERGE = """
  WITH change AS MATERIALIZED ({changed}), old AS (
    DELETE FROM maps_mapcell WHERE id = ANY (ARRAY(
      SELECT m.id FROM maps_mapcell m JOIN change USING (level, x, y, status)
      WHERE m.territory_id IS NOT DISTINCT FROM change.territory_id
      FOR UPDATE OF m SKIP LOCKED
    )) RETURNING level, x, y, territory_id, status, count, sum_x, sum_y
  )
  INSERT INTO maps_mapcell (level, x, y, territory_id, status, count, sum_x, sum_y)
  SELECT level, x, y, territory_id, status, sum(count), sum(sum_x), sum(sum_y) FROM (
    SELECT level, x, y, territory_id, status, n AS count, sx AS sum_x, sy AS sum_y FROM change
    UNION ALL SELECT * FROM old
  ) both_sides
  GROUP BY level, x, y, territory_id, status
  HAVING sum(count) <> 0 OR sum(sum_x) <> 0 OR sum(sum_y) <> 0;
"""


def _merge(*sides: str) -> str:
    return MERGE.format(changed=CHANGED.format(rows=" UNION ALL ".join(sides)))


NEW = ONE_SIDE.format(sign="1", table="new_rows")
OLD = ONE_SIDE.format(sign="-1", table="old_rows")
REFERENCING = {
    "insert": ("NEW TABLE AS new_rows", (NEW,)),
    "update": ("OLD TABLE AS old_rows NEW TABLE AS new_rows", (NEW, OLD)),
    "delete": ("OLD TABLE AS old_rows", (OLD,)),
}
# The cells follow every statement that writes problems.
FOLLOW = "".join(
    f"""
CREATE FUNCTION map_cells_{event}() RETURNS trigger LANGUAGE plpgsql
    SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN {_merge(*sides)} RETURN NULL; END $$;
CREATE TRIGGER map_cells_{event} AFTER {event.upper()} ON issues_issue REFERENCING {tables}
    FOR EACH STATEMENT EXECUTE FUNCTION map_cells_{event}();
"""
    for event, (tables, sides) in REFERENCING.items()
)

WHOLE = """
    INSERT INTO maps_mapcell (level, x, y, territory_id, status, count, sum_x, sum_y)
    SELECT level, x, y, territory_id, status, n, sx, sy FROM ({changed}) counted;
"""
# What is there already is counted.
FILL = WHOLE.format(changed=CHANGED.format(rows=ONE_SIDE.format(sign="1", table="issues_issue")))
# Rare: a whole category becomes public or stops being so, and everything is counted again. Nobody registers
# meanwhile.
CATEGORY = f"""
CREATE FUNCTION map_cells_category() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    LOCK TABLE issues_issue IN SHARE ROW EXCLUSIVE MODE;
    DELETE FROM maps_mapcell;
    {FILL}
    RETURN NULL;
END $$;
CREATE TRIGGER map_cells_category AFTER UPDATE OF privacy ON issues_category
    FOR EACH ROW WHEN (OLD.privacy IS DISTINCT FROM NEW.privacy) EXECUTE FUNCTION map_cells_category();
"""  # noqa: S608  # nosec B608 # constants only
# Without problems there are no cells.
EMPTIED = """
CREATE FUNCTION map_cells_emptied() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN DELETE FROM maps_mapcell; RETURN NULL; END $$;
CREATE TRIGGER map_cells_emptied AFTER TRUNCATE ON issues_issue
    FOR EACH STATEMENT EXECUTE FUNCTION map_cells_emptied();
"""


class Migration(migrations.Migration):
    dependencies = [("maps", "0001_initial"), ("issues", "0002_guards")]

    operations = [
        migrations.RunSQL(PLACES, "DROP FUNCTION map_cell_x(geometry), map_cell_y(geometry)"),
        migrations.RunSQL(FILL, "DELETE FROM maps_mapcell"),
        migrations.RunSQL(
            FOLLOW,
            """
            DROP TRIGGER map_cells_delete ON issues_issue;
            DROP TRIGGER map_cells_update ON issues_issue;
            DROP TRIGGER map_cells_insert ON issues_issue;
            DROP FUNCTION map_cells_delete(), map_cells_update(), map_cells_insert();
            """,
        ),
        migrations.RunSQL(
            CATEGORY,
            """
            DROP TRIGGER map_cells_category ON issues_category;
            DROP FUNCTION map_cells_category();
            """,
        ),
        migrations.RunSQL(
            EMPTIED,
            """
            DROP TRIGGER map_cells_emptied ON issues_issue;
            DROP FUNCTION map_cells_emptied();
            """,
        ),
    ]
