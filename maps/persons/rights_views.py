"""The page of the office for what persons ask about their data."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.requests import SignedInRequest
from maps.models import PersonRequest, RightKind
from maps.persons import rights
from territories.media_types import MEDIA_TYPES

SHOWN = 100


class TakeForm(forms.Form):
    """A new request."""

    kind = forms.ChoiceField(label=gettext_lazy("Qué pide"), choices=RightKind.choices)
    person = forms.CharField(label=gettext_lazy("Quién pide y dónde responderle"), max_length=300)
    asked_on = forms.DateField(
        label=gettext_lazy("Pedido el (hoy si queda vacío)"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )


class WordsForm(forms.Form):
    """What is looked for; never in an address, which logs would keep."""

    words = forms.CharField(label=gettext_lazy("Correo, teléfono, nombre o folio"), max_length=254)


class AnswerForm(forms.Form):
    """What was answered."""

    answer = forms.CharField(
        label=gettext_lazy("Qué se respondió"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def requests(request: SignedInRequest) -> HttpResponse:
    """Open requests, the most urgent first, and a form for another one."""
    rights.require(request.user)
    form = TakeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            made = rights.take(**form.cleaned_data, actor=request.user)
            return redirect("person-request", made.pk)
        except rights.RightRefused as refusal:
            form.add_error(None, str(refusal))
    rows = PersonRequest.objects.open()
    words = {"form": form, "rows": rows[:SHOWN], "total": rows.count(), "today": timezone.localdate()}
    return render(request, "maps/persons/requests.html", words, status=400 if form.errors else 200)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def request_page(request: SignedInRequest, pk: int) -> HttpResponse:
    """One request: what there is of the person, what was done, the answer."""
    rights.require(request.user)
    asked = get_object_or_404(PersonRequest, pk=pk)
    if request.method == "GET":
        return _page(request, asked)
    try:
        return _done(request, asked, request.POST.get("act", ""))
    except rights.RightRefused as refusal:
        return _page(request, asked, error=str(refusal))


def _done(request: SignedInRequest, asked: PersonRequest, act: str) -> HttpResponse:
    key, words = request.POST.get("key", ""), request.POST.get("words", "")[:254]
    if act == "find":
        return _page(request, asked, found=rights.find(asked, words, actor=request.user), words=words)
    if act == "export":
        return _file(rights.export(asked, words, actor=request.user))
    if act == "answer":
        rights.answer(asked, request.POST.get("answer", "")[:2000], actor=request.user)
    elif act == "correct":
        rights.correct(asked, key, request.POST.dict(), actor=request.user)
    elif act in ("block", "unblock"):
        rights.block(asked, key, actor=request.user, is_blocked=act == "block")
    elif act == "erase":
        rights.erase(asked, key, actor=request.user)
    else:
        raise rights.RightRefused(_("Elige qué hacer."))
    messages.success(request, _("Listo."))
    return redirect("person-request", asked.pk)


def _file(rows: list[dict[str, str]]) -> HttpResponse:
    made = HttpResponse(json.dumps(rows, ensure_ascii=False, indent=1), content_type=MEDIA_TYPES["json"])
    made["Content-Disposition"] = 'attachment; filename="mis-datos.json"'
    return made


def _page(request: SignedInRequest, asked: PersonRequest, error: str = "", **more: Any) -> HttpResponse:
    words = {
        "asked": asked,
        "error": error,
        "acts": asked.acts.select_related("actor"),
        "today": timezone.localdate(),
        "search": WordsForm(initial={"words": more.get("words", "")}),
        "answer": AnswerForm(),
        **more,
    }
    return render(request, "maps/persons/request.html", words, status=400 if error else 200)
