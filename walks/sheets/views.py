"""Pages of the walk on paper: the sheet to print and the form to type it in."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.requests import SignedInRequest
from issues.index import SCALES
from issues.models import Category, Issue, Visibility
from territories.models import Territory
from walks.app.texts import LEVELS
from walks.sheets import sheets as paper
from walks.sync.envelope import Malformed, read_uuid

FIELDS = ("where", "title", "category", *SCALES)


@require_safe
@login_required
def sheet(request: SignedInRequest, code: int) -> HttpResponse:
    """One A4 page, map and numbered rows; a second one with the categories."""
    territory = _own_territory(request, code)
    context = {
        "territory": territory,
        "map": paper.drawing(territory),
        "rows": range(1, paper.ROWS + 1),
        "categories": Category.objects.open().select_related("group"),
        "levels": LEVELS.values(),
    }
    return render(request, "walks/sheets/sheet.html", context)


@login_required
def typing(request: SignedInRequest, code: int) -> HttpResponse:
    """Type a sheet in: all rows or none, and the same sheet twice only once."""
    territory = _own_territory(request, code)
    if request.method == "POST":
        rows = [_typed(request, number) for number in range(1, paper.ROWS + 1)]
        answer = _register(request, territory, rows)
        return answer or _form(request, territory, rows, status=400)
    return _form(request, territory, [dict.fromkeys(FIELDS, "") for _row in range(paper.ROWS)])


@require_safe
@login_required
def sheets(request: SignedInRequest) -> HttpResponse:
    """The neighbourhoods whose sheets this person may print and type in; 403 if there are none."""
    own = [t for t in Territory.objects.current().without_boundary() if request.user.works_in(t.code)]
    if not own:
        raise PermissionDenied
    return render(request, "walks/sheets/sheets.html", {"territories": own})


def _typed(request: HttpRequest, number: int) -> dict[str, str]:
    return {name: request.POST.get(f"{name}-{number}", "") for name in FIELDS}


def _register(
    request: SignedInRequest, territory: Territory, rows: Sequence[paper.Row]
) -> HttpResponse | None:
    try:
        key = read_uuid(request.POST.get("sheet", ""))
        made = paper.register_sheet(key, territory, rows, by=request.user)
    except Malformed:
        raise Http404 from None
    except paper.SheetRefused as refused:
        messages.error(request, str(refused))
        return None
    message = ngettext("%(n)s problema registrado.", "%(n)s problemas registrados.", len(made))
    message %= {"n": len(made)}
    messages.success(request, message if made else _("Esta hoja ya estaba registrada: nada se duplicó."))
    _say_what_waits(request, made)
    return redirect("paper-typing", territory.code)


def _say_what_waits(request: SignedInRequest, made: Sequence[Issue]) -> None:
    waiting = sum(issue.visibility == Visibility.REVIEW for issue in made)
    text = ngettext(
        "%(n)s lo lee otra persona antes de que sea público: parece nombrar a alguien.",
        "%(n)s los lee otra persona antes de que sean públicos: parecen nombrar a alguien.",
        waiting,
    )
    if waiting:
        messages.info(request, text % {"n": waiting})


def _form(
    request: HttpRequest, territory: Territory, rows: Sequence[paper.Row], status: int = 200
) -> HttpResponse:
    context = {
        "territory": territory,
        "sheet": request.POST.get("sheet") or uuid.uuid4(),
        "rows": list(enumerate(rows, 1)),
        "categories": Category.objects.open(),
        "places": paper.place_names(territory),
    }
    return render(request, "walks/sheets/typing.html", context, status=status)


def _own_territory(request: SignedInRequest, code: int) -> Territory:
    territory = Territory.objects.current().filter(code=min(code, 2**31 - 1)).first()
    if territory is None:
        raise Http404
    if not request.user.works_in(territory.code):
        raise PermissionDenied
    return territory
