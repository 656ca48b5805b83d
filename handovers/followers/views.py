"""Following by e-mail: the form, the confirmation, and the way out."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts import limits
from accounts.mailed_links import bearer_page
from handovers.followers import following

MAX_ASKED_PER_HOUR = 20


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def follow(request: HttpRequest, kind: str, name: str) -> HttpResponse:
    """Ask for mails about a problem, a neighbourhood or a category."""
    try:
        target = following.target_of(kind, name)
    except following.FollowRefused as refusal:
        return _said(request, str(refusal), 404)
    if request.method != "POST":
        return render(request, "handovers/followers/follow.html", {"target": target})
    try:
        _limit(request)
        following.ask(target, request.POST.get("email", ""))
    except following.FollowRefused as refusal:
        words = {"target": target, "error": str(refusal), "email": request.POST.get("email", "")}
        return render(request, "handovers/followers/follow.html", words, status=400)
    return _said(request, _("Te mandamos un correo: ábrelo y confirma. Sin eso no enviamos nada."))


@bearer_page
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Say yes with a button: programs that open links in mails confirm nothing."""
    found = following.follow_of(token)
    if found is None:
        return _said(request, _("Este enlace ya no sirve. Pide seguir otra vez."), 404)
    if request.method != "POST":
        return render(
            request, "handovers/followers/follow_button.html", {"button": _("Sí, quiero recibir novedades")}
        )
    following.confirm(found)
    return _said(request, _("Listo: te escribiremos cuando haya novedades."))


@csrf_exempt  # Mail programs post here by themselves (RFC 8058); the token is the permission.
@bearer_page
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, token: str) -> HttpResponse:
    """One click and the address is erased."""
    found = following.follow_of(token)
    if found is None:
        return _said(request, _("Ya no te escribimos."))
    if request.method != "POST":
        return render(
            request, "handovers/followers/follow_button.html", {"button": _("Dejar de recibir correos")}
        )
    following.leave(found)
    return _said(request, _("Borramos tu correo. Ya no te escribimos."))


def _said(request: HttpRequest, sentence: str, status: int = 200) -> HttpResponse:
    return render(request, "handovers/followers/follow_said.html", {"sentence": sentence}, status=status)


def _limit(request: HttpRequest) -> None:
    """A few wishes an hour from one address of the network."""
    if limits.spend(request, "follow", seconds=3600) > MAX_ASKED_PER_HOUR:
        raise following.FollowRefused(_("Demasiados intentos: prueba en una hora."))
