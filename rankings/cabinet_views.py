"""Pages of the cabinet: changes of place for the next list, and «what if»."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import SignedInRequest
from core.duties import Act, require
from core.together.seen import watched
from issues.models import Issue, Track
from rankings import world
from rankings.first_places import first_places
from rankings.forms import MoveForm, ScenarioForm
from rankings.models import Override, Scenario
from rankings.pending import RANKED_TRACKS, pending_in_force
from rankings.publishing import ListRefused, propose_move, withdraw_move
from rankings.scenarios import compare

SHOWN = 300
SCENARIOS = 50

View = Callable[..., HttpResponse]


def for_cabinet(view: View) -> View:
    """Lets in who reads what the cabinet reads; others are asked to sign in, or refused."""

    @never_cache
    @login_required
    @wraps(view)
    def guarded(request: SignedInRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not request.user.sees_everything:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


@watched(world.facts)
@require_http_methods(["GET", "HEAD", "POST"])
@for_cabinet
def moves(request: SignedInRequest, track: str) -> HttpResponse:
    """The changes of place that wait for the next list of a track, and a form for one more."""
    require(request.user.post, Act.MOVE)
    form = MoveForm(request.POST or None, listed=pending_in_force(_track(track)))
    if request.method == "POST" and form.is_valid() and _propose(request, form):
        return redirect("list-moves", track=track)
    beginning = first_places(track, SHOWN)
    context = {"form": form, "track": Track(track), "waiting": beginning.moves, "items": beginning.items}
    return render(request, "rankings/moves.html", context, status=400 if form.errors else 200)


@require_POST
@for_cabinet
def take_back(request: SignedInRequest, track: str, move_id: int) -> HttpResponse:
    """Take back a change of place that no list has used."""
    move = Override.objects.filter(pk=move_id).first()
    if move is None:
        messages.info(request, _("Otra persona ya quitó o reemplazó ese cambio de lugar."))
        return redirect("list-moves", track=_track(track))
    try:
        withdraw_move(move, actor=request.user)
        messages.success(request, _("El cambio de lugar quedó sin efecto."))
    except ListRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("list-moves", track=_track(track))


@require_http_methods(["GET", "HEAD", "POST"])
@for_cabinet
def scenarios(request: SignedInRequest) -> HttpResponse:
    """All «what if» and a form for one more."""
    form = ScenarioForm(request.POST or None, tracks=RANKED_TRACKS)
    if request.method == "POST" and form.is_valid():
        return redirect("scenario", scenario_id=_save(form, request).pk)
    kept = Scenario.objects.visible_to(request.user).select_related("author")[:SCENARIOS]
    context = {"form": form, "scenarios": kept}
    return render(request, "rankings/scenarios.html", context, status=400 if form.errors else 200)


@require_safe
@for_cabinet
def scenario(request: HttpRequest, scenario_id: int) -> HttpResponse:
    """One «what if» compared with the order in force."""
    found = get_object_or_404(Scenario.objects.visible_to(request.user), pk=scenario_id)
    comparison = compare(found)
    context = {
        "scenario": found,
        "comparison": comparison,
        "shifts": comparison.shifts[:SHOWN],
        "hidden": max(0, len(comparison.shifts) - SHOWN),
    }
    return render(request, "rankings/scenario.html", context)


def _track(track: str) -> str:
    if track not in RANKED_TRACKS:
        raise Http404
    return track


def _propose(request: SignedInRequest, form: MoveForm) -> bool:
    facts = form.cleaned_data
    issue = get_object_or_404(Issue, reference=facts["reference"])
    try:
        propose_move(issue, facts["to_place"], facts["reason"], asked=facts["asked"], actor=request.user)
    except ListRefused as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, _("El cambio de lugar se aplicará en la próxima lista, con su motivo público."))
    return True


def _save(form: ScenarioForm, request: SignedInRequest) -> Scenario:
    made = form.save(commit=False)
    made.hundredths = form.coefficients()
    made.author, made.office = request.user, request.user.office
    made.save()
    return made
