"""The manager's filter, beside the same page and count as bare SQL."""

from __future__ import annotations

from collections.abc import Callable

from django.http import QueryDict
from django.test import Client

from accounts.models import User
from handovers import desk_views, filters
from issues import keyset
from tests.bench.harness import Context, Row, fetched, must_agree, side_by_side

FILTERS = {
    "narrow: neighbourhood, category, status": ("territory=14&category=PAV-01&status=registered", 3.0),
    "wide: one status": ("status=registered", 0),
}
WHERE = {
    "narrow: neighbourhood, category, status": (
        "department_id = %(department)s AND status = 'registered' "
        "AND territory_id = (SELECT id FROM territories_territory WHERE code = 14) "
        "AND category_id = (SELECT id FROM issues_category WHERE code = 'PAV-01')"
    ),
    "wide: one status": "department_id = %(department)s AND status = 'registered'",
}
WHOLE = "signed in, HTML with its form"
PAGE = "SELECT id, reference, title, status, index, reported_at FROM issues_issue WHERE {where} "
ORDER = "ORDER BY index DESC NULLS LAST, id LIMIT 50"
COUNT = "SELECT count(*) FROM (SELECT 1 FROM issues_issue WHERE {where} LIMIT 50001) AS counted"


def run(context: Context) -> list[Row]:
    """Each filter as a query, and as the whole page of the desk."""
    user = User.objects.get(username="direccion")
    client = Client()
    client.force_login(user)
    return [row for name in FILTERS for row in _measure(name, context, user, client)]


def _measure(name: str, context: Context, user: User, client: Client) -> list[Row]:
    address, goal = FILTERS[name]
    query = QueryDict(f"{address}&sort=-index&page_size=50")
    floor = _floor(WHERE[name], user)
    must_agree(name, _ours(user, query), floor())
    ours, bare = side_by_side(lambda: _ours(user, query), floor, context.repeats)
    page, again = side_by_side(lambda: _visit(client, query), floor, context.repeats)
    return [
        Row(f"desk, {name}: rows and count", context.size, ours, bare, goal=goal),
        Row(
            f"desk, {name}: the whole page",
            context.size,
            page,
            again,
            note=WHOLE,
        ),
    ]


def _ours(user: User, query: QueryDict) -> tuple[list[str], int]:
    rows = filters.desk(user, query)
    page = keyset.page(desk_views._for_table(rows), filters.ordering(query), "", 50)
    return [issue.reference for issue in page.items], desk_views.total_of(rows)


def _floor(where: str, user: User) -> Callable[[], tuple[list[str], int]]:
    told = {"department": user.department_id}

    def fetch() -> tuple[list[str], int]:
        rows = fetched(PAGE.format(where=where) + ORDER, told)
        ((count,),) = fetched(COUNT.format(where=where), told)
        return [str(row[1]) for row in rows], int(count)

    return fetch


def _visit(client: Client, query: QueryDict) -> None:
    answer = client.get("/gestion/", query, headers={"host": "localhost"})
    if answer.status_code != 200:
        raise AssertionError(f"the desk answered {answer.status_code}")
