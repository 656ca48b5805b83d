"""Which issues: the one reading of the filters that list, map, desk, exports, feeds and API share.

The URL is the filter. Several values are separated by commas or given several times; an empty
parameter equals an absent one.

    territory   codes or slugs of neighbourhoods        category    codes
    group       codes of category groups                status      names of statuses, or open / finished
    department  codes                                   track       gestion, inversion, urgencia, derivacion
    origin      walk, gathering, …                      min_index   0–100, as shown
    bbox        west,south,east,north in degrees        q           words
    reported_from, reported_to, updated_from, updated_to   days (2026-11-22) or moments (ISO 8601)
    overdue     true / false
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal, InvalidOperation

from django.db.models import F, IntegerField, Q, QuerySet, TextField
from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from accounts.models import Department
from accounts.requests import Visitor
from issues import workflow
from issues.models import Category, CategoryGroup, Issue, IssueQuerySet, Origin, Track
from issues.workflow import Status
from territories.compiled_queries import CompiledQuery, InArray
from territories.geo import BadCoordinates, parse_bbox
from territories.models import Territory, TerritoryQuerySet

MAX_LENGTH = 400
MAX_VALUES = 100
STATUS_GROUPS = {"open": workflow.OPEN, "finished": workflow.FINISHED}


class BadFilter(ValueError):
    """A filter that cannot be read; the text says in one sentence what to change."""


Params = Mapping[str, str] | QueryDict
Filter = Callable[[IssueQuerySet, list[str]], IssueQuerySet]


def filtered(queryset: IssueQuerySet, params: Params) -> IssueQuerySet:
    """The rows that all given parameters ask for; unknown parameters are ignored.

    Raises BadFilter with one sentence when a value cannot be read.
    """
    for name, narrow in FILTERS.items():
        values = values_of(params, name)
        if values:
            queryset = narrow(queryset, values)
    return queryset


def values_of(params: Params, name: str) -> list[str]:
    """The values of one parameter, split at commas, without empty ones; `q` and `bbox` stay whole.

    Raises BadFilter for too many values or too long ones.
    """
    given = (
        params.getlist(name) if isinstance(params, QueryDict) else [params[name]] if name in params else []
    )
    if any(len(text) > MAX_LENGTH for text in given):
        raise BadFilter(_("El filtro «%(name)s» es demasiado largo.") % {"name": name})
    pieces = given if name in ("q", "bbox") else [part for text in given for part in text.split(",")]
    values = [piece.strip() for piece in pieces if piece.strip()]
    if len(values) > MAX_VALUES:
        raise BadFilter(_("El filtro «%(name)s» tiene demasiados valores.") % {"name": name})
    return values


def territories_of(values: list[str]) -> list[int]:
    """The ids of the neighbourhoods in force of these codes or slugs; raises BadFilter for unknown ones."""
    codes = [int(value) for value in values if _is_small_number(value)]
    slugs = [value for value in values if not _is_small_number(value)]
    current = _CURRENT.rows(codes=codes, slugs=slugs)
    if not set(values) <= _names(current):
        _all_known(values, _names(_rows(_named_territories(codes, slugs))), "territory")
    return [pk for pk, _code, _slug in current]


def _named_territories(codes: list[int], slugs: list[str]) -> TerritoryQuerySet:
    named = InArray(F("code"), codes, IntegerField()), InArray(F("slug"), slugs, TextField())
    return Territory.objects.filter(Q(named[0]) | Q(named[1])).order_by()


def _rows(territories: TerritoryQuerySet) -> QuerySet[Territory, tuple[int, int, str]]:
    return territories.order_by().values_list("pk", "code", "slug")


def _by_codes(model: type[Category | CategoryGroup | Department]) -> CompiledQuery:
    def coded(codes: list[str]) -> QuerySet:
        named = model.objects.filter(InArray(F("code"), codes, TextField()))
        return named.order_by().values_list("code", "pk")

    return CompiledQuery(coded, codes=["?"])


_CURRENT = CompiledQuery(
    lambda codes, slugs: _rows(_named_territories(codes, slugs).current()), codes=[-1], slugs=["?"]
)
_CODES = {model: _by_codes(model) for model in (Category, CategoryGroup, Department)}


def statuses_of(values: list[str]) -> set[str]:
    """The statuses of these names, groups resolved; raises BadFilter for unknown ones."""
    _all_known(values, set(Status) | set(STATUS_GROUPS), "status")
    return {str(status) for value in values for status in STATUS_GROUPS.get(value, [value])}


def _territory(queryset: IssueQuerySet, values: list[str]) -> IssueQuerySet:
    # Numbers, not a subquery: the planner can then start from the index of one neighbourhood.
    return queryset.filter(territory_id__in=territories_of(values))


def _names(territories: Iterable[tuple[int, int, str]]) -> set[str]:
    return {name for _pk, code, slug in territories for name in (str(code), slug)}


def _category(queryset: IssueQuerySet, values: list[str]) -> IssueQuerySet:
    return _by_code(queryset, Category, "category", values)


def _group(queryset: IssueQuerySet, values: list[str]) -> IssueQuerySet:
    rows = dict(_CODES[CategoryGroup].rows(codes=values))
    _all_known(values, set(rows), "group")
    return queryset.filter(category__group_id__in=list(rows.values()))


def _department(queryset: IssueQuerySet, values: list[str]) -> IssueQuerySet:
    return _by_code(queryset, Department, "department", values)


def _by_code(
    queryset: IssueQuerySet, model: type[Category | Department], name: str, values: list[str]
) -> IssueQuerySet:
    rows = dict(_CODES[model].rows(codes=values))
    _all_known(values, set(rows), name)
    return queryset.filter(**{f"{name}_id__in": list(rows.values())})


def _status(queryset: IssueQuerySet, values: list[str]) -> IssueQuerySet:
    return queryset.filter(status__in=statuses_of(values))


def _track(queryset: IssueQuerySet, values: list[str]) -> IssueQuerySet:
    _all_known(values, set(Track.values), "track")
    return queryset.filter(category__track__in=values)


def _origin(queryset: IssueQuerySet, values: list[str]) -> IssueQuerySet:
    _all_known(values, set(Origin.values), "origin")
    return queryset.filter(origin__in=values)


def _min_index(queryset: IssueQuerySet, values: list[str]) -> IssueQuerySet:
    sentence = _("min_index es un número de 0 a 100, por ejemplo 63.3.")
    try:
        shown = Decimal(values[0]) if values[0].isascii() else Decimal("NaN")
    except InvalidOperation as error:
        raise BadFilter(sentence) from error
    if not (shown.is_finite() and 0 <= shown <= 100):
        raise BadFilter(sentence)
    return queryset.filter(index__gte=smallest_i3_shown_as(shown))


def smallest_i3_shown_as(shown: Decimal) -> int:
    """The smallest I3 (0–300) whose display, I3/3 rounded half up to a tenth, is at least `shown`."""
    return max(0, math.ceil(3 * shown - Decimal("0.15")))


def _bbox(queryset: IssueQuerySet, values: list[str]) -> IssueQuerySet:
    try:
        return queryset.in_bbox(parse_bbox(values[0]))
    except BadCoordinates as error:
        raise BadFilter(str(error)) from error


def _words(queryset: IssueQuerySet, values: list[str]) -> IssueQuerySet:
    return queryset.matching(" ".join(values))


def _overdue(queryset: IssueQuerySet, values: list[str]) -> IssueQuerySet:
    _all_known(values, {"true", "false", "1", "0"}, "overdue")
    if values[0] in ("true", "1"):
        return queryset.overdue(timezone.localdate())
    return queryset.exclude(pk__in=queryset.overdue(timezone.localdate()).values("pk"))


def _since(field: str) -> Filter:
    def narrow(queryset: IssueQuerySet, values: list[str]) -> IssueQuerySet:
        return queryset.filter(**{f"{field}__gte": moment_of(values[0], end_of_day=False)})

    return narrow


def _until(field: str) -> Filter:
    def narrow(queryset: IssueQuerySet, values: list[str]) -> IssueQuerySet:
        return queryset.filter(**{f"{field}__lt": moment_of(values[0], end_of_day=True)})

    return narrow


FILTERS: dict[str, Filter] = {
    "territory": _territory,
    "category": _category,
    "group": _group,
    "status": _status,
    "department": _department,
    "track": _track,
    "origin": _origin,
    "min_index": _min_index,
    "bbox": _bbox,
    "q": _words,
    "reported_from": _since("reported_at"),
    "reported_to": _until("reported_at"),
    "updated_from": _since("updated_at"),
    "updated_to": _until("updated_at"),
    "overdue": _overdue,
}


def moment_of(text: str, *, end_of_day: bool) -> dt.datetime:
    """A day (in the commune's time, whole when it is an end) or a moment; raises BadFilter."""
    try:
        day, moment = parse_date(text), parse_datetime(text.replace(" ", "+"))
        if day:
            day += dt.timedelta(days=1) if end_of_day else dt.timedelta()
            moment = dt.datetime.combine(day, dt.time.min)
        if moment and 1900 <= moment.year <= 2200:
            return moment if timezone.is_aware(moment) else timezone.make_aware(moment)
    except (ValueError, OverflowError) as error:
        raise BadFilter(_bad_date(text)) from error
    raise BadFilter(_bad_date(text))


def _bad_date(text: str) -> str:
    return _("«%(text)s» no es una fecha: escríbela como 2026-11-22.") % {"text": text[:40]}


def _is_small_number(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) <= 6


def _all_known(values: list[str], known: set[str], name: str) -> None:
    unknown = sorted(set(values) - known)
    if unknown:
        raise BadFilter(
            _("«%(value)s» no existe en el filtro «%(name)s».") % {"value": unknown[0][:60], "name": name}
        )


def issues_asked_for(user: Visitor, params: Params) -> IssueQuerySet:
    """What a person may see, narrowed to what was asked for."""
    return filtered(Issue.objects.visible_to(user), params)
