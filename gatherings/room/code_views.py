"""The page where the office gives an organisation the code with which its witness counts again."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.requests import SignedInRequest
from core.duties import Act
from gatherings.models import Organisation
from gatherings.refusals import RoomRefused
from gatherings.room.counters import CODE_DAYS, give_code


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def counter_codes(request: SignedInRequest) -> HttpResponse:
    """Give one code and show it once; 404 for those whose duty it is not."""
    if not request.user.may(Act.GIVE_CODE):
        raise Http404
    known = Organisation.objects.filter(is_active=True, is_provisional=False).order_by("name")
    context: dict[str, object] = {"organisations": known, "days": CODE_DAYS}
    if request.method == "POST":
        try:
            organisation = _chosen(request)
            code = give_code(organisation, request.user)
            context |= {"organisation": organisation, "code": f"{code[:5]}-{code[5:]}"}
        except RoomRefused as refused:
            context["refusal"] = str(refused)
    status = 400 if "refusal" in context else 200
    return render(request, "gatherings/room/counter_codes.html", context, status=status)


def _chosen(request: HttpRequest) -> Organisation:
    written = request.POST.get("organisation", "")
    number = int(written) if written.isascii() and written.isdecimal() and len(written) < 10 else 0
    found = Organisation.objects.filter(pk=number, is_active=True).first()
    if found is None:
        raise RoomRefused("organisation", _("Elige una organización de la lista."))
    return found
