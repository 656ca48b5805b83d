"""Pages for voting by phone: the codes to print and the ballot a code opens."""

from __future__ import annotations

import secrets
import uuid

import segno
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from gatherings import ballots
from gatherings.models import BallotItem, CountingMode, Gathering, GatheringState, VoteCode
from gatherings.refusals import RoomRefused
from gatherings.screen import ballot_items, hidden_words, issue_words

FIELD = "p-"


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def codes(request: HttpRequest, gathering_id: uuid.UUID) -> HttpResponse:
    """Make codes and show them once, ready to print and cut."""
    mine = Gathering.objects.run_by(request.user).with_names()
    gathering = get_object_or_404(mine, pk=gathering_id)
    told: dict[str, object] = {"gathering": gathering, "made": gathering.codes.count()}
    if request.method == "POST":
        try:
            told["cards"] = [_card(code) for code in ballots.make_codes(gathering, _many(request))]
        except RoomRefused as refused:
            told["refusal"] = str(refused)
    return render(request, "gatherings/codes.html", told, status=400 if "refusal" in told else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def vote(request: HttpRequest, written: str) -> HttpResponse:
    """The ballot a printed code opens; works without any script."""
    code = ballots.code_of(written)
    if code is None:
        raise Http404
    if request.method != "POST":
        return _ballot(request, code)
    try:
        ballots.cast(code, _choices(request), request.POST.get("word", "")[:100])
    except RoomRefused as refused:
        return _ballot(request, code, str(refused), status=400)
    return render(request, "gatherings/voted.html", {"gathering": code.gathering})


def _ballot(request: HttpRequest, code: VoteCode, refusal: str = "", status: int = 200) -> HttpResponse:
    gathering = code.gathering
    is_open = gathering.state == GatheringState.VOTING and gathering.mode == CountingMode.PHONES
    lines = ballot_items(gathering) if is_open else []
    told = {
        "gathering": gathering,
        "is_open": is_open,
        "lines": [_line(item, request) for item in lines],
        "amounts": [str(n) for n in range(gathering.tokens_per_issue + 1)],
        "word": request.POST.get("word", "") or secrets.token_urlsafe(18),
        "refusal": refusal,
    }
    return render(request, "gatherings/vote.html", told, status=status)


def _line(item: BallotItem, request: HttpRequest) -> dict[str, object]:
    words = issue_words(item.issue) if item.is_public else hidden_words(item.issue)
    return {**words, "given": request.POST.get(f"{FIELD}{item.issue_id}", "0")}


def _choices(request: HttpRequest) -> dict[str, object]:
    """Issue id → tokens as they were sent; what is no number stays text, for the rules to refuse."""
    sent = {key[len(FIELD) :]: value for key, value in request.POST.items() if key.startswith(FIELD)}
    return {issue: _whole(value) for issue, value in list(sent.items())[:100]}


def _whole(value: str) -> object:
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else value


def _many(request: HttpRequest) -> int:
    many = _whole(request.POST.get("many", ""))
    return many if isinstance(many, int) else 0


def _card(code: str) -> dict[str, str]:
    address = settings.SITE_URL + reverse("vote", args=[code])
    drawn = segno.make(address, error="m").svg_inline(scale=4, border=2, omitsize=True, svgclass="code__qr")
    return {"code": f"{code[:5]}-{code[5:]}", "qr": drawn}
