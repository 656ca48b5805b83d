"""Taking a report from another system: the key first, then the report, all or nothing."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from django.contrib.gis.geos import Point
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from issues.life.registration import MAX_DESCRIPTION, MAX_TITLE, IssueRefused, NewIssue, register
from issues.models import Issue, Origin, Reporter, Visibility
from issues.photos.intake import PhotoRefused, add_photo
from maps.models import ClientKey
from maps.open311.formats import Refused
from maps.open311.services import category_of
from territories.geo import BadCoordinates, parse_point, plain
from territories.models import Place, PlaceKind

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
KEEP_REPORTER = dt.timedelta(days=180)
MOST_PHOTOS = 5
KEY_IN_ANY_BODY = re.compile(rb"""api_key["']?\s*[=:>]\s*["']?([\w-]{1,200})""")
SPOTS = (PlaceKind.CROSSING, PlaceKind.SQUARE, PlaceKind.STATION, PlaceKind.LANDMARK)


def take(request: HttpRequest) -> Issue:
    """Store one report with its photos and return it. Raises Refused; then nothing is stored."""
    client = _client(request)
    if request.content_type not in FORMS:
        raise Refused(400, _("Envía el formulario como application/x-www-form-urlencoded."))
    new = _new(request.POST, client)
    try:
        return _store(new, client, request)
    except (IssueRefused, PhotoRefused) as refused:
        raise Refused(400, str(refused)) from refused


def notice(issue: Issue, params: Mapping[str, str]) -> str:
    """The notice that the sender gets with the number."""
    sentences = [_("Recibimos tu problema.")]
    if issue.visibility == Visibility.REVIEW:
        sentences.append(_("Aparecerá en el mapa cuando alguien del equipo lo revise."))
    if params.get("media_url"):
        sentences.append(_("Las fotos enlazadas no se copian: envíalas como archivo."))
    return " ".join(sentences)


def _client(request: HttpRequest) -> ClientKey:
    key = request.POST.get("api_key") or request.GET.get("api_key") or _key_elsewhere(request)
    client = ClientKey.objects.holding(key[:200]).first() if key else None
    if client is None:
        raise Refused(403, _("Falta api_key o no es válida."))
    return client


def _key_elsewhere(request: HttpRequest) -> str:
    """The key in a body of another type (JSON, say): the refusal is about the type, not the key."""
    if request.content_type in FORMS:
        return ""
    found = KEY_IN_ANY_BODY.search(request.body)
    return found[1].decode() if found else ""


def _new(params: Mapping[str, str], client: ClientKey) -> NewIssue:
    code = params.get("service_code", "").strip()
    if not code:
        raise Refused(400, _("Falta service_code."))
    category = category_of(code)
    description = params.get("description", "").strip()
    if len(description) > MAX_DESCRIPTION:
        raise Refused(400, _("description admite 4.000 letras a lo más."))
    first = description.splitlines()[0] if description else category.name
    return NewIssue(
        title=first[:MAX_TITLE],
        description=description if description != first[:MAX_TITLE] else "",
        category=category,
        location=_location(params),
        address=params.get("address_string", "").strip()[:200],
        origin=Origin.OPEN311,
        moved_by_hand=True,
        visibility=Visibility.PUBLIC if client.publishes_at_once else Visibility.REVIEW,
    )


def _location(params: Mapping[str, str]) -> Point:
    """Latitude and longitude, or a place of our own gazetteer that has exactly this name."""
    if params.get("lat") or params.get("long"):
        try:
            return parse_point(lat=params.get("lat"), lng=params.get("long"))
        except BadCoordinates as error:
            raise Refused(400, str(error)) from error
    named = plain(params.get("address_string", "")[:200])
    place = Place.objects.filter(kind__in=SPOTS, search_name=named).first() if named else None
    if place is None:
        raise Refused(400, _("Falta el lugar: envía lat y long, o un cruce conocido en address_string."))
    return place.location.centroid


@transaction.atomic
def _store(new: NewIssue, client: ClientKey, request: HttpRequest) -> Issue:
    issue = register(new, actor=None, office=client.name)
    _keep_reporter(issue, request.POST)
    for file in _files(request):
        add_photo(issue, file.read(), actor=None, office=client.name)
    return issue


def _keep_reporter(issue: Issue, params: Mapping[str, str]) -> None:
    name = f"{params.get('first_name', '')} {params.get('last_name', '')}".strip()
    email, phone = params.get("email", "").strip(), params.get("phone", "").strip()
    if email:
        _check_email(email)
    if name or email or phone:
        expires = timezone.localdate() + KEEP_REPORTER
        facts = {"name": name[:120], "email": email, "phone": phone[:40], "expires_on": expires}
        Reporter.objects.create(issue=issue, **facts)


def _check_email(email: str) -> None:
    try:
        validate_email(email)
    except ValidationError as error:
        raise Refused(400, _("El correo no es válido.")) from error


def _files(request: HttpRequest) -> list[Any]:
    files = [file for name in request.FILES for file in request.FILES.getlist(name)]
    if len(files) > MOST_PHOTOS:
        raise Refused(400, _("Caben 5 fotos a lo más."))
    return files
