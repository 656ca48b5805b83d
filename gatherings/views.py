"""Pages of gatherings: the agenda, the result, the room."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.contrib.gis.db.models import Extent
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.request import RawPostDataException
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from accounts.models import Department
from gatherings.calendar import agenda, planner
from gatherings.calendar.forms import CouncilForm, GatheringForm
from gatherings.models import Acta, ActaState, CountingMode, Gathering, MinuteKind, Panel
from gatherings.refusals import RoomRefused
from gatherings.room import screen
from gatherings.room.acts import act
from gatherings.room.result import has_tie, result_lines
from gatherings.scales import LEVEL_SCALES
from issues.models import Category
from issues.query.keyset import BadPage
from territories.models import Territory

STATUS_OF = {"conflict": 409}


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The agenda: what is under way, what comes, what was."""
    try:
        past, older, newer = agenda.past_page(request.GET.get("pagina", ""))
    except BadPage:
        return redirect("gatherings")
    upcoming = list(agenda.upcoming())
    told = {
        "under_way": agenda.under_way(),
        "upcoming": upcoming,
        "points": agenda.points(upcoming),
        "never_opened": Gathering.objects.run_by(request.user).never_opened().with_names()[:20],
        "past": past,
        "older": older,
        "newer": newer,
        "may_plan": agenda.may_plan(request.user),
        "may_plan_councils": request.user.is_authenticated and request.user.sees_everything,
        "mine": set(Gathering.objects.run_by(request.user).unfinished().values_list("pk", flat=True)),
    }
    return render(request, "gatherings/calendar/index.html", told)


@login_required
def create(request: HttpRequest) -> HttpResponse:
    """Plan a gathering of an own neighbourhood."""
    if not agenda.may_plan(request.user):
        raise Http404
    is_council = "consejo" in request.GET
    if is_council and not request.user.sees_everything:
        raise Http404
    form = (CouncilForm if is_council else GatheringForm)(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        return redirect("gathering", agenda.plan(form.cleaned_data, request.user).pk)
    return render(
        request, "gatherings/calendar/form.html", {"form": form}, status=400 if form.errors else 200
    )


@login_required
def edit(request: HttpRequest, gathering_id: uuid.UUID) -> HttpResponse:
    """Move a planned gathering or call it off."""
    gathering = _conducted(request, gathering_id)
    form_of = GatheringForm if gathering.territory_id else CouncilForm
    form = form_of(request.POST or None, instance=gathering, user=request.user, initial=_initial(gathering))
    if request.method == "POST":
        try:
            if "cancel" in request.POST:
                planner.cancel(gathering, request.POST.get("reason", ""))
                return redirect("gathering", gathering.pk)
            if form.is_valid():
                planner.move(gathering, form.cleaned_data)
                return redirect("gathering", gathering.pk)
        except RoomRefused as refused:
            form.add_error(None, str(refused))
    told = {"form": form, "gathering": gathering, "bounds": bounds(gathering)}
    return render(request, "gatherings/calendar/form.html", told, status=400 if form.errors else 200)


def _initial(gathering: Gathering) -> dict[str, str]:
    return {"council": gathering.council} if gathering.council else {}


@login_required
def calendar(request: HttpRequest) -> HttpResponse:
    """The planner: how long each neighbourhood waits, and what the rotation proposes."""
    if not agenda.may_plan(request.user):
        raise Http404
    if request.method == "POST":
        gathering = _accepted(request)
        return redirect("gathering-edit", gathering.pk)
    told = {"waits": planner.waits(), "proposals": planner.proposals(request.user)}
    return render(request, "gatherings/calendar/calendar.html", told)


def _accepted(request: HttpRequest) -> Gathering:
    asked = (request.POST.get("territory", ""), request.POST.get("day", ""))
    for proposal in planner.proposals(request.user):
        day = timezone.localdate(proposal.starts_at)
        if (str(proposal.territory.code), day.isoformat()) == asked:
            return planner.accept(day, proposal.territory, request.user)
    raise Http404


@require_safe
def detail(request: HttpRequest, gathering_id: uuid.UUID) -> HttpResponse:
    """The public page of a gathering: the invitation before, the result after."""
    gathering = _visible(request, gathering_id)
    lines = result_lines(gathering) if gathering.is_closed else []
    may_conduct = Gathering.objects.run_by(request.user).filter(pk=gathering.pk).exists()
    published = Acta.objects.filter(gathering=gathering, state=ActaState.PUBLISHED)
    told = {
        "gathering": gathering,
        "has_acta": gathering.is_closed and (may_conduct or published.exists()),
        "lines": lines,
        "has_tie": has_tie((line.tokens, line.people) for line in lines),
        "attendance": gathering.attendance.select_related("organisation").order_by("organisation__name"),
        "points": [line.point for line in lines if line.point],
        "bounds": bounds(gathering),
        "may_conduct": may_conduct,
    }
    return render(request, "gatherings/calendar/detail.html", told)


@never_cache
@require_safe
def room(request: HttpRequest, gathering_id: uuid.UUID) -> HttpResponse:
    """The room: the conductor's tablet, or the wall with ?vista=proyector."""
    gathering = _visible(request, gathering_id)
    on_wall = request.GET.get("vista") == "proyector"
    if not on_wall and not Gathering.objects.run_by(request.user).filter(pk=gathering.pk).exists():
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        raise Http404
    told = {
        "gathering": gathering,
        "panels": Panel.choices,
        "modes": CountingMode.choices,
        **_choices(),
        "settings": room_settings(request, gathering, on_wall=on_wall),
        "state": screen.public_state(gathering) if on_wall else screen.conductor_state(gathering),
    }
    return render(request, "gatherings/room/projector.html" if on_wall else "gatherings/room/room.html", told)


def _choices() -> dict[str, object]:
    return {
        "categories": list(Category.objects.open().public().select_related("group")),
        "scales": LEVEL_SCALES,
        "minute_kinds": MinuteKind.choices,
        "offices": list(Department.objects.filter(is_open=True).values_list("name", flat=True)),
    }


def room_settings(request: HttpRequest, gathering: Gathering, *, on_wall: bool) -> dict[str, object]:
    """What the modules of the room need: addresses, the token of its forms, where the map looks."""
    return {
        "state_url": reverse("gathering-state", args=[gathering.pk]),
        "action_url": reverse("gathering-do", args=[gathering.pk, "ACTION"]),
        "csrf_token": get_token(request),
        "view": "proyector" if on_wall else "tableta",
        "bounds": bounds(gathering),
        "territory": gathering.territory.code if gathering.territory_id else None,
    }


@never_cache
@require_GET
def state(request: HttpRequest, gathering_id: uuid.UUID) -> HttpResponse:
    """The room as JSON; 204 while the screen that asks already has this revision."""
    gathering = _visible(request, gathering_id)
    if request.GET.get("revision") == str(gathering.revision):
        return HttpResponse(status=204)
    if request.GET.get("vista") == "proyector":
        return JsonResponse(screen.public_state(gathering))
    return JsonResponse(screen.conductor_state(_conducted(request, gathering_id)))


def answers_refusals(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Turn what the room refuses into a 400 or 409 with one sentence."""

    @wraps(view)
    def answering(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except RoomRefused as refused:
            told = {"code": refused.code, "detail": str(refused)}
            return JsonResponse(told, status=STATUS_OF.get(refused.code, 400))

    return answering


@require_POST
@answers_refusals
def do(request: HttpRequest, gathering_id: uuid.UUID, action: str) -> HttpResponse:
    """Do one thing in the room; answers with the room as it stands then."""
    if not request.user.is_authenticated:
        return JsonResponse(
            {"detail": _("Tu sesión terminó. Entra de nuevo: lo anotado sigue aquí.")}, status=401
        )
    try:
        gathering = act(gathering_id, request.user, action, read_json(request))
    except Gathering.DoesNotExist as error:
        raise Http404 from error
    return JsonResponse(screen.conductor_state(gathering))


def read_json(request: HttpRequest) -> dict:
    """The JSON object a screen sent; raises RoomRefused for anything else."""
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError, RawPostDataException):  # the last: it came as a form
        body = None
    if not isinstance(body, dict):
        raise RoomRefused("json", _("No entendimos lo enviado. Recarga la página e inténtalo de nuevo."))
    return body


def bounds(gathering: Gathering) -> list[float] | None:
    """West, south, east, north of the neighbourhood, in degrees."""
    if not gathering.territory_id:
        return None
    here = Territory.objects.filter(pk=gathering.territory_id)
    return list(here.aggregate(box=Extent("outline"))["box"])


def _visible(request: HttpRequest, gathering_id: uuid.UUID) -> Gathering:
    return get_object_or_404(Gathering.objects.visible_to(request.user).with_names(), pk=gathering_id)


def _conducted(request: HttpRequest, gathering_id: uuid.UUID) -> Gathering:
    return get_object_or_404(Gathering.objects.run_by(request.user).with_names(), pk=gathering_id)
