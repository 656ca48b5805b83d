"""What waits for a person before it is public, read and decided with the keyboard alone."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import SignedInRequest
from core.together.seen import signature
from issues.glance.danger import sounds_like_danger
from issues.glance.issue import Piece, pieces
from issues.life import reports as waiting
from issues.life.registration import MAX_DESCRIPTION, MAX_TITLE, IssueRefused
from issues.models import EntryKind, HidingReason, Issue, IssueQuerySet

SHOWN = 24


@dataclass(frozen=True)
class Row:
    """One waiting problem, its texts cut where something looks like a person, and whether it is dangerous."""

    issue: Issue
    title: list[Piece]
    description: list[Piece]
    address: list[Piece]

    @property
    def known(self) -> IssueQuerySet:
        """What it may be: open problems a few steps away."""
        return waiting.known_near(self.issue)

    @property
    def is_dangerous(self) -> bool:
        """Whether it sounds like danger now."""
        return sounds_like_danger(self.issue.title, self.issue.description)

    @property
    def labels(self) -> list[str]:
        """What was seen, each once."""
        seen = (piece.label for piece in (*self.title, *self.description, *self.address) if piece.label)
        return list(dict.fromkeys(seen))


@login_required
@never_cache
@require_safe
def reports(request: SignedInRequest) -> HttpResponse:
    """What nobody has read yet, danger first, then the oldest. PermissionDenied for a department."""
    _require_reviewer(request)
    rows = waiting.dangers_first(waiting.waiting_for(request.user))
    shown = rows.select_related("category", "territory").defer("territory__boundary", "territory__outline")
    words = {
        "rows": [_row(issue) for issue in shown[:SHOWN]],
        "waiting": rows.count(),
        "reasons": HidingReason.choices,
        "most": {"title": MAX_TITLE, "description": MAX_DESCRIPTION, "address": 200},
    }
    return render(request, "issues/reports/queue.html", words)


@login_required
@require_POST
def decide(request: SignedInRequest, reference: str) -> HttpResponse:
    """Publish a report as it was corrected, join it to what is known, or hide it with a public reason."""
    issue = waiting.waiting_for(request.user).filter(reference=reference).first()
    if issue is None:
        return _decided_before(request, reference)
    try:
        _decide(request, issue)
    except IssueRefused as refusal:
        if refusal.code == "decided":
            return _decided_before(request, reference)
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Listo: %(reference)s.") % {"reference": issue.reference})
    return redirect("report-review")


def _decide(request: SignedInRequest, issue: Issue) -> None:
    if request.POST.get("read", issue.updated_at.isoformat()) != issue.updated_at.isoformat():
        raise IssueRefused("changed", _("Alguien lo corrigió mientras lo leías: léelo otra vez."))
    verdict = request.POST.get("verdict")
    if verdict == "publish":
        waiting.publish(issue, request.POST.dict(), actor=request.user)
    elif verdict == "join":
        waiting.join(issue, request.POST.get("known", ""), actor=request.user)
    else:
        waiting.hide(issue, request.POST.get("reason", ""), actor=request.user)


def _row(issue: Issue) -> Row:
    address = pieces(issue.address, is_address=True)
    return Row(issue, pieces(issue.title), pieces(issue.description), address)


def _decided_before(request: SignedInRequest, reference: str) -> HttpResponse:
    """Somebody was faster: who, and what it is now."""
    _require_reviewer(request)
    issue = get_object_or_404(Issue.objects.editable_by(request.user), reference=reference)
    line = issue.history.filter(kind=EntryKind.VISIBILITY).order_by("-pk").first()
    words = {
        "reference": reference,
        "state": issue.get_visibility_display(),
        "who": signature(line.office, line.at) if line else "",
    }
    messages.info(request, _("%(reference)s ya se revisó y está «%(state)s». %(who)s") % words)
    return redirect("report-review")


def _require_reviewer(request: SignedInRequest) -> None:
    if not (request.user.is_facilitator or request.user.sees_everything):
        raise PermissionDenied
