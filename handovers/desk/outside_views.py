"""`/externo/<token>/`: the page on which an outside body reads a problem and answers."""

from __future__ import annotations

import json

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.mailed_links import bearer_page
from core.postgis import identity
from handovers.acts import forwarding
from handovers.acts.forms import DateField, text_field
from handovers.models import Forward
from issues.workflow import TransitionRefused


class OutsideForm(forms.Form):
    """The answer of an outside body."""

    text = text_field(gettext_lazy("Su respuesta, que será pública"), needed=True)
    promised_on = DateField(label=gettext_lazy("Fecha en que lo resolverán (opcional)"), required=False)


@bearer_page
@require_http_methods(["GET", "HEAD", "POST"])
def outside(request: HttpRequest, token: str) -> HttpResponse:
    """Show the problem, take the answer once; a link that ran out says so."""
    with identity.holding(forwarding.problem_behind(token)):
        return _opened(request, token)


def _opened(request: HttpRequest, token: str) -> HttpResponse:
    found = forwarding.forward_of(token)
    if found is None:
        sentence = _("Este enlace ya no sirve. Pida uno nuevo a la municipalidad.")
        return render(request, "error.html", {"status": 404, "sentence": sentence}, status=404)
    if request.method == "POST":
        return _answer(request, found)
    forwarding.opened(found)
    return _page(request, found, OutsideForm())


def _answer(request: HttpRequest, found: Forward) -> HttpResponse:
    form = OutsideForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form, status=400)
    try:
        answered = forwarding.answer(found, **form.cleaned_data)
    except TransitionRefused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, found, form, status=400)
    return _page(request, answered, form)


def _page(request: HttpRequest, found: Forward, form: forms.Form, status: int = 200) -> HttpResponse:
    issue = found.item.issue
    words = {
        "forward": found,
        "issue": issue,
        "form": form,
        "photos": issue.photos.public(),
        "point": json.loads(issue.location.geojson)["coordinates"],
    }
    return render(request, "handovers/item/outside.html", words, status=status)
