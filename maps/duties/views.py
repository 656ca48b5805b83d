"""`/oficina/por-que/` for the administration, and `/cargos/` for everyone: which posts were given."""

from __future__ import annotations

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.requests import SignedInRequest
from core.duties import DUTIES, POSTS, Act
from issues.models import EntryKind, HistoryEntry, Issue
from maps.duties import why, words

SHOWN = 200
GIVEN = "post "


class WhyForm(forms.Form):
    """A person, an act, and the number of a problem, if it is about one."""

    person = forms.ModelChoiceField(
        label=gettext_lazy("Persona"), queryset=User.objects.order_by("username"), to_field_name="username"
    )
    act = forms.ChoiceField(
        label=gettext_lazy("Qué quiere hacer"), choices=[(act.value, words.ACTS[act]) for act in Act]
    )
    issue = forms.CharField(
        label=gettext_lazy("Número del problema, si es sobre uno"), required=False, max_length=40
    )

    def clean_issue(self) -> Issue | None:
        """The problem, or None; raises ValidationError for a number that no problem has."""
        reference = self.cleaned_data["issue"].strip()
        if not reference:
            return None
        found = Issue.objects.select_related("territory").filter(reference=reference).first()
        if found is None:
            raise forms.ValidationError(_("Ningún problema tiene ese número."))
        return found


@login_required
@never_cache
@require_safe
def why_page(request: SignedInRequest) -> HttpResponse:
    """Why may somebody do something, or not; raises PermissionDenied for all but the administration."""
    if not request.user.is_administrator:
        raise PermissionDenied
    form = WhyForm(request.GET) if request.GET else WhyForm()
    context: dict[str, object] = {"form": form, "table": _table(), "posts": words.POSTS.values()}
    if form.is_bound and form.is_valid():
        asked = form.cleaned_data
        found = why.reasons(asked["person"], Act(asked["act"]), asked["issue"])
        context |= {
            "reasons": found,
            "may": why.may(found),
            "asked": asked,
            "act": words.ACTS[Act(asked["act"])],
        }
    return render(request, "maps/duties/why.html", context, status=400 if form.errors else 200)


@require_safe
def posts(request: HttpRequest) -> HttpResponse:
    """The posts that count or publish, each time one was given, changed or taken; never whose."""
    lines = HistoryEntry.objects.filter(issue=None, kind=EntryKind.CONFIG, to_value__startswith=GIVEN)
    rows = [
        {"at": line.at, "office": line.office, "where": line.public_text}
        | {"before": _post(line.from_value), "after": _post(line.to_value), "hash": line.hash}
        for line in lines.order_by("-pk")[:SHOWN]
    ]
    context = {"rows": rows, "table": _table(), "posts": words.POSTS.values()}
    return render(request, "maps/duties/posts.html", context)


def _post(written: str) -> object:
    return words.POSTS.get(written.removeprefix(GIVEN), "")


def _table() -> list[tuple[object, list[bool]]]:
    return [(words.ACTS[act], [post in holders for post in POSTS]) for act, holders in DUTIES.items()]
