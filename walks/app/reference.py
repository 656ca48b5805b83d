"""What a tablet needs to work without network: categories, boundaries, places, known problems."""

from __future__ import annotations

import json

from django.contrib.gis.db.models.functions import AsGeoJSON
from django.db.models import Count, F, FloatField, Func

from accounts.models import User
from issues.index import DEFAULT_WEIGHTS
from issues.life.registration import weights_in_force
from issues.models import Category, Issue, IssueQuerySet
from issues.statuses import STATUS_LABELS
from territories.models import BoundarySet, Place, Territory
from walks.models import Device

MAX_KNOWN = 2_000
SCHEMA = 1


def reference_for(user: User | None, device: Device | None) -> dict:
    """Everything one tablet keeps, as JSON values; coordinates are [lng, lat] in EPSG:4326.

    A tablet that was revoked, or by itself lay about too long, is told what everybody may read.
    """
    people = _readers(user, device)
    codes = sorted({code for person in people for code in person.territory_codes})
    return {
        "schema": SCHEMA,
        "categories": categories(),
        "boundaries": boundaries(),
        "care_places": care_places(),
        "weights": list(weights_in_force() or DEFAULT_WEIGHTS),
        "issues": known_issues(people, codes),
        "territories": codes,
    }


def categories() -> list[dict]:
    """Open categories, their group and icon, and how often each was used."""
    found = Category.objects.open().select_related("group").annotate(used=Count("issues"))
    return [
        {
            "code": category.code,
            "name": category.name,
            "example": category.example,
            "group": category.group.name,
            "group_code": category.group.code,
            "icon": category.group.icon,
            "severity": category.suggested_severity,
            "used": category.used,
        }
        for category in found.order_by("group__position", "position", "code")
    ]


def boundaries() -> dict:
    """The set in force: its id is the version that records name."""
    chosen = BoundarySet.objects.in_force().first()
    if chosen is None:
        return {"id": None, "approximate": False, "territories": []}
    rows = Territory.objects.filter(boundary_set=chosen).order_by("code")
    shapes = rows.annotate(shape=AsGeoJSON("boundary", precision=6)).values_list(
        "code", "name", "slug", "shape"
    )
    return {
        "id": chosen.pk,
        "approximate": chosen.is_approximate,
        "territories": [
            {"code": code, "name": name, "slug": slug, "boundary": json.loads(shape)}
            for code, name, slug, shape in shapes
        ],
    }


def care_places() -> list[list]:
    """[kind, name, lng, lat] of what raises level V; areas by a point inside them."""
    kinds = (*Place.CARE_KINDS, *Place.MILD_KINDS)
    inside = Func(F("location"), function="ST_PointOnSurface")
    spots = Place.objects.filter(kind__in=kinds).annotate(lng=degrees(inside, "X"), lat=degrees(inside, "Y"))
    return [list(row) for row in spots.values_list("kind", "name", "lng", "lat")]


def known_issues(people: list[User], codes: list[int]) -> list[list]:
    """[id, reference, title, category, status, label, lng, lat] of open problems of the own barrios."""
    rows = _near(people, codes).open().order_by("-reported_at", "-id")
    rows = rows.annotate(lng=degrees("location", "X"), lat=degrees("location", "Y"))
    values = rows.values_list("id", "reference", "title", "category__code", "status", "lng", "lat")
    return [
        [str(pk), reference, title, category, status, str(STATUS_LABELS[status]), lng, lat]
        for pk, reference, title, category, status, lng, lat in values[:MAX_KNOWN]
    ]


def degrees(point: str | Func, axis: str) -> Func:
    """One coordinate of a point as a number: "X" is the longitude, "Y" the latitude."""
    return Func(point, function=f"ST_{axis}", output_field=FloatField())


def _readers(user: User | None, device: Device | None) -> list[User]:
    """For whom a tablet reads: who is signed in, else those of its people who may still walk."""
    if device is not None and device.is_revoked:
        return []
    if user is not None:
        return [user]
    if device is None or device.is_idle:
        return []
    return [person for person in device.people.filter(is_active=True) if person.may_walk]


def _near(people: list[User], codes: list[int]) -> IssueQuerySet:
    """Open to everybody: what is hidden stays off a thing that is carried through the streets."""
    if not people:
        return Issue.objects.none()
    everywhere = any(person.sees_everything for person in people)
    return Issue.objects.public() if everywhere else Issue.objects.public().filter(territory__code__in=codes)
