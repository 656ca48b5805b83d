"""Pages of the calendar: the agenda, planning, one gathering before and after."""

from __future__ import annotations

import uuid

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.requests import SignedInRequest
from core.duties import Act
from core.postgis import identity
from core.together.seen import watched
from gatherings.access import planned_gathering, visible_gathering
from gatherings.acta import challenges
from gatherings.calendar import agenda, planner
from gatherings.calendar.forms import CouncilForm, GatheringForm
from gatherings.drawing import bounds
from gatherings.models import Acta, ActaState, Gathering, GatheringRecord
from gatherings.refusals import RoomRefused
from gatherings.room import annulled, counters
from gatherings.room.result import has_tie, result_lines
from gatherings.scales import groups_in_words
from issues.query.keyset import BadPage


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The agenda: what is under way, what comes, what was."""
    try:
        past, older, newer = agenda.past_page(request.GET.get("pagina", ""))
    except BadPage:
        return redirect("gatherings")
    upcoming = list(agenda.upcoming())
    context = {
        "under_way": agenda.under_way(),
        "upcoming": upcoming,
        "points": agenda.points(upcoming),
        "never_opened": Gathering.objects.planned_by(request.user).never_opened().with_names()[:20],
        "past": past,
        "older": older,
        "newer": newer,
        "may_plan": agenda.may_plan(request.user),
        "may_set_levels": request.user.is_authenticated and request.user.may(Act.SET_LEVELS),
        "may_plan_councils": agenda.may_plan_councils(request.user),
        "mine": set(Gathering.objects.run_by(request.user).unfinished().values_list("pk", flat=True)),
    }
    return render(request, "gatherings/calendar/index.html", context)


@login_required
def create(request: SignedInRequest) -> HttpResponse:
    """Plan a gathering of an own neighbourhood, or a council's; 404 for those who may not plan it."""
    is_council = "consejo" in request.GET
    if not (agenda.may_plan_councils if is_council else agenda.may_plan)(request.user):
        raise Http404
    form = (CouncilForm if is_council else GatheringForm)(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        return redirect("gathering", agenda.plan(form.cleaned_data, request.user).pk)
    return render(
        request, "gatherings/calendar/form.html", {"form": form}, status=400 if form.errors else 200
    )


@watched(planner.facts)
@login_required
def edit(request: SignedInRequest, gathering_id: uuid.UUID) -> HttpResponse:
    """Move a planned gathering or call it off."""
    gathering = planned_gathering(request, gathering_id)
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
    context = {"form": form, "gathering": gathering, "bounds": bounds(gathering)}
    return render(request, "gatherings/calendar/form.html", context, status=400 if form.errors else 200)


def _initial(gathering: Gathering) -> dict[str, object]:
    facts = {"council": gathering.council, "facilitator": gathering.facilitator_id}
    return facts if gathering.council else {}


@watched(planner.agenda_facts)
@login_required
def calendar(request: SignedInRequest) -> HttpResponse:
    """The planner: how long each neighbourhood waits and what is proposed; 404 for those who may not plan."""
    if not agenda.may_plan(request.user):
        raise Http404
    if request.method == "POST":
        gathering = _accepted(request)
        return redirect("gathering-edit", gathering.pk)
    context = {"waits": planner.waits(), "proposals": planner.proposals(request.user)}
    return render(request, "gatherings/calendar/calendar.html", context)


def _accepted(request: SignedInRequest) -> Gathering:
    asked = (request.POST.get("territory", ""), request.POST.get("day", ""))
    for proposal in planner.proposals(request.user):
        day = timezone.localdate(proposal.starts_at)
        if (str(proposal.territory.code), day.isoformat()) == asked:
            return planner.accept(day, proposal.territory, request.user)
    raise Http404


@require_safe
@identity.behind("counts")
def detail(request: HttpRequest, gathering_id: uuid.UUID) -> HttpResponse:
    """The public page of a gathering: the invitation before, the result after."""
    gathering = visible_gathering(request, gathering_id)
    lines = result_lines(gathering) if gathering.is_closed else []
    may_conduct = Gathering.objects.run_by(request.user).filter(pk=gathering.pk).exists()
    published = Acta.objects.filter(gathering=gathering, state=ActaState.PUBLISHED)
    objections = challenges.of(gathering)
    context = {
        "gathering": gathering,
        "objections": objections,
        "standing": challenges.standing(objections),
        "has_acta": gathering.is_closed and (may_conduct or published.exists()),
        "lines": lines,
        "annulled": annulled.told(gathering),
        "counters": counters.named(gathering),
        "has_record": GatheringRecord.objects.filter(gathering=gathering).exists(),
        "has_tie": has_tie((line.tokens, line.people) for line in lines),
        "attendance": gathering.attendance.select_related("organisation").order_by("organisation__name"),
        "groups": groups_in_words(gathering.groups) if gathering.is_closed else [],
        "points": [line.point for line in lines if line.point],
        "bounds": bounds(gathering),
        "may_conduct": may_conduct,
    }
    return render(request, "gatherings/calendar/detail.html", context)
