"""`/alcaldia/presupuesto/`: what each department may commit in a year, entered by the cabinet alone."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import Department
from accounts.requests import SignedInRequest
from core.duties import Act
from core.together.seen import Fact, watched
from handovers.access import for_cabinet
from handovers.life import budgets
from handovers.life.answers import MAX_COST
from handovers.models import Budget
from issues.models import Track


class BudgetForm(forms.Form):
    """One amount: of which year, department and track."""

    year = forms.IntegerField(label=gettext_lazy("Año"), min_value=2020, max_value=2100)
    department = forms.ModelChoiceField(
        label=gettext_lazy("Dirección"), queryset=Department.objects.filter(is_open=True).order_by("name")
    )
    track = forms.ChoiceField(label=gettext_lazy("Pista"), choices=Track)
    amount = forms.IntegerField(
        label=gettext_lazy("Monto del año, en pesos"),
        min_value=0,
        max_value=MAX_COST,
        help_text=gettext_lazy("Sin puntos ni signo. Si ya había un monto, queda este."),
    )


def _stands(request: SignedInRequest) -> list[Fact]:
    """What an entry depends on: the amounts that stand."""
    rows = Budget.objects.select_related("department").order_by("pk")
    return [Fact(f"{row.year} {row.department} {row.get_track_display()}", row.amount) for row in rows]


@watched(_stands)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@for_cabinet
def budget(request: SignedInRequest) -> HttpResponse:
    """What stands, and a form for one amount; POST raises PermissionDenied for all but the cabinet."""
    form = BudgetForm(request.POST or None, initial={"year": timezone.localdate().year})
    if request.method == "POST" and form.is_valid():
        made = budgets.enter(**form.cleaned_data, actor=request.user)
        messages.success(request, _("Presupuesto guardado: %(which)s.") % {"which": made})
        return redirect("budget")
    rows = Budget.objects.select_related("department")
    words = {"form": form, "rows": rows, "may_enter": request.user.may(Act.BUDGET)}
    return render(request, "handovers/cabinet/budget.html", words, status=400 if form.errors else 200)
