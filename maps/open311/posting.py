"""Taking a report from another system: the key first, then the report, all or nothing."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from hashlib import sha256

from django.contrib.gis.geos import Point
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import validate_email
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from core.gate import FORMS
from core.letters import fold
from core.postgis import identity
from core.typing import present
from issues.life.registration import MAX_DESCRIPTION, MAX_TITLE, IssueRefused, NewIssue, register
from issues.models import Issue, Origin, Reporter, Visibility
from issues.photos import quota
from issues.photos.darkroom import PhotoRefused
from issues.photos.intake import add_photos
from maps.models import ClientKey, SentReport
from maps.open311.formats import Refused
from maps.open311.services import category_of
from territories.geo import BadCoordinates, parse_point
from territories.models import Place, PlaceKind

KEEP_REPORTER = dt.timedelta(days=180)
MOST_PHOTOS = 5
# What of a report is stored as it came, and how many letters it may have; two names share 120.
LONGEST = {
    "description": MAX_DESCRIPTION,
    "address_string": 200,
    "first_name": 60,
    "last_name": 59,
    "email": 254,
    "phone": 40,
}
KEY_IN_ANY_BODY = re.compile(rb"""api_key["']?\s*[=:>]\s*["']?([\w-]{1,200})""")
SPOTS = (PlaceKind.CROSSING, PlaceKind.SQUARE, PlaceKind.STATION, PlaceKind.LANDMARK)


def take(request: HttpRequest) -> Issue:
    """Store one report with its photos and return it; the same report again is the same issue.

    Raises Refused; then nothing is stored, but what the key sent counts.
    """
    client = _client(request)
    try:
        quota.charge(f"key:{client.pk}", (file.size or 0 for _name, file in _files(request)))
    except PhotoRefused as refused:
        raise Refused(refused.status, str(refused)) from refused
    return _taken(request, client)


@transaction.atomic
def _taken(request: HttpRequest, client: ClientKey) -> Issue:
    if request.content_type not in FORMS:
        raise Refused(400, _("Envía el formulario como application/x-www-form-urlencoded."))
    slot = SentReport.objects.slot(client, _digest(request))
    if slot.issue_id is None:
        slot.issue = _registered(request, client)
        slot.save(update_fields=["issue"])
    with identity.holding(str(slot.issue_id)):
        return present(slot.issue)


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


def _digest(request: HttpRequest) -> str:
    """Of everything that was told, in any order, and of the files; keyed, for people are named in it."""
    words = sorted((name, *values) for name, values in request.POST.lists() if name != "api_key")
    files = [[name, sha256(file.read()).hexdigest()] for name, file in _files(request)]
    for _name, file in _files(request):
        file.seek(0)
    return salted_hmac("maps.open311", json.dumps([words, files]), algorithm="sha256").hexdigest()


def _registered(request: HttpRequest, client: ClientKey) -> Issue:
    try:
        return _store(_new(request.POST, client), client, request)
    except IssueRefused as refused:
        raise Refused(400, str(refused)) from refused
    except PhotoRefused as refused:
        raise Refused(refused.status, str(refused)) from refused


def _new(params: Mapping[str, str], client: ClientKey) -> NewIssue:
    _check_lengths(params)
    code = params.get("service_code", "").strip()
    if not code:
        raise Refused(400, _("Falta service_code."))
    category = category_of(code)
    description = params.get("description", "").strip()
    first = description.splitlines()[0] if description else category.name
    return NewIssue(
        title=first[:MAX_TITLE],
        description=description if description != first[:MAX_TITLE] else "",
        category=category,
        location=_location(params),
        address=params.get("address_string", "").strip(),
        origin=Origin.OPEN311,
        moved_by_hand=True,
        visibility=Visibility.PUBLIC if client.publishes_at_once else Visibility.REVIEW,
    )


def _check_lengths(params: Mapping[str, str]) -> None:
    for name, most in LONGEST.items():
        if len(params.get(name, "")) > most:
            told = {"name": name, "most": number_format(most, force_grouping=True)}
            raise Refused(400, _("%(name)s admite %(most)s letras a lo más.") % told)


def _location(params: Mapping[str, str]) -> Point:
    """Latitude and longitude, or a place of our own gazetteer that has exactly this name."""
    if params.get("lat") or params.get("long"):
        try:
            return parse_point(lat=params.get("lat"), lng=params.get("long"))
        except BadCoordinates as error:
            raise Refused(400, str(error)) from error
    named = fold(params.get("address_string", ""))
    place = Place.objects.filter(kind__in=SPOTS, search_name=named).first() if named else None
    if place is None:
        raise Refused(400, _("Falta el lugar: envía lat y long, o un cruce conocido en address_string."))
    return place.location.centroid


@transaction.atomic
def _store(new: NewIssue, client: ClientKey, request: HttpRequest) -> Issue:
    issue = register(new, actor=None, office=client.name)
    keep_reporter(issue, request.POST)
    with identity.holding(str(issue.pk)):
        add_photos(issue, (file.read() for _name, file in _files(request)), actor=None, office=client.name)
    return issue


def keep_reporter(issue: Issue, params: Mapping[str, str]) -> None:
    """Keep apart who told it, for KEEP_REPORTER; raises Refused when the mail address is none."""
    name = f"{params.get('first_name', '')} {params.get('last_name', '')}".strip()
    email, phone = params.get("email", "").strip(), params.get("phone", "").strip()
    if email:
        _check_email(email)
    if name or email or phone:
        expires = timezone.localdate() + KEEP_REPORTER
        facts = {"name": name, "email": email, "phone": phone, "expires_on": expires}
        with identity.holding(str(issue.pk)):
            Reporter.objects.create(issue=issue, **facts)


def _check_email(email: str) -> None:
    try:
        validate_email(email)
    except ValidationError as error:
        raise Refused(400, _("El correo no es válido.")) from error


def _files(request: HttpRequest) -> list[tuple[str, UploadedFile]]:
    files = [(name, file) for name in request.FILES for file in request.FILES.getlist(name)]
    if len(files) > MOST_PHOTOS:
        raise Refused(400, _("Caben 5 fotos a lo más."))
    return files
