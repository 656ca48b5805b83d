"""`/saltos/`: who was passed over on each list, and who asked for what passed before others."""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import Department
from core.postgis import identity
from handovers.indicators import skips
from rankings.asking import AskedBy
from rankings.list_page import MAX_NUMBER
from rankings.models import RankedList, RankedListQuerySet
from rankings.views import Unreadable

SHOWN = 100
LISTS_OFFERED = 60
MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])\Z")


@require_safe
@identity.behind("counts")
def skips_page(request: HttpRequest) -> HttpResponse:
    """The skips of one list, by department and month; 404 for a list that is not there."""
    lists = RankedList.objects.visible_to(request.user).without_document()
    ranked_list = _list(request, lists)
    department, month = _department(request), _month(request)
    jumps = skips.jumps_of(ranked_list, department, month) if ranked_list else None
    context = {
        "lists": lists[:LISTS_OFFERED],
        "list": ranked_list,
        "departments": Department.objects.order_by("name"),
        "department": department,
        "month": month,
        "jumps": jumps,
        "rows": skips.shown(ranked_list, jumps.rows[:SHOWN]) if ranked_list and jumps else [],
        "kinds": [kind.label for kind in AskedBy],
        "years": skips.asked_by_year(),
        "moves": skips.moves_used()[:SHOWN],
        "urgent": skips.urgent_sent()[:SHOWN],
    }
    return render(request, "handovers/indicators/skips.html", context)


def _list(request: HttpRequest, lists: RankedListQuerySet) -> RankedList | None:
    number = request.GET.get("lista", "")
    if not number:
        return lists.first()
    if not (number.isascii() and number.isdigit() and len(number) <= 10):
        raise Unreadable(_("«lista» es el número de una lista publicada."))
    return get_object_or_404(lists, number=min(int(number), MAX_NUMBER))


def _department(request: HttpRequest) -> str:
    code = request.GET.get("direccion", "")
    if code and not Department.objects.filter(code=code.replace("\x00", "")).exists():
        raise Unreadable(_("«direccion» es el código de una dirección municipal."))
    return code


def _month(request: HttpRequest) -> str:
    month = request.GET.get("mes", "")
    if month and not MONTH.match(month):
        raise Unreadable(_("«mes» se escribe con año y mes, por ejemplo 2026-11."))
    return month
