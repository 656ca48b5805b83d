"""The desk's saved views."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.requests import SignedInRequest
from handovers.access import for_desk
from handovers.models import SavedView
from handovers.query import saved_filters
from issues.query.filters import BadFilter


@require_POST
@for_desk
def save_view(request: SignedInRequest) -> HttpResponse:
    """Keep the address under a name."""
    query = request.POST.get("query", "")
    try:
        made = saved_filters.save_view(
            request.user,
            request.POST.get("name", ""),
            query,
            is_shared="is_shared" in request.POST,
            is_home="is_home" in request.POST,
        )
    except (saved_filters.ViewRefused, BadFilter) as refusal:
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
