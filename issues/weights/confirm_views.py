"""The page where a second account confirms the levels of problems, or a change of confirmed ones."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.requests import SignedInRequest
from core.duties import Act
from issues.life.levels import confirm_levels, to_confirm, words_of
from issues.life.registration import IssueRefused, index_of
from issues.models import Issue, LevelsProposal

SHOWN = 40


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def to_confirm_page(request: SignedInRequest) -> HttpResponse:
    """What waits for another account than the one that said it; raises PermissionDenied for other roles."""
    if not request.user.may(Act.CONFIRM_LEVELS):
        raise PermissionDenied
    refusal = ""
    if request.method == "POST":
        try:
            return _confirmed(request)
        except IssueRefused as refused:
            refusal = str(refused)
    waiting = to_confirm(request.user).select_related("category", "territory")
    context = {
        "changes": [_change(proposal) for proposal in _changes(request.user)],
        "rows": [_row(issue, issue.levels, issue.levels_evidence) for issue in waiting[:SHOWN]],
        "refusal": refusal,
    }
    return render(request, "issues/levels_confirm.html", context, status=400 if refusal else 200)


def _confirmed(request: SignedInRequest) -> HttpResponse:
    issue = get_object_or_404(Issue.objects.public(), reference=request.POST.get("reference", ""))
    written = request.POST.get("shown", "").split(",")
    shown = [int(level) if level in ("0", "1", "2", "3") else None for level in written]
    evidence = request.POST.get("evidence", "")
    confirm_levels(issue, shown, actor=request.user, office=request.user.office, evidence=evidence)
    messages.success(request, _("%(reference)s: puntaje confirmado.") % {"reference": issue.reference})
    return redirect("levels-confirm")


def _changes(user: User) -> Sequence[LevelsProposal]:
    public = Issue.objects.public().values("pk")
    found = LevelsProposal.objects.exclude(by=user).filter(issue__in=public).order_by("at")
    return list(found.select_related("issue__category", "issue__territory")[:SHOWN])


def _change(proposal: LevelsProposal) -> dict[str, object]:
    issue = proposal.issue
    row = _row(issue, tuple(proposal.levels), proposal.evidence)
    return row | {"before": words_of(issue.levels, issue.index)}


def _row(issue: Issue, levels: tuple[int | None, ...], evidence: str) -> dict[str, object]:
    severity, reach, duration, vulnerability = levels
    index = index_of((severity, reach, duration, vulnerability))
    shown = ",".join("" if level is None else str(level) for level in levels)
    return {"issue": issue, "words": words_of(levels, index), "shown": shown, "evidence": evidence}
