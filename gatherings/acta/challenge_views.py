"""The page of what was objected to a count: for everyone to read, for the team to receive and decide."""

from __future__ import annotations

import uuid

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.requests import signed_in
from core.duties import Act
from core.together.once import last_at
from core.together.seen import Fact, watched
from gatherings.access import visible_gathering
from gatherings.acta import challenges
from gatherings.models import DECISION_DAYS, Challenge, ChallengeWord, Gathering, Outcome
from gatherings.refusals import RoomRefused


def _stands(request: HttpRequest, gathering_id: uuid.UUID) -> list[Fact]:
    """What objecting and deciding depend on."""
    here = Challenge.objects.filter(gathering=gathering_id)
    said = ChallengeWord.objects.filter(challenge__gathering=gathering_id).count()
    who = last_at(request.path)
    return [
        Fact(_("objeciones"), here.count(), str(here.count()), who),
        Fact(_("lo dicho sobre ellas"), said, str(said), who),
    ]


@watched(_stands)
@require_http_methods(["GET", "HEAD", "POST"])
def objections(request: HttpRequest, gathering_id: uuid.UUID) -> HttpResponse:
    """What was objected and decided; 404 before the close, and for who posts without a duty."""
    gathering = visible_gathering(request, gathering_id)
    if not gathering.is_closed:
        raise Http404
    refusal = ""
    if request.method == "POST":
        try:
            _act(request, gathering)
            return redirect("gathering-challenges", gathering_id)
        except RoomRefused as refused:
            refusal = str(refused)
    context = _context(request, gathering) | {"refusal": refusal}
    return render(request, "gatherings/acta/challenges.html", context, status=400 if refusal else 200)


def _act(request: HttpRequest, gathering: Gathering) -> None:
    if not request.user.is_authenticated:
        raise Http404
    user, text = signed_in(request), request.POST.get("text", "")
    try:
        if "challenge" in request.POST:
            said = get_object_or_404(gathering.challenges, pk=_row(request, "challenge"))
            challenges.say(said.pk, request.POST.get("outcome", ""), text, user)
        else:
            challenges.file(gathering, _row(request, "organisation"), text, user)
    except PermissionDenied as refused:
        raise Http404 from refused


def _row(request: HttpRequest, name: str) -> int:
    written = request.POST.get(name, "")
    return int(written) if written.isascii() and written.isdecimal() and len(written) < 10 else 0


def _context(request: HttpRequest, gathering: Gathering) -> dict[str, object]:
    here = challenges.of(gathering)
    user = request.user if isinstance(request.user, User) else None
    receives = user is not None and user.may(Act.GIVE_CODE) and challenges.may_object(gathering)
    return {
        "gathering": gathering,
        "told": challenges.told(here, user),
        "standing": challenges.standing(here),
        "days": DECISION_DAYS,
        "outcomes": Outcome.choices,
        "may_decide": user is not None and challenges.may_decide(gathering, user),
        "may_receive": receives,
        "organisations": challenges.present_organisations(gathering) if receives else [],
    }
