"""Files of the desk: at once where they are short, otherwise in the background with a count to watch."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import SignedInRequest
from core.gate import read_query
from handovers.access import for_desk
from handovers.desk.views import readable
from handovers.models import DeskFile
from handovers.query import columns, export_jobs, saved_filters
from issues.models import IssueQuerySet
from issues.query.formats import WRITTEN

MAX_MARKED = 1000
STREAM = "stream"


@require_safe
@never_cache
@for_desk
@readable
def desk_file(request: SignedInRequest, kind: str) -> HttpResponseBase:
    """Exactly what the address shows, in its order, as a file.

    A person is offered to have a long one prepared, with a count to watch; a program, which does not
    ask for a page, gets it at once, and so does anyone with `stream=yes`.
    """
    query = request.GET.urlencode()
    rows = export_jobs.rows_of(request.user, query)
    if kind == columns.PDF or not _wants_page(request) or not _is_long(rows):
        return columns.file_of(rows, kind)
    words = {
        "kind": WRITTEN[kind],
        "total": rows.order_by().count(),
        "query": saved_filters.known_part(request.GET) or "stage=desk",
        "direct": f"?{query}&{urlencode({STREAM: 'yes'})}" if WRITTEN[kind].lines else "",
    }
    return render(request, "handovers/desk/file_offer.html", words)


@require_POST
@for_desk
@readable
def ask(request: SignedInRequest) -> HttpResponseBase:
    """The marked problems, or all that is filtered, as a file: at once, or prepared where it is long."""
    kind = request.POST.get("kind", "")
    query = _query(request)
    marked = [] if request.POST.get("all") == "yes" else request.POST.getlist("reference")[:MAX_MARKED]
    if not marked and request.POST.get("all") != "yes":
        return _refused(request, _("Marca al menos un problema, o elige los filtrados."))
    rows = export_jobs.rows_of(request.user, query, marked)
    if kind in columns.FILES and (kind == columns.PDF or not _is_long(rows)):
        return columns.file_of(rows, kind)
    try:
        export_jobs.ask(request.user, kind, query, marked)
    except export_jobs.FileRefused as refusal:
        return _refused(request, str(refusal))
    return redirect("desk-files")


@require_safe
@never_cache
@for_desk
def files_list(request: HttpRequest) -> HttpResponse:
    """The own files: what is being written, with its count, and what can be fetched."""
    found = DeskFile.objects.visible_to(request.user)[:20]
    rows = [(made, _state(made)) for made in found]
    return render(request, "handovers/desk/files.html", {"rows": rows, "hours": settings.EXPORT_HOURS})


@require_safe
@never_cache
@for_desk
def state(request: HttpRequest, pk: int) -> JsonResponse:
    """How far a file of one's own is."""
    return JsonResponse(_state(get_object_or_404(DeskFile.objects.visible_to(request.user), pk=pk)))


@require_safe
@never_cache
@for_desk
def fetch(request: SignedInRequest, pk: int) -> FileResponse:
    """A finished file of this person; 404 when it is gone."""
    made = get_object_or_404(DeskFile.objects.visible_to(request.user).ready(), pk=pk)
    try:
        content = made.path.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    name = f"gestion-{made.asked_at:%Y-%m-%d}.{made.kind}"
    return FileResponse(
        content, as_attachment=True, filename=name, content_type=WRITTEN[made.kind].media_type
    )


def _wants_page(request: HttpRequest) -> bool:
    return "text/html" in request.headers.get("Accept", "") and request.GET.get(STREAM) != "yes"


def _is_long(rows: IssueQuerySet) -> bool:
    most = settings.EXPORT_AT_ONCE
    return rows.order_by().values("pk")[: most + 1].count() > most


def _query(request: HttpRequest) -> str:
    return saved_filters.known_part(read_query(request.POST.get("query", ""))) or "stage=desk"


def _state(made: DeskFile) -> dict[str, object]:
    words = {"written": _grouped(made.written), "total": _grouped(made.total)}
    return {
        "written": made.written,
        "total": made.total,
        "is_ready": made.ready_at is not None,
        "is_over": bool(made.ready_at or (made.trouble and not made.waits_for_room)),
        "text": made.told or _("%(written)s de %(total)s") % words,
    }


def _grouped(number: int) -> str:
    return number_format(number, 0, force_grouping=True)


def _refused(request: HttpRequest, sentence: str) -> HttpResponse:
    messages.error(request, sentence)
    return redirect(f"{reverse('desk')}?{_query(request)}")
