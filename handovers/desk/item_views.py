"""One problem on the desk: what is known, what happened, and what may be done now."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from itertools import groupby

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.requests import SignedInRequest
from core.typing import Context
from gatherings.models import Gathering
from handovers.access import for_desk, for_neighbourhood
from handovers.acts import forwarding
from handovers.acts.catalogue import BY_NAME, Action, actions_for, changes_since
from handovers.acts.forms import PlainForm
from handovers.desk.views import is_late
from handovers.followers import repair_questions
from handovers.followers.repair_questions import JudgedItem
from handovers.life import answer_templates, answers
from handovers.life.deadlines import working_days_late
from handovers.models import BulkRun, Forward, Handover, HandoverItem, Holiday
from issues.models import HistoryEntry, Issue, IssueQuerySet, PhotoKind
from issues.photos import quota
from issues.photos.darkroom import PhotoRefused
from issues.workflow import TransitionRefused
from rankings.models import ListPlace

Bound = Mapping[str, PlainForm]
MOST_TO_JUDGE = 200


@require_safe
@never_cache
@for_desk
def item(request: SignedInRequest, reference: str) -> HttpResponse:
    """A problem of this desk with its place, its reason, its history and the forms of what may be done."""
    issue = _issue_of(Issue.objects.editable_by(request.user), reference)
    return _page(request, issue, {})


@require_POST
@for_desk
@transaction.atomic
def act(request: SignedInRequest, reference: str, name: str) -> HttpResponse:
    """Do one thing with a problem; a refusal shows the page again with its sentence and the input."""
    action = _action_named(name)
    found = _item_for(request.user, reference)
    Issue.objects.lock_in_order([found.issue_id])
    form = action.form(request.POST, request.FILES, item=found, user=request.user)
    changes = changes_since(found, _seen(request))
    if changes:
        return _back(
            request, found, form, action, _("Mientras mirabas, cambió. Revisa y vuelve a enviar."), changes
        )
    if not form.is_valid():
        return _back(request, found, form, action, _("Revisa lo que falta."))
    try:
        quota.charge(f"person:{request.user.pk}", (file.size or 0 for file in _files_of(request)))
        with transaction.atomic():
            action.perform(found, request.user, form.cleaned_data)
    except (TransitionRefused, PhotoRefused) as refusal:
        return _back(request, found, form, action, str(refusal))
    messages.success(request, action.done)
    return redirect(_after(request, found))


def _files_of(request: SignedInRequest) -> list[UploadedFile]:
    return [file for name in request.FILES for file in request.FILES.getlist(name)]


@require_POST
@for_desk
def receive(request: SignedInRequest, number: int) -> HttpResponse:
    """Give the receipt of a whole handover."""
    handover = get_object_or_404(Handover.objects.editable_by(request.user), number=number)
    try:
        count = answers.acknowledge_list(handover, request.user)
        messages.success(request, _("Acuse dado a %(count)s problemas.") % {"count": count})
    except TransitionRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("desk")


@require_POST
@for_desk
def withdraw_forward(request: SignedInRequest, reference: str, pk: int) -> HttpResponse:
    """End the page that was sent to an outside body."""
    items = HandoverItem.objects.editable_by(request.user).filter(issue__reference=reference)
    sent = get_object_or_404(Forward.objects.filter(item__in=items), pk=pk)
    try:
        forwarding.withdraw(sent, request.user)
        messages.success(request, _("Retirado: el enlace ya no sirve."))
    except TransitionRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("desk-item", reference)


@require_safe
@never_cache
@for_neighbourhood
def to_verify(request: HttpRequest) -> HttpResponse:
    """The repairs that wait for the next gathering of each neighbourhood of this person: its agenda."""
    items = (
        repair_questions.to_judge(HandoverItem.objects.in_neighbourhoods_of(request.user))
        .select_related("issue__territory", "issue__category", "department")
        .defer("issue__territory__boundary", "issue__territory__outline")
        .prefetch_related(_photos())[:MOST_TO_JUDGE]
    )
    own = groupby(sorted(items, key=_code_of), key=_code_of)
    next_ones = Gathering.objects.next_by_territory()
    agendas = [(next_ones.get(code), [_verification_row(each) for each in found]) for code, found in own]
    return render(request, "handovers/item/to_verify.html", {"agendas": agendas})


def _issue_of(issues: IssueQuerySet, reference: str) -> Issue:
    whole = issues.select_related("category__group", "territory", "department", "duplicate_of").defer(
        "territory__boundary", "territory__outline"
    )
    return get_object_or_404(whole, reference=reference)


def _action_named(name: str) -> Action:
    if name not in BY_NAME:
        raise Http404
    return BY_NAME[name]


def _item_for(user: User, reference: str) -> HandoverItem:
    """The running item this person may do this to; 404 where the querysets do not have it."""
    mine = HandoverItem.objects.editable_by(user)
    return get_object_or_404(
        mine.select_related("issue__territory", "issue__category", "department"), issue__reference=reference
    )


def _page(
    request: SignedInRequest,
    issue: Issue,
    bound: Bound,
    status: int = HTTPStatus.OK,
    more: Context | None = None,
) -> HttpResponse:
    found = (
        HandoverItem.objects.current()
        .select_related("handover__ranked_list", "list_place", "department", "assigned_to", "parent__issue")
        .filter(issue=issue)
        .first()
    )
    if found:
        found.issue = issue
    words = _words(request, issue, found, bound) | (more or {})
    return render(request, "handovers/item/item.html", words, status=status)


def _words(request: SignedInRequest, issue: Issue, found: HandoverItem | None, bound: Bound) -> Context:
    lines = list(issue.history.select_related("actor").order_by("-pk"))
    return {
        "issue": issue,
        "item": found,
        "place": found.list_place if found else _next_place(issue),
        "photos": issue.photos.visible_to(request.user),
        "history": lines,
        "seen": lines[0].pk if lines else 0,
        "forms": _forms(found, request.user, bound) if found else [],
        "templates": answer_templates.offered_for(found) if found else [],
        "waiting_runs": _waiting_runs(found),
        "parts": found.parts.select_related("issue") if found else [],
        "forwards": found.forwards.all() if found else [],
        "now": timezone.now(),
        "tally": repair_questions.tally(found),
        "is_shortlisted": bool(found) and request.user.shortlist.filter(item=found).exists(),
        "is_late": is_late(issue),
        "days_late": _days_late(issue),
        "point": json.loads(issue.location.geojson)["coordinates"],
    }


def _waiting_runs(found: HandoverItem | None) -> list[tuple[BulkRun, Promise]]:
    runs = BulkRun.objects.waiting().filter(entries__item=found, entries__refusal="").select_related("actor")
    return [(made, BY_NAME[made.action].label) for made in runs] if found else []


def _forms(found: HandoverItem, user: User, bound: Bound) -> list[tuple[Action, PlainForm]]:
    return [
        (action, bound.get(action.name) or action.form(item=found, user=user))
        for action in actions_for(found, user)
    ]


def _next_place(issue: Issue) -> ListPlace | None:
    return issue.places.select_related("ranked_list").order_by("-ranked_list__number").first()


def _days_late(issue: Issue) -> int:
    if not issue.due_date or not is_late(issue):
        return 0
    return working_days_late(issue.due_date, timezone.localdate(), Holiday.objects.days())


def _seen(request: HttpRequest) -> int:
    """The history line the person saw last; without it, everything up to now counts as seen."""
    given = request.POST.get("seen", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) <= 18 else 2**62


def _back(
    request: SignedInRequest,
    found: HandoverItem,
    form: PlainForm,
    action: Action,
    sentence: str,
    changes: list[HistoryEntry] | None = None,
) -> HttpResponse:
    """The same page again with the refusal, the input, and what others changed meanwhile."""
    more: Context = {"refusal": sentence, "refused": action.name, "changes": changes or []}
    issue = _issue_of(Issue.objects.editable_by(request.user), found.issue.reference)
    status = HTTPStatus.CONFLICT if changes else HTTPStatus.BAD_REQUEST
    return _page(request, issue, {action.name: form}, status, more)


def _after(request: HttpRequest, found: HandoverItem) -> str:
    still = HandoverItem.objects.editable_by(request.user).filter(pk=found.pk).exists()
    return reverse("desk-item", args=[found.issue.reference]) if still else reverse("desk")


def _photos() -> Prefetch:
    return Prefetch("issue__photos")


def _code_of(found: HandoverItem) -> int:
    territory = found.issue.territory
    return territory.code if territory else 0


def _verification_row(found: JudgedItem) -> dict[str, object]:
    photos = list(found.issue.photos.all())
    return {
        "item": found,
        "code": _code_of(found),
        "tally": repair_questions.tally(found) if found.answers else None,
        "doubts": repair_questions.doubts(found) if found.noes else [],
        "before": [photo for photo in photos if photo.kind == PhotoKind.BEFORE][:1],
        "after": [photo for photo in photos if photo.kind == PhotoKind.AFTER][:2],
    }
