"""The city list from the database to the sealed document, against a bare SQL window over the same rows."""

from __future__ import annotations

from issues.models import Track
from rankings.publishing import draft
from tests.bench import city_list
from tests.bench.harness import Context, Row, fetched, must_agree, side_by_side

LARGEST = 200_000
SMALLEST = 1_000  # pending problems of a small commune: measured once, with the first size
# The first rows of every neighbourhood by index: what the rule starts from, without votes or documents.
WINDOW = """
    SELECT reference FROM (
        SELECT issue.reference, issue.index, row_number() OVER (
            PARTITION BY issue.territory_id ORDER BY issue.index DESC NULLS LAST, issue.reported_at
        ) AS own_place
        FROM issues_issue issue JOIN issues_category category ON category.id = issue.category_id
        WHERE category.track = 'gestion' AND category.privacy = 'publico' AND issue.visibility = 'public'
        AND issue.severity IS DISTINCT FROM 3 AND (issue.status = 'validated'
            OR issue.status = 'registered' AND issue.origin IN ('walk', 'gathering'))
    ) AS queue ORDER BY own_place, index DESC NULLS LAST, reference
"""


def run(context: Context) -> list[Row]:
    """The whole document, where a city could have so many; and the rule alone on made-up problems."""
    return [*_document(context), *_rule(context)]


def _document(context: Context) -> list[Row]:
    if context.size > LARGEST:
        return []
    made = draft(Track.MANAGEMENT).document["items"]
    rows = fetched(WINDOW)
    must_agree("problems on the list", {item["reference"] for item in made}, {str(row[0]) for row in rows})
    repeats = min(context.repeats, 3)
    ours, floor = side_by_side(lambda: draft(Track.MANAGEMENT), lambda: fetched(WINDOW), repeats)
    note = f"{len(made):,} pending, with votes, reasons and seal; the floor only sorts them"
    return [Row("city list: the sealed document", context.size, ours, floor, note=note)]


def _rule(context: Context) -> list[Row]:
    sizes = (SMALLEST, context.size) if SMALLEST < context.size <= LARGEST else (context.size,)
    found = city_list.run(sizes=sizes, repeats=min(context.repeats, 3))
    return [
        Row(f"{each['work']} (rule alone)", int(each["size"]), float(each["seconds"]), float(each["floor"]))
        for each in found
    ]
