"""Problems as GeoJSON features that PostgreSQL writes, for lists and files."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Case, CharField, DecimalField, F, Value, When
from django.db.models.functions import Cast, Round

from issues.models import IssueQuerySet
from issues.statuses import STATUS_LABELS
from territories.geojson import feature

CHUNK = 2000
LIST_FIELDS = {
    "reference": "reference",
    "title": "title",
    "description": "description",
    "address": "address",
    "category": "category__code",
    "category_name": "category__name",
    "group": "category__group__code",
    "track": "category__track",
    "territory": "territory__code",
    "territory_name": "territory__name",
    "department": "department__code",
    "department_name": "department__name",
    "status": "status",
    "status_since": "status_since",
    "closing_kind": "closing_kind",
    "duplicate_of": "duplicate_of__reference",
    "severity": "severity",
    "reach": "reach",
    "duration": "duration",
    "vulnerability": "vulnerability",
    "committed_date": "committed_date",
    "due_date": "due_date",
    "support_count": "support_count",
    "origin": "origin",
    "reported_at": "reported_at",
    "updated_at": "updated_at",
}


def issue_feature() -> Cast:
    """Expression: an issue as the text of a GeoJSON feature, for lists."""
    status_label = Case(
        *(When(status=status, then=Value(str(label))) for status, label in STATUS_LABELS.items()),
        output_field=CharField(),
    )
    return feature(
        "location",
        {name: F(path) for name, path in LIST_FIELDS.items()}
        | {
            "status_label": status_label,
            "index": Round(Cast("index", DecimalField(max_digits=9, decimal_places=6)) / Value(3), 1),
        },
    )


def geojson_parts(issues: IssueQuerySet) -> Iterator[str]:
    """A FeatureCollection (RFC 7946) in pieces, oldest first; EPSG:4326, longitude before latitude."""
    found = issues.order_by("reported_at", "id").annotate(feature=issue_feature())
    yield '{"type":"FeatureCollection","features":['
    separator = ""
    for (feature_text,) in found.values_list("feature").iterator(chunk_size=CHUNK):
        yield separator + feature_text
        separator = ","
    yield "]}"
