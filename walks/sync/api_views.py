"""The part of /api/v1/ that belongs to walks: what the tablet's outbox talks to."""

from __future__ import annotations

import uuid
from dataclasses import asdict

from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponseBase
from django.middleware.csrf import get_token
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions
from rest_framework.exceptions import APIException, ParseError, PermissionDenied
from rest_framework.parsers import BaseParser
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.letters import line_of
from core.postgis import identity
from core.typing import present
from issues.photos import quota
from issues.photos.quota import QuotaUsed
from walks.app.reference import reference_for
from walks.models import DEVICE_DAYS
from walks.sync import arrivals, devices
from walks.sync.arrivals import MAX_WHOLE_BYTES, Arrival
from walks.sync.authentication import MayAppend, TabletAuthentication
from walks.sync.envelope import BadHash, Malformed, read_batch, read_json, read_uuid
from walks.sync.inbox import receive
from walks.sync.projection import SignIn
from walks.sync.reconcile import differences, read_pairs
from walks.sync.serializers import (
    BatchSerializer,
    DifferencesSerializer,
    EnrolledSerializer,
    EnrolmentSerializer,
    PairsSerializer,
    PhotoReceiptSerializer,
    ReceiptSerializer,
    SessionSerializer,
)

# The oldest version of the walk app whose records are still understood.
OLDEST_APP = 1
# 20 bodies of 64 KB: written as JSON text inside JSON, a letter may take three times its room.
MAX_BATCH_BYTES = 4 * 1024 * 1024
MAX_RECONCILE_BYTES = 4 * 1024 * 1024
UUID_PARAMETER = OpenApiParameter("photo_id", OpenApiTypes.UUID, OpenApiParameter.PATH)


class TooLarge(APIException):
    """413."""

    status_code = 413
    default_detail = "Too large."


class Throttled(exceptions.Throttled):
    """429, with the sentence as it is and the seconds to wait in a header."""

    def __init__(self, seconds: int, sentence: str) -> None:
        APIException.__init__(self, sentence)
        self.wait = seconds


class Unavailable(APIException):
    """503: the database is away; the tablet keeps what it has and tries later."""

    status_code = 503
    default_detail = "Unavailable."


class AnyBytes(BaseParser):
    """Passes the body on unread."""

    media_type = "*/*"

    def parse(
        self, stream: object, media_type: str | None = None, parser_context: dict | None = None
    ) -> None:
        """Nothing is parsed here: views read `request.body` after checking its length."""


class SyncView(APIView):
    """The base of all views of the outbox."""

    authentication_classes = [TabletAuthentication]
    permission_classes = [MayAppend]
    parser_classes = [AnyBytes]

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        """By the door of tablets: the database takes in what they send."""
        with identity.behind("inbox"):
            return super().dispatch(request, *args, **kwargs)

    def handle_exception(self, exc: Exception) -> Response:
        """A database that is away is a 503, not an error of the tablet."""
        if isinstance(exc, OperationalError):
            exc = Unavailable(_("El servidor está ocupado. Lo guardado sigue en la tableta."))
        if isinstance(exc, QuotaUsed):
            exc = Throttled(exc.seconds, str(exc))
        if isinstance(exc, Malformed | BadHash):
            exc = ParseError(
                {"detail": str(exc), "result": "bad_hash" if isinstance(exc, BadHash) else "error"}
            )
        return super().handle_exception(exc)

    def finalize_response(
        self, request: Request, response: HttpResponseBase, *args: object, **kwargs: object
    ) -> HttpResponseBase:
        """Never cached; the tablet's cookie slides."""
        final = super().finalize_response(request, response, *args, **kwargs)
        final["Cache-Control"] = "no-store"
        token = request.COOKIES.get(devices.COOKIE)
        if response.status_code < 300 and request.auth is not None and token:
            person = self.signed_in(request).sender
            if devices.seen(request.auth, person):
                set_cookie(final, token)
        return final

    @staticmethod
    def signed_in(request: Request) -> SignIn:
        """The tablet and the person behind a request."""
        person = request.user if request.user and request.user.is_authenticated else None
        return SignIn(request.auth, person)

    @staticmethod
    def limited_body(request: Request, limit: int) -> bytes:
        """The raw body; raises TooLarge before reading when it says it is longer than `limit` bytes."""
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdecimal() or int(length) > limit:
            raise TooLarge(_("Es demasiado para un solo envío."))
        return request.body


class SyncBatch(SyncView):
    """Records made on a tablet."""

    @extend_schema(
        request={"application/json": BatchSerializer}, responses=ReceiptSerializer, operation_id="sync_create"
    )
    def post(self, request: Request) -> Response:
        """Store up to 20 records; each gets its own answer, after the commit."""
        raw = read_batch(self.limited_body(request, MAX_BATCH_BYTES))
        results = receive(raw, self.signed_in(request))
        return Response({"server_now": timezone.now(), "results": [asdict(result) for result in results]})


class SyncPhotoBytes(SyncView):
    """The bytes of one photo."""

    @extend_schema(
        request={"application/octet-stream": OpenApiTypes.BINARY},
        parameters=[
            UUID_PARAMETER,
            OpenApiParameter("record", OpenApiTypes.UUID, required=True),
            OpenApiParameter("sha256", OpenApiTypes.STR, required=True),
            OpenApiParameter("part", OpenApiTypes.INT),
            OpenApiParameter("parts", OpenApiTypes.INT),
        ],
        responses={200: PhotoReceiptSerializer, 201: PhotoReceiptSerializer, 202: PhotoReceiptSerializer},
    )
    def put(self, request: Request, photo_id: uuid.UUID) -> Response:
        """201 new, 200 known, 202 for a part while others are missing; the answer carries the hash."""
        arrival = _arrival(request, photo_id)
        data = self.limited_body(request, MAX_WHOLE_BYTES)
        quota.charge(_sent_by(self.signed_in(request)), [len(data)])
        if "part" in request.query_params:
            part, parts = _number(request, "part"), _number(request, "parts")
            whole = arrivals.receive_part(arrival, part, parts, data, self.signed_in(request))
            return _photo_answer(arrival, complete=whole, status=201 if whole else 202)
        new = arrivals.receive_photo(arrival, data, self.signed_in(request))
        return _photo_answer(arrival, complete=True, status=201 if new else 200)

    @extend_schema(
        parameters=[
            UUID_PARAMETER,
            OpenApiParameter("record", OpenApiTypes.UUID, required=True),
            OpenApiParameter("sha256", OpenApiTypes.STR, required=True),
        ],
        responses=PhotoReceiptSerializer,
    )
    def get(self, request: Request, photo_id: uuid.UUID) -> Response:
        """Which parts are there, or that the photo is whole."""
        arrival = _arrival(request, photo_id)
        return _photo_answer(arrival, complete=arrivals.is_whole(arrival), status=200)


class SyncReconcile(SyncView):
    """Compare what the tablet remembers with what is here."""

    @extend_schema(
        request={"application/json": PairsSerializer},
        responses=DifferencesSerializer,
        operation_id="sync_reconcile",
    )
    def post(self, request: Request) -> Response:
        """Name the records and photos that are not here, so that the tablet sends them again."""
        payload = read_json(self.limited_body(request, MAX_RECONCILE_BYTES))
        records, photos = read_pairs(payload, "records"), read_pairs(payload, "photos")
        return Response(asdict(differences(records, photos)))


class SyncSession(SyncView):
    """Who am I."""

    permission_classes = [AllowAny]

    @extend_schema(responses=SessionSerializer)
    def get(self, request: Request) -> Response:
        """The signed-in person, the tablet, the server's time; answers strangers too."""
        device = request.auth
        return Response(
            {
                "person": _person(request),
                "device": device.pk if device else None,
                "revoked": bool(device and device.is_revoked),
                "csrf": get_token(request._request),
                "server_now": timezone.now(),
                "oldest_app": OLDEST_APP,
            }
        )


class SyncDevice(SyncView):
    """Enrolment of a tablet."""

    permission_classes = [IsAuthenticated]

    @extend_schema(
        request={"application/json": EnrolmentSerializer},
        responses={201: EnrolledSerializer},
        operation_id="sync_enrol",
    )
    def post(self, request: Request) -> Response:
        """Give the tablet a cookie that may only append; Malformed (400), or 403 for a revoked tablet."""
        payload = read_json(self.limited_body(request, 2_000))
        if not isinstance(payload, dict):
            raise Malformed(_("Falta el identificador de la tableta."))
        label = payload["label"] if isinstance(payload.get("label"), str) else ""
        token = request.COOKIES.get(devices.COOKIE)
        try:
            claimed = read_uuid(payload.get("device"))
            enrolment = devices.enrol(request.user, claimed, token, line_of(label))
        except devices.TabletRevoked as refused:
            raise PermissionDenied(str(refused)) from refused
        devices.note_session(enrolment.device, request._request.session.session_key)
        response = Response({"device": enrolment.device.pk, "server_now": timezone.now()}, status=201)
        set_cookie(response, enrolment.token)
        return response


class SyncReference(SyncView):
    """What a tablet keeps to work without network."""

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        """Categories, boundaries, places that raise level V, known problems around."""
        signed_in = self.signed_in(request)
        return Response(reference_for(signed_in.sender, signed_in.device))


def set_cookie(response: HttpResponseBase, token: str) -> None:
    """The tablet's cookie: only for the addresses of the outbox, unreadable for scripts."""
    response.set_cookie(
        devices.COOKIE,
        token,
        max_age=DEVICE_DAYS * 24 * 3600,
        path="/api/v1/sync/",
        secure=settings.HTTPS,
        httponly=True,
        samesite="Strict",
    )


def _person(request: Request) -> dict | None:
    user = request.user
    if not user or not user.is_authenticated:
        return None
    return {
        "id": user.pk,
        "name": user.get_full_name() or user.get_username(),
        "may_walk": user.may_walk,
        "territories": user.territory_codes,
    }


def _sent_by(signed_in: SignIn) -> str:
    """Whose quota of photos it is: the tablet's, or the person's who sends from a browser."""
    if signed_in.device is not None:
        return f"tablet:{signed_in.device.pk}"
    return f"person:{present(signed_in.sender).pk}"


def _arrival(request: Request, photo_id: uuid.UUID) -> Arrival:
    return Arrival(photo_id, _sha256(request), read_uuid(request.query_params.get("record")))


def _sha256(request: Request) -> str:
    value = request.query_params.get("sha256", "")
    if len(value) != 64 or set(value) - set("0123456789abcdef"):
        raise Malformed(_("Falta la huella SHA-256 de la foto."))
    return value


def _number(request: Request, name: str) -> int:
    value = request.query_params.get(name, "")
    if not (value.isascii() and value.isdecimal() and len(value) <= 4):
        raise Malformed(_("El número de la parte no corresponde."))
    return int(value)


def _photo_answer(arrival: Arrival, *, complete: bool, status: int) -> Response:
    parts = [] if complete else arrivals.parts_present(arrival.photo_id, arrival.sha256)
    answer = {"id": arrival.photo_id, "complete": complete, "sha256": arrival.sha256, "parts": parts}
    return Response(answer, status=status)


ROUTES: list[tuple] = []
urlpatterns = [
    path("sync/", SyncBatch.as_view(), name="sync"),
    path("sync/photos/<uuid:photo_id>", SyncPhotoBytes.as_view(), name="sync-photo"),
    path("sync/reconcile/", SyncReconcile.as_view(), name="sync-reconcile"),
    path("sync/session/", SyncSession.as_view(), name="sync-session"),
    path("sync/device/", SyncDevice.as_view(), name="sync-device"),
    path("sync/reference/", SyncReference.as_view(), name="sync-reference"),
]
