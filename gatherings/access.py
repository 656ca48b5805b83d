"""Fetching a gathering that the visitor may see or conduct."""

from __future__ import annotations

import uuid

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from gatherings.models import Gathering


def visible_gathering(request: HttpRequest, gathering_id: uuid.UUID) -> Gathering:
    """The gathering with names; raises Http404 where its visitor may not see it."""
    return get_object_or_404(Gathering.objects.visible_to(request.user).with_names(), pk=gathering_id)


def entered_gathering(request: HttpRequest, gathering_id: uuid.UUID) -> Gathering:
    """The gathering with names; raises Http404 where its visitor neither conducts it nor may count in it."""
    return get_object_or_404(Gathering.objects.counted_by(request.user).with_names(), pk=gathering_id)


def planned_gathering(request: HttpRequest, gathering_id: uuid.UUID) -> Gathering:
    """The gathering with names; raises Http404 where its visitor may not move it or call it off."""
    return get_object_or_404(Gathering.objects.planned_by(request.user).with_names(), pk=gathering_id)
