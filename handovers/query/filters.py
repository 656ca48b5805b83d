"""The managers' desk as a query: which problems, in which order, from the address alone.

On top of the filters every list shares (issues.query.filters):

    stage       desk (with the office, the default), coming, unverified, finished, closed, all
    list        numbers of published lists            round      rounds, 0 is the urgent lane
    max_place   best places up to this one            min_age    at least so many days since it was reported
    assigned    me, none, or names of users           cost       cost classes C0–C5
    answer      accept, refuse, none                  area       lng,lat;lng,lat;… a drawn polygon in degrees
    sort        a column, with - for descending
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.contrib.gis.geos import LinearRing, Polygon
from django.db.models import F, FilteredRelation, Q, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from handovers.models import Answer, CostClass
from issues.models import Issue, IssueQuerySet
from issues.query import keyset
from issues.query.filters import FILTERS as SHARED_FILTERS
from issues.query.filters import BadFilter, Params, filtered, values_of
from issues.workflow import FINISHED, WITH_DEPARTMENT, Status
from territories.geo import SRID, BadCoordinates, parse_number

# Stands for «has no place»: after every place of every list.
NO_PLACE = 2**31 - 1
MAX_CORNERS = 200
ON_DESK = WITH_DEPARTMENT | {Status.REPORTED_DONE}
STAGES: dict[str, frozenset[Status]] = {
    "desk": ON_DESK,
    "coming": frozenset({Status.REGISTERED, Status.VALIDATED}),
    "unverified": frozenset({Status.DONE_UNVERIFIED}),
    "finished": FINISHED,
    "closed": frozenset({Status.CLOSED}),
    "all": frozenset(Status),
}
_HOLDER, _OFFICE = "current__assigned_to__department_id", F("current__department_id")
# In charge is somebody who left the team or works in another office now: in truth, nobody.
HOLDER_LEFT = (
    Q(current__assigned_to__is_active=False)
    | Q(current__assigned_to__isnull=False, current__assigned_to__department__isnull=True)
    | Q(**{f"{_HOLDER}__lt": _OFFICE})
    | Q(**{f"{_HOLDER}__gt": _OFFICE})
)
SORT_KEYS = keyset.KEYS | {"place": keyset.KEYS["index"], "assigned": keyset.KEYS["title"]}


def desk(user: User, params: Params) -> IssueQuerySet:
    """The problems this person may work on, narrowed to what the address asks for.

    Each has `place` (NO_PLACE without one, 0 in the urgent lane), `round`, `item_id`, `assigned` (a
    username or empty). Raises BadFilter with one sentence.
    """
    return with_handover(matching(user, params), params)


def matching(user: User, params: Params) -> IssueQuerySet:
    """The same problems without their handovers, for keys and counts: only what a filter asks for is joined.

    Raises BadFilter with one sentence.
    """
    issues = _stage(user, params).annotate(current=_running())
    if stage_of(params) == "desk":
        issues = issues.filter(current__isnull=False)
    return filtered(own_part(issues, params, user), params)


def ordering(params: Params) -> keyset.Ordering:
    """The column the address sorts by; raises keyset.BadPage.

    By default the place on the desk itself, and the index where most problems have no place.
    """
    default = "place" if stage_of(params) == "desk" else "-index"
    return keyset.parse_ordering(params.get("sort", ""), default, SORT_KEYS)


def with_handover(issues: IssueQuerySet, params: Params) -> IssueQuerySet:
    """What `matching` found with the running handover of each problem."""
    return issues.annotate(**_handover_columns(params))


def all_with_handover(params: Params) -> IssueQuerySet:
    """All problems with their running handovers, to be joined to those of one page."""
    issues = Issue.objects.annotate(current=_running())
    if stage_of(params) == "desk":
        issues = issues.filter(current__isnull=False)
    return with_handover(issues, params)


def sortable(issues: IssueQuerySet, params: Params, order: keyset.Ordering) -> IssueQuerySet:
    """What `matching` found with the one column of the handover that an order needs, if any."""
    columns = _handover_columns(params)
    return issues.annotate(**{order.field: columns[order.field]}) if order.field in columns else issues


def _handover_columns(params: Params) -> dict[str, Combinable]:
    # On the desk itself all have a place, and the index on places serves the plain column only.
    place = F("current__place")
    return {
        "place": place if stage_of(params) == "desk" else Coalesce(place, NO_PLACE),
        "round": F("current__round"),
        "item_id": F("current__pk"),
        "assigned": Coalesce(F("current__assigned_to__username"), Value("")),
    }


def own_part(issues: IssueQuerySet, params: Params, user: User) -> IssueQuerySet:
    """Narrow by the filters that only the desk has."""
    for name, narrow in DESK_FILTERS.items():
        values = values_of(params, name) if name != "area" else _whole(params, name)
        if values:
            issues = narrow(issues, values, user)
    return issues


def stage_of(params: Params) -> str:
    """The stage asked for; a status asked for by name looks through all of them. Raises BadFilter."""
    given = values_of(params, "stage")
    stage = given[0] if given else "all" if values_of(params, "status") else "desk"
    if stage not in STAGES:
        raise BadFilter(_("«%(value)s» no existe en el filtro «%(name)s».") % _words(stage, "stage"))
    return stage


def without(params: QueryDict, *names: str) -> QueryDict:
    """The same address without some filters; what is in it stays as it was."""
    rest = params.copy()
    for name in names:
        rest.pop(name, None)
    return rest


def _running() -> FilteredRelation:
    return FilteredRelation("handover_items", condition=Q(handover_items__is_current=True))


def _stage(user: User, params: Params) -> IssueQuerySet:
    issues = Issue.objects.editable_by(user)
    stage = stage_of(params)
    return issues if stage == "all" else issues.filter(status__in=STAGES[stage])


def _numbers(name: str, values: list[str]) -> list[int]:
    if not all(value.isascii() and value.isdigit() and len(value) <= 6 for value in values):
        raise BadFilter(_("El filtro «%(name)s» lleva números enteros.") % {"name": name})
    return [int(value) for value in values]


def _list(issues: IssueQuerySet, values: list[str], user: User) -> IssueQuerySet:
    return issues.filter(Q(current__list_place__ranked_list__number__in=_numbers("list", values)))


def _round(issues: IssueQuerySet, values: list[str], user: User) -> IssueQuerySet:
    return issues.filter(Q(current__round__in=_numbers("round", values)))


def _max_place(issues: IssueQuerySet, values: list[str], user: User) -> IssueQuerySet:
    return issues.filter(Q(current__place__lte=_numbers("max_place", values)[0]))


def _min_age(issues: IssueQuerySet, values: list[str], user: User) -> IssueQuerySet:
    days = min(_numbers("min_age", values)[0], 36_500)
    return issues.filter(reported_at__lte=timezone.now() - dt.timedelta(days=days))


def _assigned(issues: IssueQuerySet, values: list[str], user: User) -> IssueQuerySet:
    wanted = Q(current__assigned_to__username__in=[v for v in values if v not in ("me", "none")])
    if "me" in values:
        wanted |= Q(current__assigned_to=user)
    if "none" in values:
        wanted |= Q(current__assigned_to__isnull=True) | HOLDER_LEFT
    return issues.filter(wanted)


def _answer(issues: IssueQuerySet, values: list[str], user: User) -> IssueQuerySet:
    _require_known(values, {*Answer.values, "none"}, "answer")
    return issues.filter(Q(current__answer__in=["" if value == "none" else value for value in values]))


def _cost(issues: IssueQuerySet, values: list[str], user: User) -> IssueQuerySet:
    _require_known(values, set(CostClass.values), "cost")
    return issues.filter(Q(current__cost_class__in=values))


def _area(issues: IssueQuerySet, values: list[str], user: User) -> IssueQuerySet:
    return issues.filter(location__coveredby=parse_area(values[0]))


def parse_area(text: str) -> Polygon:
    """Read «lng,lat;lng,lat;…», degrees, as a polygon in EPSG:4326; raises BadFilter."""
    corners = [_corner(part) for part in text.strip(";").split(";")[: MAX_CORNERS + 1]]
    if not 3 <= len(corners) <= MAX_CORNERS:
        raise BadFilter(_("Un área se dibuja con 3 a 200 esquinas."))
    polygon = Polygon(LinearRing(*corners, corners[0]), srid=SRID)
    if not polygon.valid or polygon.area == 0:
        raise BadFilter(_("El borde del área se cruza: dibújala de nuevo."))
    return polygon


def _corner(text: str) -> tuple[float, float]:
    try:
        lng, lat = (parse_number(number) for number in text.split(","))
    except (BadCoordinates, ValueError) as error:
        raise BadFilter(_("Cada esquina del área es longitud,latitud.")) from error
    if not (-180 <= lng <= 180 and -90 <= lat <= 90):
        raise BadFilter(_("Las esquinas del área van en grados."))
    return lng, lat


def _whole(params: Params, name: str) -> list[str]:
    text = params.get(name, "")
    if len(text) > 10_000:
        raise BadFilter(_("El filtro «%(name)s» es demasiado largo.") % {"name": name})
    return [text] if text.strip() else []


def _require_known(values: list[str], known: set[str], name: str) -> None:
    unknown = sorted(set(values) - known)
    if unknown:
        raise BadFilter(_("«%(value)s» no existe en el filtro «%(name)s».") % _words(unknown[0], name))


def _words(value: str, name: str) -> dict[str, str]:
    return {"value": value[:60], "name": name}


DeskFilter = Callable[[IssueQuerySet, list[str], User], IssueQuerySet]
DESK_FILTERS: dict[str, DeskFilter] = {
    "list": _list,
    "round": _round,
    "max_place": _max_place,
    "min_age": _min_age,
    "assigned": _assigned,
    "answer": _answer,
    "cost": _cost,
    "area": _area,
}
# What the address of the desk may hold; anything else is not kept in links or saved views.
KNOWN = (*SHARED_FILTERS, *DESK_FILTERS, "stage", "sort")
