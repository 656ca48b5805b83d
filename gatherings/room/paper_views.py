"""The ballot of a gathering, to print and copy."""

from __future__ import annotations

import uuid

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.requests import SignedInRequest
from core.postgis import identity
from gatherings.models import Gathering
from gatherings.room import paper_ballot


@never_cache
@login_required
@require_safe
@identity.behind("counts")
def ballot_pdf(request: SignedInRequest, gathering_id: uuid.UUID) -> HttpResponse:
    """One ballot in large print; 404 for who does not conduct the gathering."""
    gathering = get_object_or_404(Gathering.objects.run_by(request.user).with_names(), pk=gathering_id)
    answer = HttpResponse(paper_ballot.as_pdf(gathering), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="papeleta-{gathering.number}.pdf"'
    return answer
