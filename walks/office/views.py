"""The office's inbox: what waits for a person, why, side by side, and the decision."""

from __future__ import annotations

import base64
import json
import uuid
from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required, user_passes_test
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.requests import SignedInRequest, Visitor
from core.duties import Act
from core.together.once import in_pieces
from core.together.seen import Fact, signature, watched
from issues.models import Category, Issue
from issues.photos.darkroom import PhotoRefused
from territories.geo import BadCoordinates
from walks.models import Decision, Device, Held, RecordKind, SyncPhoto
from walks.office.decisions import DecisionRefused, accept, read_correction, reject
from walks.office.proposals import Line, side_by_side
from walks.sync import arrivals, devices
from walks.sync.envelope import Malformed, read_uuid
from walks.sync.exported_outbox import MAX_FILE_BYTES, Imported, import_outbox

PAGE = 50
FIELDS = (
    ("title", gettext_lazy("Problema")),
    ("category", gettext_lazy("Categoría")),
    ("text", gettext_lazy("Texto")),
    ("lat", gettext_lazy("Latitud")),
    ("lng", gettext_lazy("Longitud")),
    ("accuracy_m", gettext_lazy("Precisión (m)")),
    ("territory", gettext_lazy("Barrio según la tableta")),
    ("levels", gettext_lazy("Niveles")),
    ("levels_evidence", gettext_lazy("Motivo del nivel V")),
    ("description", gettext_lazy("Descripción")),
    ("at", gettext_lazy("Hora de la tableta")),
)


def office_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Who decides there, and the administration, which looks on.

    Others of the staff get a 403, strangers the sign-in page.
    """
    return login_required(user_passes_test(_is_office)(view))


def _is_office(user: Visitor) -> bool:
    if not (user.is_authenticated and (user.may(Act.INBOX) or user.sees_everything)):
        raise PermissionDenied
    return True


@require_safe
@office_only
def inbox(request: SignedInRequest) -> HttpResponse:
    """What waits, oldest first; or what was decided, newest first."""
    decided = request.GET.get("estado") == "decididos"
    found = Held.objects.visible_to(request.user)
    rows = found.decided().order_by("-decision__at") if decided else found.open()
    rows = rows.select_related("record__author", "photo", "decision__decided_by")
    page = Paginator(rows, PAGE).get_page(request.GET.get("pagina"))
    context = {"page": page, "decided": decided, "waiting": found.open().count()}
    return render(request, "walks/office/inbox.html", context)


def _stands(request: HttpRequest, pk: int) -> list[Fact]:
    """What a decision depends on: that nobody decided before."""
    made = Decision.objects.filter(held=min(pk, 2**63 - 1)).select_related("decided_by").first()
    if made is None:
        return [Fact(_("decisión"), None)]
    office = made.decided_by.office if made.decided_by else ""
    return [Fact(_("decisión"), made.kind, made.get_kind_display(), signature(office, made.at))]


@watched(_stands)
@office_only
def held(request: SignedInRequest, pk: int) -> HttpResponse:
    """One thing that waits, side by side with what it touches; POST decides."""
    error = _decide(request, _held(request, pk)) if request.method == "POST" else ""
    # Read after the decision: a refused one is undone in the database, not in the object.
    found = _held(request, pk)
    if request.method == "POST" and not error:
        messages.success(request, _("Decidido. Lo que llegó queda guardado tal como llegó."))
        return redirect("inbox")
    context = {"held": found, "error": error, "rows": _side_by_side(found), "issue": _issue_of(found)}
    context |= {"proposal": _proposal(found)}
    context |= {"categories": Category.objects.open(), "photos": _pictures(found), "entered": request.POST}
    return render(request, "walks/office/held.html", context, status=400 if error else 200)


def _held(request: SignedInRequest, pk: int) -> Held:
    rows = Held.objects.visible_to(request.user)
    rows = rows.select_related("record__author", "record__device", "variant", "photo")
    return get_object_or_404(rows, pk=min(pk, 2**63 - 1))


def _decide(request: SignedInRequest, found: Held) -> str:
    try:
        if request.POST.get("decision") == "reject":
            reject(found, by=request.user, reason=request.POST.get("reason", ""))
        else:
            correction = read_correction(request.POST) if request.POST.get("decision") == "correct" else {}
            accept(found, by=request.user, correction=correction, reason=request.POST.get("reason", ""))
    except (DecisionRefused, BadCoordinates) as refused:
        return str(refused)
    return ""


def _side_by_side(found: Held) -> list[tuple[str, str, str]]:
    """(field, as it came, as it is now or came before)."""
    first = found.record.body if found.record else "{}"
    came = _content(found.variant.body if found.variant else first)
    other = _content(first) if found.variant else _stored(_issue_of(found))
    shown = [(str(label), _shown(came.get(name)), _shown(other.get(name))) for name, label in FIELDS]
    return [row for row in shown if row[1] or row[2]]


def _proposal(found: Held) -> list[Line]:
    """A proposed change next to what it would change; empty for anything else."""
    issue = _issue_of(found)
    if found.record is None or found.record.kind != RecordKind.CHANGE or found.variant or issue is None:
        return []
    return side_by_side(_content(found.record.body), issue)


def _content(body: str) -> dict:
    return json.loads(body or "{}")


def _stored(issue: Issue | None) -> dict:
    if issue is None:
        return {}
    return {
        "title": issue.title,
        "category": issue.category.code,
        "description": issue.description,
        "lat": issue.location.y,
        "lng": issue.location.x,
        "territory": issue.territory.code if issue.territory else "",
    }


def _issue_of(found: Held) -> Issue | None:
    record_id = found.photo.record_id if found.photo else found.record_id
    subject = found.record.subject_id if found.record else None
    return Issue.objects.filter(Q(pk=subject or record_id)).select_related("category", "territory").first()


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {level}" for name, level in sorted(value.items()) if level is not None)
    return "" if value is None else str(value)


def _pictures(found: Held) -> list[str]:
    """The photos that came with it, as data addresses; only what our own encoder made is shown."""
    of_record = Q(record_id=found.record_id) if found.record_id else Q(pk=found.photo_id)
    photos = SyncPhoto.objects.filter(of_record)
    return [picture for photo in photos[:4] if (picture := _picture(photo))]


def _picture(photo: SyncPhoto) -> str:
    try:
        clean = arrivals.preview(photo)
    except (OSError, PhotoRefused):
        return ""
    return "data:image/jpeg;base64," + base64.b64encode(clean).decode()


@in_pieces
@require_POST
@office_only
def import_file(request: SignedInRequest) -> HttpResponse:
    """Take in an outbox brought as a file."""
    upload = request.FILES.get("archivo")
    if upload is None or (upload.size or 0) > MAX_FILE_BYTES:
        messages.error(request, _("Elige el archivo que guardó la tableta (hasta 300 MB)."))
        return redirect("inbox")
    try:
        messages.success(request, _summary(import_outbox(upload.read(), by=request.user)))
    except Malformed as error:
        messages.error(request, str(error))
    return redirect("inbox")


def _summary(imported: Imported) -> str:
    stored, known = imported.count("stored"), imported.count("already")
    waiting, bad = (
        imported.count("held", "conflict"),
        imported.count("error", "bad_hash") + imported.photos_bad,
    )
    records = ngettext("%(n)s registro nuevo", "%(n)s registros nuevos", stored) % {"n": stored}
    return _(
        "%(records)s, %(known)s ya estaban, %(waiting)s esperan en la bandeja, %(photos)s fotos nuevas, "
        "%(bad)s no se pudieron leer."
    ) % {"records": records, "known": known, "waiting": waiting, "photos": imported.photos_new, "bad": bad}


@office_only
def tablets(request: SignedInRequest) -> HttpResponse:
    """The enrolled tablets; POST revokes one, or an administrator gives one back that was found."""
    if request.method == "POST":
        device = get_object_or_404(Device, pk=_uuid(request.POST.get("device", "")))
        messages.success(request, _settle(device, request.POST.get("act", ""), request.user))
        return redirect("tablets")
    rows = Device.objects.prefetch_related("people")[:200]
    return render(request, "walks/office/tablets.html", {"rows": rows})


def _settle(device: Device, act: str, by: User) -> str:
    if act == "lift":
        devices.lift(device, by)
        return _("Tableta devuelta: quienes la usan vuelven a entrar en ella.")
    devices.revoke(device, by)
    return _("Tableta revocada: sus sesiones terminaron, y lo que envíe quedará en la bandeja.")


def _uuid(text: str) -> uuid.UUID:
    try:
        return read_uuid(text)
    except Malformed as error:
        raise Http404 from error
