"""What is filtered, as files: CSV, XLSX, GeoJSON, GeoPackage. Public problems only."""

from __future__ import annotations

from collections.abc import Iterator

from issues.api_views import issue_feature
from issues.models import Issue, IssueQuerySet
from issues.query.files import CHUNK, COLUMNS, TooMany, csv_lines, geopackage_file, headings, xlsx_file
from issues.query.filters import Params, filtered

__all__ = [
    "HEADINGS",
    "IssueQuerySet",
    "TooMany",
    "csv_lines",
    "geojson_parts",
    "geopackage_file",
    "public_issues",
    "xlsx_file",
]
HEADINGS = headings(COLUMNS)


def public_issues(params: Params) -> IssueQuerySet:
    """The public problems that an address asks for; raises BadFilter."""
    return filtered(Issue.objects.public(), params)


def geojson_parts(issues: IssueQuerySet) -> Iterator[str]:
    """A FeatureCollection (RFC 7946) in pieces; PostgreSQL writes the features."""
    found = issues.order_by("reported_at", "id").annotate(feature=issue_feature())
    yield '{"type":"FeatureCollection","features":['
    separator = ""
    for (feature,) in found.values_list("feature").iterator(chunk_size=CHUNK):
        yield separator + feature
        separator = ","
    yield "]}"
