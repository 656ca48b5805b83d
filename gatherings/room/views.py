"""Pages of the room: the conductor's tablet, the wall, and what they ask for."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.request import RawPostDataException
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from accounts.models import Department
from accounts.requests import signed_in
from core.postgis import identity
from core.text import TextRefused, entered_deep, one_line
from core.together.drafts import place_of
from gatherings.access import entered_gathering, visible_gathering
from gatherings.drawing import bounds
from gatherings.models import CountingMode, Gathering, MinuteKind, Panel
from gatherings.refusals import RoomRefused
from gatherings.room import screen
from gatherings.room.acts import act
from gatherings.room.counters import side_of
from gatherings.scales import LEVEL_SCALES, group_questions
from issues.models import Category

STATUS_OF = {"conflict": 409, "code": 403}
# Of the second count, where it is typed on the tablet of the first.
CODE = "X-Counter-Code"
SEARCH_MOST = 100


@never_cache
@require_safe
@identity.behind("counts")
def room(request: HttpRequest, gathering_id: uuid.UUID) -> HttpResponse:
    """The room: the conductor's tablet, or the wall with ?vista=proyector; 404 for who may not conduct."""
    gathering = visible_gathering(request, gathering_id)
    on_wall = request.GET.get("vista") == "proyector"
    if not on_wall and not Gathering.objects.counted_by(request.user).filter(pk=gathering.pk).exists():
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        raise Http404
    context = {
        "gathering": gathering,
        "panels": Panel.choices,
        "modes": CountingMode.choices,
        **_choices(),
        "settings": room_settings(request, gathering, on_wall=on_wall),
        "state": screen.public_state(gathering) if on_wall else _state(request, gathering),
    }
    return render(
        request, "gatherings/room/projector.html" if on_wall else "gatherings/room/room.html", context
    )


def _choices() -> dict[str, object]:
    return {
        "categories": list(Category.objects.open().public().select_related("group")),
        "scales": LEVEL_SCALES,
        "questions": group_questions(),
        "minute_kinds": MinuteKind.choices,
        "offices": list(Department.objects.filter(is_open=True).values_list("name", flat=True)),
    }


def room_settings(request: HttpRequest, gathering: Gathering, *, on_wall: bool) -> dict[str, object]:
    """What the modules of the room need: addresses, the token of its forms, where the map looks."""
    return {
        "state_url": reverse("gathering-state", args=[gathering.pk]),
        "pending_url": reverse("gathering-pending", args=[gathering.pk]),
        "action_url": reverse("gathering-do", args=[gathering.pk, "ACTION"]),
        "csrf_token": get_token(request),
        "person": place_of(request.user.pk).person,
        "view": "proyector" if on_wall else "tableta",
        "bounds": bounds(gathering),
        "territory": gathering.territory_code,
    }


@never_cache
@require_GET
@identity.behind("counts")
def state(request: HttpRequest, gathering_id: uuid.UUID) -> HttpResponse:
    """The room as JSON; 204 while the screen that asks already has this revision."""
    gathering = visible_gathering(request, gathering_id)
    if request.GET.get("revision") == str(gathering.revision):
        return HttpResponse(status=204)
    if request.GET.get("vista") == "proyector":
        return JsonResponse(screen.public_state(gathering))
    return JsonResponse(_state(request, entered_gathering(request, gathering_id)))


@never_cache
@require_GET
def pending(request: HttpRequest, gathering_id: uuid.UUID) -> HttpResponse:
    """What a search finds among all that waits for the ballot; 404 for who may not conduct."""
    gathering = entered_gathering(request, gathering_id)
    text = one_line(request.GET.get("q", ""))[:SEARCH_MOST]
    return JsonResponse({"candidates": screen.search(gathering, text)})


def _state(request: HttpRequest, gathering: Gathering) -> dict[str, object]:
    """What the side that asks may see: a witness with the code on the same tablet sees the second count."""
    return screen.conductor_state(
        gathering, side_of(gathering, signed_in(request), request.headers.get(CODE, ""))
    )


def answers_refusals(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Turn what the room refuses into a 400 or 409 with one sentence."""

    @wraps(view)
    def answering(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except RoomRefused as refused:
            body = {"code": refused.code, "detail": str(refused)}
            return JsonResponse(body, status=STATUS_OF.get(refused.code, 400))

    return answering


@require_POST
@answers_refusals
@identity.behind("counts")
def do(request: HttpRequest, gathering_id: uuid.UUID, action: str) -> HttpResponse:
    """Do one thing in the room; answers with the new state of the room, 404 without a gathering."""
    if not request.user.is_authenticated:
        return JsonResponse(
            {"detail": _("Tu sesión terminó. Entra de nuevo: lo anotado sigue aquí.")}, status=401
        )
    try:
        body = {**read_json(request), "code": request.headers.get(CODE, "")}
        gathering = act(gathering_id, request.user, action, body)
    except Gathering.DoesNotExist as error:
        raise Http404 from error
    return JsonResponse(_state(request, gathering))


def read_json(request: HttpRequest) -> dict:
    """The JSON object a screen sent; raises RoomRefused for anything else."""
    try:
        body = entered_deep(json.loads(request.body))
    except TextRefused as refused:
        raise RoomRefused("text", str(refused)) from refused
    except (ValueError, RecursionError, RawPostDataException):  # the last: it came as a form
        body = None
    if not isinstance(body, dict):
        raise RoomRefused("json", _("No entendimos lo enviado. Recarga la página e inténtalo de nuevo."))
    return body
