"""/api/v1/: where a newcomer starts, the addresses of what is here."""

from __future__ import annotations

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

PARTS = {
    "territories": "territories",
    "categories": "category-list",
    "issues": "issue-list",
    "gatherings": "gathering-list",
    "lists": "list-list",
    "handovers": "handover-list",
    "indicators": "indicators",
    "map": "map",
    "search": "search",
    "schema": "schema",
    "docs": "docs",
}


@extend_schema(exclude=True)
@api_view(["GET", "HEAD"])
def root(request: Request) -> Response:
    """Each part of the interface with its address."""
    return Response(
        {name: request.build_absolute_uri(reverse(f"api:{view}")) for name, view in PARTS.items()}
    )
