"""Hiding what is public, and the second person's word on it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import SignedInRequest
from core.duties import Act, permits
from issues.life import hiding
from issues.models import Hiding, HidingReason, Issue

SHOWN = 50


@login_required
@never_cache
@require_safe
def waiting(request: SignedInRequest) -> HttpResponse:
    """What was hidden and waits for a second person, oldest first; the administration looks on.

    Raises PermissionDenied for a department.
    """
    if not (permits(request.user.post, Act.CONFIRM_HIDING) or request.user.sees_everything):
        raise PermissionDenied
    rows = Hiding.objects.waiting().decidable_by(request.user).order_by("hidden_at")
    words = {
        "rows": rows.select_related("issue", "photo", "line", "hidden_by")[:SHOWN],
        "total": rows.count(),
    }
    return render(request, "issues/hiding/waiting.html", words)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def hide(request: SignedInRequest, reference: str) -> HttpResponse:
    """One public problem with its photos: what to hide, and why. Raises PermissionDenied for who may not."""
    issue = get_object_or_404(Issue.objects.editable_by(request.user), reference=reference)
    if not hiding.may_hide(issue, request.user):
        raise PermissionDenied
    return _hidden(request, issue) if request.method == "POST" else _page(request, issue)


@login_required
@require_POST
def decide(request: SignedInRequest, pk: int) -> HttpResponse:
    """Confirm, or show again."""
    found = get_object_or_404(Hiding.objects.decidable_by(request.user), pk=pk)
    try:
        hiding.decide(found, actor=request.user, shows_again=request.POST.get("verdict") == "show")
    except hiding.HidingRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Listo: %(reference)s.") % {"reference": found.issue.reference})
    return redirect("hidings")


@require_safe
def counted(request: HttpRequest) -> HttpResponse:
    """In public: how much was hidden each month, and why."""
    return render(request, "issues/hiding/counted.html", {"rows": hiding.by_month()})


def _hidden(request: SignedInRequest, issue: Issue) -> HttpResponse:
    what, photos = request.POST.get("what", ""), {str(each.pk): each for each in issue.photos.public()}
    lines = {f"line-{each.pk}": each for each in hiding.texts_of(issue)}
    if what and what not in photos | lines:
        return _page(request, issue, _("Elige qué se oculta."))
    try:
        reason = request.POST.get("reason", "")
        hiding.hide(issue, reason, actor=request.user, photo=photos.get(what), line=lines.get(what))
    except hiding.HidingRefused as refusal:
        return _page(request, issue, str(refusal))
    messages.success(request, _("Ya no es público. Una segunda persona lo confirma dentro de 72 horas."))
    return redirect("hidings")


def _page(request: SignedInRequest, issue: Issue, error: str = "") -> HttpResponse:
    words: dict[str, Any] = {"issue": issue, "photos": issue.photos.public(), "error": error}
    words["lines"] = hiding.texts_of(issue)
    words["reasons"] = HidingReason.choices
    return render(request, "issues/hiding/hide.html", words, status=400 if error else 200)
