"""The answering office's page for the person who told a problem."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.requests import SignedInRequest
from core.typing import Context
from issues.models import Issue
from maps.persons import contact
from maps.persons.contact import ContactRefused


class LetterForm(forms.Form):
    """What is answered."""

    text = forms.CharField(
        label=gettext_lazy("Tu respuesta, que le llega por correo"),
        max_length=contact.MOST_LETTERS,
        widget=forms.Textarea(attrs={"rows": 6}),
    )


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def teller(request: SignedInRequest, reference: str) -> HttpResponse:
    """See who told a problem, and answer; nothing is shown before the person asks for it.

    Raises PermissionDenied for who is of no answering office, Http404 for a problem of another.
    """
    office = request.user.department_id
    if not request.user.is_manager or office is None:
        raise PermissionDenied
    own = Issue.objects.filter(department_id=office)
    issue = get_object_or_404(own.select_related("category"), reference=reference)
    if request.method != "POST":
        return _page(request, issue)
    try:
        return _done(request, issue)
    except ContactRefused as refusal:
        return _page(request, issue, error=str(refusal), letter=LetterForm(request.POST))


def _done(request: SignedInRequest, issue: Issue) -> HttpResponse:
    if request.POST.get("act") == "read":
        return _page(request, issue, reporter=contact.read(issue, actor=request.user))
    contact.answer(issue, request.POST.get("text", ""), actor=request.user)
    messages.success(request, _("Tu respuesta va en camino por correo."))
    return redirect("teller", issue.reference)


def _page(request: SignedInRequest, issue: Issue, error: str = "", **more: object) -> HttpResponse:
    words: Context = {"issue": issue, "error": error, "letter": LetterForm(), "acts": contact.acts_on(issue)}
    return render(request, "maps/persons/teller.html", words | more, status=400 if error else 200)
