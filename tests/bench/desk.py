"""The manager's filter, against the same page and count as bare SQL."""

from __future__ import annotations

from collections.abc import Callable

from django.http import QueryDict
from django.test import Client

from accounts.models import User
from handovers.desk import views as desk_views
from handovers.query import facets, filters
from handovers.query.columns import DESK_COLUMNS
from handovers.query.saved_filters import save_view
from issues.query import keyset
from issues.query.files import csv_lines
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
MIDDLE = (
    "SELECT index, id FROM issues_issue WHERE department_id = %(department)s AND index IS NOT NULL "
    "ORDER BY index DESC NULLS LAST, id OFFSET (SELECT count(*) / 2 FROM issues_issue "
    "WHERE department_id = %(department)s AND index IS NOT NULL) LIMIT 1"
)
DEEP = (
    "SELECT id, reference, title, status, index, reported_at FROM issues_issue "
    "WHERE department_id = %(department)s AND index <= %(index)s "
    "AND (index < %(index)s OR (index = %(index)s AND id > %(pk)s)) "
    "ORDER BY index DESC NULLS LAST, id LIMIT 50"
)
STATUSES = "SELECT status, count(*) FROM issues_issue WHERE department_id = %(department)s GROUP BY status"
PLAIN = "SELECT reference, title, status FROM issues_issue WHERE department_id = %(department)s ORDER BY id"
DESK = (
    "SELECT i.id, reference, title, status, item.place FROM handovers_handoveritem item "
    "JOIN issues_issue i ON i.id = item.issue_id WHERE item.is_current "
    "AND i.department_id = %(department)s AND status IN ('handed_over', 'acknowledged', 'scheduled', "
    "'in_progress', 'on_hold', 'reported_done') ORDER BY item.place, i.id LIMIT 50"
)
VIEW = (
    "SELECT id, reference, title, status, index FROM issues_issue WHERE department_id = %(department)s "
    "AND territory_id = (SELECT id FROM territories_territory WHERE code = 14) AND status = 'registered' "
    "ORDER BY index DESC NULLS LAST, id LIMIT 50"
)
PUBLIC = (
    "SELECT count(*) FROM issues_issue i JOIN issues_category c ON c.id = i.category_id "
    "WHERE visibility = 'public' AND privacy = 'publico'"
)
RECENT = (
    "SELECT i.id, reference, title, status, ST_AsGeoJSON(location) FROM issues_issue i "
    "JOIN issues_category c ON c.id = i.category_id WHERE visibility = 'public' AND privacy = 'publico' "
    "ORDER BY reported_at DESC, i.id DESC LIMIT 50"
)
CLUSTERS = "/api/v1/map/?zoom=12"
STANDING = (
    "SELECT item.department_id, territory_id, status, count(*) FROM handovers_handoveritem item "
    "JOIN issues_issue i ON i.id = item.issue_id WHERE item.is_current GROUP BY 1, 2, 3"
)
WAITING = (
    "SELECT territory_id, count(*) FROM issues_issue i JOIN issues_category c ON c.id = i.category_id "
    "WHERE visibility = 'public' AND privacy = 'publico' AND track = 'gestion' "
    "AND status IN ('registered', 'validated') GROUP BY 1"
)
EVERY = "SELECT count(*) FROM issues_issue"
WHOLE = "signed in, HTML with its form"
PAGE = "SELECT id, reference, title, status, index, reported_at FROM issues_issue WHERE {where} "
ORDER = "ORDER BY index DESC NULLS LAST, id LIMIT 50"
COUNT = "SELECT count(*) FROM (SELECT 1 FROM issues_issue WHERE {where} LIMIT 50001) AS counted"


def run(context: Context) -> list[Row]:
    """Each filter as a query, and as the whole page of the desk."""
    user = User.objects.get(username="direccion")
    client = Client()
    client.force_login(user)
    filtered = [row for name in FILTERS for row in _measure(name, context, user, client)]
    alone = [_deep_page(context, user), _facets(context, user), _csv(context, user)]
    return [*filtered, *alone, *_pages(context, user, client)]


def _pages(context: Context, user: User, client: Client) -> list[Row]:
    """Whole answers against the one statement that finds what they show."""
    save_view(user, "bench", "territory=14&status=registered&sort=-index", is_home=True)
    data = {"department": user.department_id}
    here, anyone, mayor = {"host": "localhost"}, Client(), Client()
    mayor.force_login(User.objects.get(username="alcaldia"))
    must_agree("clusters", anyone.get(CLUSTERS, headers=here).json()["total"], fetched(PUBLIC)[0][0])
    works = (
        ("desk, first page", lambda: client.get("/gestion/?stage=desk", headers=here), DESK, data),
        ("desk, by a saved view", lambda: client.get("/gestion/", follow=True, headers=here), VIEW, data),
        ("map, clusters of the whole city", lambda: anyone.get(CLUSTERS, headers=here), PUBLIC, ()),
        ("map of the cabinet, whole city", lambda: mayor.get(CLUSTERS, headers=here), EVERY, ()),
        ("API, first page of problems", lambda: anyone.get("/api/v1/issues/", headers=here), RECENT, ()),
        ("cabinet, its page", lambda: mayor.get("/alcaldia/", headers=here), STANDING, ()),
        ("cabinet, the next list", lambda: mayor.get("/alcaldia/listas/gestion/", headers=here), WAITING, ()),
        ("public indicators", lambda: anyone.get("/indicadores/", headers=here), STANDING, ()),
    )
    return [_page(name, work, sql, params, context) for name, work, sql, params in works]


def _page(name: str, work: Callable[[], object], sql: str, params: object, context: Context) -> Row:
    ours, bare = side_by_side(work, lambda: fetched(sql, params), context.repeats)
    return Row(name, context.size, ours, bare, note="the whole answer")


def _deep_page(context: Context, user: User) -> Row:
    """The fifty rows behind the middle of everything, by key, as far down as the first page is up."""
    query = QueryDict("stage=all&sort=-index&page_size=50", mutable=True)
    data = {"department": user.department_id}
    ((index, pk),) = fetched(MIDDLE, data)
    data |= {"index": index, "pk": pk}
    ordering = filters.ordering(query)
    query["cursor"] = keyset.cursor_of((index, pk), "n")

    def ours() -> list[str]:
        rows = filters.matching(user, query)
        return [issue.reference for issue in desk_views.page_of(rows, query, ordering, 50).items]

    def floor() -> list[str]:
        return [str(row[1]) for row in fetched(DEEP, data)]

    must_agree("deep page", ours(), floor())
    mine, bare = side_by_side(ours, floor, context.repeats)
    return Row("desk, deep page by key", context.size, mine, bare, goal=3.0)


def _facets(context: Context, user: User) -> Row:
    """The counts behind every choice of nine filters, against the counts of one status alone."""
    query, data = QueryDict("stage=all"), {"department": user.department_id}

    def floor() -> dict[str, int]:
        return {str(status): int(str(n)) for status, n in fetched(STATUSES, data)}

    must_agree("facets", facets.facet_counts(user, query)["status"], floor())
    ours, bare = side_by_side(lambda: facets.facet_counts(user, query), floor, context.repeats)
    return Row("desk, counts of nine filters (floor: one)", context.size, ours, bare)


def _csv(context: Context, user: User) -> Row:
    """Everything of the department as CSV, against COPY of three columns."""
    data = {"department": user.department_id}
    rows = filters.desk(user, QueryDict("stage=all")).order_by("pk")
    count = sum(1 for _line in csv_lines(rows, DESK_COLUMNS)) - 1
    ours, bare = side_by_side(
        lambda: sum(len(line) for line in csv_lines(rows, DESK_COLUMNS)), lambda: fetched(PLAIN, data), 1
    )
    return Row(
        "desk, CSV of all (floor: fetch of three columns)",
        context.size,
        ours,
        bare,
        note=f"{count / ours:,.0f} rows/s",
    )


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
    rows = filters.matching(user, query)
    page = desk_views.page_of(rows, query, filters.ordering(query), 50)
    return [issue.reference for issue in page.items], desk_views.total_of(rows, page)


def _floor(where: str, user: User) -> Callable[[], tuple[list[str], int]]:
    data = {"department": user.department_id}

    def fetch() -> tuple[list[str], int]:
        rows = fetched(PAGE.format(where=where) + ORDER, data)
        ((count,),) = fetched(COUNT.format(where=where), data)
        return [str(row[1]) for row in rows], int(count)

    return fetch


def _visit(client: Client, query: QueryDict) -> None:
    answer = client.get("/gestion/", query, headers={"host": "localhost"})
    if answer.status_code != 200:
        raise AssertionError(f"the desk answered {answer.status_code}")
