"""The list next to every map: which problems, in which order, and the filters."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.gis.db.models.functions import Envelope
from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from issues.models import Category, CategoryGroup, Issue, IssueQuerySet, Privacy
from issues.query import keyset
from issues.query.filters import FILTERS, Params, issues_asked_for, values_of
from issues.statuses import STATUS_CHOICES
from maps.search import meant
from territories.geo import parse_bbox
from territories.models import Territory

PAGE_SIZE = 25
# Beyond this many the exact number costs more than it is worth.
COUNT_UP_TO = 10_000
# People per km²: less is fields and industry, which need not be in the first view.
TOWN_DENSITY = 1000
Extent = tuple[float, float, float, float]
ORDERINGS = (
    ("-reported_at", _("Más recientes")),
    ("-index", _("Mayor puntaje")),
    ("-support_count", _("Más apoyos")),
    ("-updated_at", _("Con novedades")),
    ("reported_at", _("Más antiguos")),
)
MORE_FILTERS = ("group", "category", "min_index", "reported_from", "reported_to")
STATUS_OPTIONS = [("open", _("abiertos")), ("finished", _("terminados")), *STATUS_CHOICES]


@dataclass(frozen=True)
class Listing:
    """One page of problems, how many in all, whether that is a floor, and the places meant."""

    page: keyset.Page
    count: int
    is_more: bool
    places: list[dict]


def listing(user: User | AnonymousUser, params: Params) -> Listing:
    """What a person asked for in an address; raises BadFilter or BadPage with a sentence."""
    issues = issues_asked_for(user, params)
    ordering = keyset.parse_ordering(params.get("ordering", ""))
    lines = keyset.Lines(for_list(Issue.objects.all()))
    page = keyset.page(issues, ordering, params.get("cursor", ""), PAGE_SIZE, lines)
    count, is_more = counted(issues)
    return Listing(page, count, is_more, meant(params.get("q", ""), user, is_nothing_found=not count))


def counted(issues: IssueQuerySet, up_to: int = COUNT_UP_TO) -> tuple[int, bool]:
    """How many, counted no further than `up_to`, and whether there are more."""
    count = issues.order_by()[: up_to + 1].count()
    return min(count, up_to), count > up_to


def for_list(issues: IssueQuerySet) -> IssueQuerySet:
    """With only what a line of the list shows."""
    return issues.select_related("category__group", "territory").only(
        "reference", "title", "status", "closing_kind", "visibility", "index", "severity", "location",
        "reported_at", "support_count", "category__name", "category__track", "category__group__icon",
        "category__group__name", "territory__name", "territory__slug",
    )  # fmt: skip


def choices(params: Params) -> dict[str, object]:
    """What the filter form offers, and what is chosen in it."""
    public = Category.objects.filter(privacy=Privacy.PUBLIC)
    return {
        "territories": Territory.objects.current().only("code", "name", "slug"),
        "groups": CategoryGroup.objects.prefetch_related(Prefetch("categories", public)),
        "statuses": STATUS_OPTIONS,
        "orderings": ORDERINGS,
        "chosen": {name: values_of(params, name) for name in FILTERS},
        "extra_filters": sum(bool(values_of(params, name)) for name in MORE_FILTERS),
        "ordering": params.get("ordering", "-reported_at"),
    }


def page_settings(params: Params) -> dict[str, object]:
    """What the page's script needs: addresses, where each neighbourhood lies."""
    boxes = territory_boxes()
    return addresses() | {
        "extent": list(settings.COMMUNE_EXTENT),
        "town": start_box({}, boxes) or list(settings.COMMUNE_EXTENT),
        "territories": boxes,
        "start": start_box(params, boxes),
    }


def addresses() -> dict[str, object]:
    """Addresses for the scripts of pages with a map."""
    return {
        "home_url": reverse("home"),
        "map_url": reverse("api:map"),
        "search_url": reverse("api:search"),
    }


def territory_boxes() -> list[dict]:
    """Code, slug, density (people per km²) and (west, south, east, north) of each neighbourhood in force."""
    rows = Territory.objects.current().annotate(box=Envelope("outline"))
    return [
        {
            "code": row.code,
            "slug": row.slug,
            "bbox": row.box.extent,
            "density": round(1_000_000 * (row.population or 0) / row.area_m2),
        }
        for row in rows.only("code", "slug", "population", "area_m2")
    ]


def start_box(params: Params, boxes: list[dict]) -> Extent | None:
    """Where the map starts: the box asked for, else the neighbourhoods asked for, else where people live."""
    asked = values_of(params, "bbox")
    if asked:
        box = parse_bbox(asked[0])
        return (box.west, box.south, box.east, box.north)
    wanted = set(values_of(params, "territory"))
    chosen = [box for box in boxes if {box["slug"], str(box["code"])} & wanted]
    return _union(chosen or [box for box in boxes if box["density"] >= TOWN_DENSITY] or boxes)


def _union(boxes: list[dict]) -> Extent | None:
    if not boxes:
        return None
    west, south, east, north = zip(*(box["bbox"] for box in boxes), strict=True)
    return (min(west), min(south), max(east), max(north))
