"""The desk's tools: saved views and acts on many problems."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from handovers import bulk, saved_views
from handovers.access import for_desk
from handovers.models import BulkRun, SavedView
from issues.filters import BadFilter
from issues.photos import PhotoRefused

MAX_LISTED = 200


@require_POST
@for_desk
def save_view(request: HttpRequest) -> HttpResponse:
    """Keep the address under a name."""
    query = request.POST.get("query", "")
    try:
        made = saved_views.save_view(
            request.user,
            request.POST.get("name", ""),
            query,
            is_shared="is_shared" in request.POST,
            is_home="is_home" in request.POST,
        )
    except (saved_views.ViewRefused, BadFilter) as refusal:
        messages.error(request, str(refusal))
        return redirect("desk")
    messages.success(request, _("Vista «%(name)s» guardada.") % {"name": made.name})
    return redirect(f"{reverse('desk')}?{made.query}" if made.query else f"{reverse('desk')}?stage=desk")


@require_POST
@for_desk
def delete_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget a view of one's own."""
    get_object_or_404(SavedView.objects.editable_by(request.user), pk=pk).delete()
    messages.success(request, _("Vista borrada."))
    return redirect(f"{reverse('desk')}?stage=desk")


@require_POST
@for_desk
def bulk_preview(request: HttpRequest) -> HttpResponse:
    """Show what an act would do to the marked problems, or to all that is filtered, before doing it."""
    try:
        return _preview(request, None)
    except (bulk.BulkRefused, BadFilter) as refusal:
        messages.error(request, str(refusal))
        return redirect(_desk_of(request))


@require_POST
@for_desk
def bulk_run(request: HttpRequest) -> HttpResponse:
    """Do it, and show the report."""
    try:
        action = bulk.action_named(request.POST.get("action", ""))
        items = _chosen(request)
    except (bulk.BulkRefused, BadFilter) as refusal:
        messages.error(request, str(refusal))
        return redirect(_desk_of(request))
    form = action.form(request.POST, request.FILES, item=items[0], user=request.user)
    if not form.is_valid():
        return _preview(request, form)
    try:
        made = bulk.run(action, items, request.user, form.cleaned_data)
    except PhotoRefused as refusal:
        messages.error(request, str(refusal))
        return _preview(request, form)
    return redirect("bulk-report", pk=made.pk)


@require_safe
@never_cache
@for_desk
def bulk_report(request: HttpRequest, pk: int) -> HttpResponse:
    """What a run of one's own did, and why it left some out."""
    made = get_object_or_404(BulkRun.objects.filter(actor=request.user), pk=pk)
    entries = made.entries.select_related("item__issue").order_by("-refusal", "pk")
    words = {
        "run": made,
        "action": bulk.action_named(made.action),
        "done": made.entries.filter(refusal="").count(),
        "refused": entries.exclude(refusal="")[:MAX_LISTED],
        "can_undo": bulk.can_undo(made),
    }
    return render(request, "handovers/bulk_report.html", words)


@require_POST
@for_desk
def bulk_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a run of one's own back, once."""
    made = get_object_or_404(BulkRun.objects.filter(actor=request.user), pk=pk)
    try:
        count = bulk.undo(made, request.user)
        messages.success(request, _("Deshecho en %(count)s problemas.") % {"count": count})
    except bulk.BulkRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("bulk-report", pk=pk)


def _preview(request: HttpRequest, form: object) -> HttpResponse:
    action = bulk.action_named(request.POST.get("action", ""))
    items = _chosen(request)
    found = bulk.preview(action, items, request.user)
    words = {
        "action": action,
        "fitting": found.fitting,
        "shown": found.fitting[:MAX_LISTED],
        "refused": found.refused[:MAX_LISTED],
        "refused_count": len(found.refused),
        "form": form or action.form(item=items[0], user=request.user),
        "references": [item.issue.reference for item in items],
        "can_undo": action.name in bulk.UNDO,
    }
    return render(request, "handovers/bulk_preview.html", words, status=400 if form else 200)


def _chosen(request: HttpRequest) -> list:
    """The marked problems; with «all» everything the address finds, fixed at the moment of the preview."""
    query = request.POST.get("query", "") if request.POST.get("all") == "yes" else ""
    if request.POST.get("all") == "yes" and not query:
        query = "?stage=desk"
    return bulk.chosen(request.user, request.POST.getlist("reference"), query)


def _desk_of(request: HttpRequest) -> str:
    query = saved_views.known_part(QueryDict(request.POST.get("query", "").lstrip("?")))
    return f"{reverse('desk')}?{query or 'stage=desk'}"
