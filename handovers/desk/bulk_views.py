"""Bulk runs: preview, order, report, carry out now, undo."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import SignedInRequest
from core.gate import read_query
from core.together.once import in_pieces
from handovers.access import for_desk
from handovers.acts import bulk_runs, stored_input, undoing
from handovers.acts.bulk_runs import ChosenItem
from handovers.acts.catalogue import Action
from handovers.acts.forms import PlainForm
from handovers.life import answer_templates
from handovers.models import BulkRun, HandoverItem
from handovers.query import saved_filters
from issues.query.filters import BadFilter

MAX_LISTED = 200
MAX_RUNS = 30
SAMPLES = 3
NEVER_SEEN = 2**62


@require_POST
@for_desk
def bulk_preview(request: SignedInRequest) -> HttpResponse:
    """Show what an act would do to the marked problems, or to all that is filtered, before doing it."""
    try:
        action = bulk_runs.action_named(request.POST.get("action", ""))
        items = chosen(request)
    except (bulk_runs.BulkRefused, BadFilter) as refusal:
        return _back_to_desk(request, str(refusal))
    form = _bound(action, request, items) if "sample" in request.POST else None
    return _preview(request, action, items, form)


@in_pieces
@require_POST
@for_desk
def bulk_run(request: SignedInRequest) -> HttpResponse:
    """Order it, and show the report."""
    try:
        action = bulk_runs.action_named(request.POST.get("action", ""))
        items = chosen(request)
    except (bulk_runs.BulkRefused, BadFilter) as refusal:
        return _back_to_desk(request, str(refusal))
    form = _bound(action, request, items)
    if not form.is_valid():
        return _preview(request, action, items, form, status=400)
    made = bulk_runs.order(action, items, request.user, form.cleaned_data, _seen(request))
    return redirect("bulk-report", pk=made.pk)


@require_safe
@never_cache
@for_desk
def own_runs(request: SignedInRequest) -> HttpResponse:
    """The last runs of one's own, the newest first."""
    count = Count("entries", filter=Q(entries__refusal=""))
    found = BulkRun.objects.filter(actor=request.user).annotate(problems=count).order_by("-pk")[:MAX_RUNS]
    rows = [(made, bulk_runs.action_named(made.action), undoing.can_undo(made)) for made in found]
    return render(request, "handovers/desk/bulk_runs.html", {"rows": rows})


@require_safe
@never_cache
@for_desk
def bulk_report(request: SignedInRequest, pk: int) -> HttpResponse:
    """What a run of one's own did or will do, and why it left some out."""
    made = _own(request, pk)
    entries = made.entries.select_related("item__issue").order_by("pk")
    words = {
        "run": made,
        "action": bulk_runs.action_named(made.action),
        "done": entries.filter(is_done=True).count(),
        "ahead": entries.filter(is_done=False, refusal="").count(),
        "refused": entries.exclude(refusal="")[:MAX_LISTED],
        "kept": entries.exclude(undo_refusal="")[:MAX_LISTED],
        "can_undo": undoing.can_undo(made),
        "is_overdue": made.left_at is None and made.leaves_at < timezone.now(),
    }
    return render(request, "handovers/desk/bulk_report.html", words)


@in_pieces
@require_POST
@for_desk
def bulk_now(request: SignedInRequest, pk: int) -> HttpResponse:
    """Carry out a run of one's own without waiting."""
    bulk_runs.carry_out(_own(request, pk), bulk_runs.SECONDS)
    return redirect("bulk-report", pk=pk)


@require_POST
@for_desk
def bulk_undo(request: SignedInRequest, pk: int) -> HttpResponse:
    """Undo a run of one's own, once."""
    try:
        count = undoing.undo(_own(request, pk), request.user)
        messages.success(request, _("Deshecho en %(count)s problemas.") % {"count": count})
    except bulk_runs.BulkRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("bulk-report", pk=pk)


def chosen(request: SignedInRequest) -> list[ChosenItem]:
    """The marked problems; with «all» everything the address finds, fixed at the moment of the preview."""
    query = query_of(request) if request.POST.get("all") == "yes" else ""
    return bulk_runs.chosen(request.user, request.POST.getlist("reference"), query)


def query_of(request: HttpRequest) -> str:
    """The address of the desk that a form came from."""
    return request.POST.get("query", "") or "?stage=desk"


def _own(request: SignedInRequest, pk: int) -> BulkRun:
    return get_object_or_404(BulkRun.objects.filter(actor=request.user), pk=pk)


def _bound(action: Action, request: SignedInRequest, items: list[ChosenItem]) -> PlainForm:
    return action.form(request.POST, request.FILES, item=items[0], user=request.user)


def _preview(
    request: SignedInRequest,
    action: Action,
    items: list[ChosenItem],
    form: PlainForm | None,
    status: int = 200,
) -> HttpResponse:
    found = bulk_runs.preview(action, items, request.user)
    form = form or action.form(item=items[0], user=request.user)
    words = {
        "action": action,
        "fitting": found.fitting,
        "shown": found.fitting[:MAX_LISTED],
        "refused": found.refused[:MAX_LISTED],
        "refused_count": len(found.refused),
        "form": form,
        "items": items,
        "waits": 0 if action.name in bulk_runs.AT_ONCE else settings.BULK_WAIT_MINUTES,
        "has_text": stored_input.PUBLIC in form.fields,
        "placeholders": answer_templates.PLACEHOLDERS,
        "templates": answer_templates.offered_for_many(found.fitting),
        "samples": _samples(form, found.fitting),
    }
    return render(request, "handovers/desk/bulk_preview.html", words, status=status)


def _samples(form: PlainForm, items: list[ChosenItem]) -> list[tuple[HandoverItem, str]]:
    """How the typed text will read in the first problems."""
    if not form.is_bound or not (form.is_valid() or stored_input.PUBLIC in form.cleaned_data):
        return []
    if not form.cleaned_data.get(stored_input.PUBLIC):
        return []
    return [
        (item, str(stored_input.worded_for(item, form.cleaned_data)[stored_input.PUBLIC]))
        for item in items[:SAMPLES]
    ]


def _seen(request: HttpRequest) -> dict[str, int]:
    """By reference: the line of history each problem ended with in the preview."""
    lines = [_number(line) for line in request.POST.getlist("seen")]
    return dict(zip(request.POST.getlist("reference"), lines, strict=False))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else NEVER_SEEN


def _back_to_desk(request: HttpRequest, sentence: str) -> HttpResponse:
    messages.error(request, sentence)
    query = saved_filters.known_part(read_query(query_of(request)))
    return redirect(f"{reverse('desk')}?{query or 'stage=desk'}")
