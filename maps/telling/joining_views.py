"""«Me sumo» of residents on a problem that everybody sees: once each, no account, never in the order."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import limits
from issues.life.duplicates import is_supported_by, support
from issues.models import Issue

COOKIE = "mapa_sumo"
YEAR_SECONDS = 365 * 24 * 3600
HOUR_SECONDS, DAY_SECONDS = 3600, 24 * 3600
# Many share the address of a telephone network; nobody's whole street does.
MOST_AN_HOUR = 40
MOST_OF_ONE_PROBLEM_A_DAY = 10


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, reference: str) -> HttpResponse:
    """Count this browser once; raises Http404 for what not everybody sees."""
    seen = Issue.objects.visible_to(AnonymousUser()).select_related("duplicate_of")
    issue = get_object_or_404(seen, reference=reference.upper())
    supporter = _browser(request)
    if request.method != "POST":
        return _shown(request, issue, supporter or f"browser {get_random_string(32)}")
    return _joined(request, issue, supporter or f"network {limits.network_of(request)}")


def _joined(request: HttpRequest, issue: Issue, supporter: str) -> HttpResponse:
    if not issue.is_open:
        return _shown(request, issue, supporter, _("Este problema ya está cerrado."), 409)
    if not is_supported_by(issue, supporter):
        if _too_often(request, issue):
            error = _("Desde aquí ya se sumaron muchas veces hoy: prueba más tarde.")
            return _shown(request, issue, supporter, error, 429)
        support(issue, supporter)
    return redirect(request.path)


def _too_often(request: HttpRequest, issue: Issue) -> bool:
    if limits.spend(request, "join", HOUR_SECONDS) > MOST_AN_HOUR:
        return True
    who = f"{limits.network_of(request)} {issue.pk}"
    return limits.spend_as(who, "join one", DAY_SECONDS)[0] > MOST_OF_ONE_PROBLEM_A_DAY


def _browser(request: HttpRequest) -> str:
    mark = request.get_signed_cookie(COOKIE, default="", max_age=YEAR_SECONDS) or ""
    return f"browser {mark}" if mark else ""


def _shown(
    request: HttpRequest, issue: Issue, supporter: str, error: str = "", status: int = 200
) -> HttpResponse:
    has_joined = is_supported_by(issue, supporter)
    context = {"issue": issue, "has_joined": has_joined, "error": error}
    answer = render(request, "maps/telling/join.html", context, status=status)
    kind, _space, mark = supporter.partition(" ")
    if kind == "browser":
        _remember(answer, mark)
    return answer


def _remember(answer: HttpResponse, mark: str) -> None:
    answer.set_signed_cookie(
        COOKIE,
        mark,
        max_age=YEAR_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
