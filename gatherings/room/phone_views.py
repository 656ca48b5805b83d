"""Pages for voting by phone: the codes to print and the ballot a code opens."""

from __future__ import annotations

import secrets
import uuid

import segno
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import limits
from accounts.mailed_links import bearer_page
from core.postgis import identity
from gatherings.models import CountingMode, Gathering, GatheringState, VoteCode
from gatherings.refusals import RoomRefused
from gatherings.room import ballots
from gatherings.room.result import ShownItem
from gatherings.room.screen import ballot_items, hidden_words, issue_words

FIELD = "p-"
# A room of neighbours behind one connection may mistype; a program that guesses needs far more.
WRONG_CODES, WRONG_CODES_SECONDS = 100, 600


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def codes(request: HttpRequest, gathering_id: uuid.UUID) -> HttpResponse:
    """Make codes and show them once, ready to print and cut."""
    mine = Gathering.objects.run_by(request.user).with_names()
    gathering = get_object_or_404(mine, pk=gathering_id)
    context: dict[str, object] = {"gathering": gathering, "made": gathering.codes.count()}
    if request.method == "POST":
        try:
            context["site"] = (settings.SITE_URL + reverse("vote-code")).split("://", 1)[-1]
            before = gathering.codes.count() if gathering.state == GatheringState.VOTING else 0
            made = ballots.make_codes(gathering, _many(request))
            context["cards"] = [_card(code, number) for number, code in enumerate(made, before + 1)]
        except RoomRefused as refused:
            context["refusal"] = str(refused)
    return render(request, "gatherings/room/codes.html", context, status=400 if "refusal" in context else 200)


@never_cache
@require_safe
def enter(request: HttpRequest) -> HttpResponse:
    """Where a printed code is typed by those whose telephone reads no QR."""
    written = ballots.plain(request.GET.get("codigo", ""))
    if not written:
        return render(request, "gatherings/room/vote_code.html")
    if refusal := ballots.not_a_code(written):
        return _enter_again(request, written, refusal, status=400)
    return redirect("vote", written)


@bearer_page
@require_http_methods(["GET", "HEAD", "POST"])
@identity.behind("counts")
def vote(request: HttpRequest, written: str) -> HttpResponse:
    """The ballot a printed code opens; works without any script."""
    code = ballots.code_of(written)
    if code is None:
        return _unknown(request, ballots.plain(written))
    if request.method != "POST":
        return _ballot(request, code)
    try:
        ballots.cast(code, _choices(request), request.POST.get("word", "")[:100])
    except RoomRefused as refused:
        return _ballot(request, code, str(refused), status=400)
    return render(request, "gatherings/room/voted.html", {"gathering": code.gathering})


def _unknown(request: HttpRequest, written: str) -> HttpResponse:
    """404 with what to do, 429 after many; counted by address of the network, never with the code."""
    if limits.spend(request, "vote", WRONG_CODES_SECONDS) > WRONG_CODES:
        return _enter_again(request, "", _too_many(), status=429)
    told = _("Ese código no existe, o la votación ya terminó. Compáralo con tu papel, letra por letra.")
    return _enter_again(request, written, ballots.not_a_code(written) or told, status=404)


def _enter_again(request: HttpRequest, written: str, refusal: str, status: int) -> HttpResponse:
    context = {"written": written[: 2 * ballots.CODE_LENGTH], "refusal": refusal}
    answer = render(request, "gatherings/room/vote_code.html", context, status=status)
    if status == 429:
        answer["Retry-After"] = str(WRONG_CODES_SECONDS)
    return answer


def _too_many() -> str:
    return _(
        "Desde esta conexión se probaron muchos códigos equivocados. Compara el tuyo con tu papel, letra por "
        "letra: si está bien, abre igual. Si no, pide ayuda a quien facilita."
    )


def _ballot(request: HttpRequest, code: VoteCode, refusal: str = "", status: int = 200) -> HttpResponse:
    gathering = code.gathering
    is_used = bool(code.receipt)
    is_open = (
        gathering.state == GatheringState.VOTING and gathering.mode == CountingMode.PHONES and not is_used
    )
    if is_open and not refusal:
        refusal = _spare(gathering, code)
        is_open = not refusal
    lines = ballot_items(gathering) if is_open else []
    context = {
        "gathering": gathering,
        "is_open": is_open,
        "is_used": is_used,
        "lines": [_line(item, request) for item in lines],
        "amounts": [str(n) for n in range(gathering.tokens_per_issue + 1)],
        "word": request.POST.get("word", "") or secrets.token_urlsafe(18),
        "refusal": refusal,
    }
    return render(request, "gatherings/room/vote.html", context, status=status)


def _spare(gathering: Gathering, code: VoteCode) -> str:
    try:
        ballots.check_dealt(gathering, code)
    except RoomRefused as refused:
        return str(refused)
    return ""


def _line(item: ShownItem, request: HttpRequest) -> dict[str, object]:
    words = issue_words(item.issue) if item.is_public else hidden_words(item.issue)
    return {**words, "given": request.POST.get(f"{FIELD}{item.issue_id}", "0")}


def _choices(request: HttpRequest) -> dict[str, int | str]:
    """Issue id → tokens as they were sent; what is no number stays text, for the rules to refuse."""
    sent = {key[len(FIELD) :]: request.POST[key] for key in request.POST if key.startswith(FIELD)}
    return {issue: _whole(value) for issue, value in list(sent.items())[:100]}


def _whole(value: str) -> int | str:
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else value


def _many(request: HttpRequest) -> int:
    many = _whole(request.POST.get("many", ""))
    return many if isinstance(many, int) else 0


def _card(code: str, number: int) -> dict[str, str | int]:
    address = settings.SITE_URL + reverse("vote", args=[code])
    drawn = segno.make(address, error="m").svg_inline(scale=4, border=2, omitsize=True, svgclass="code__qr")
    return {"code": f"{code[:5]}-{code[5:]}", "qr": drawn, "number": number}
