"""`/alcaldia/`: from the list that would be published to the handover, and how the promises stand."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from weasyprint.document import Document

from accounts.requests import SignedInRequest
from core.duties import Act, require
from core.together.once import in_pieces
from core.together.seen import watched
from handovers.access import for_cabinet
from handovers.cabinet import gaps, overview, series
from handovers.life import budgets
from handovers.life import delivery as deliveries
from handovers.life.delivery import DeliveryRefused
from issues.models import Track
from issues.workflow import TransitionRefused
from rankings import world
from rankings.first_places import first_places
from rankings.forms import WhoAskedFields
from rankings.models import RankedList
from rankings.pending import RANKED_TRACKS, pending_counts
from rankings.publishing import AlreadyPublished, ListRefused, publish
from territories import pdf

MAX_SHOWN = 300


@require_safe
@never_cache
@for_cabinet
def cabinet(request: HttpRequest) -> HttpResponse:
    """The whole: what waits to be published, what was promised, what is silent."""
    return _whole(request, WhoAskedFields())


def _whole(request: HttpRequest, asked: WhoAskedFields, status: int = 200) -> HttpResponse:
    words = current_figures() | {
        "asked": asked,
        "tracks": list(pending_counts().items()),
        "urgent": deliveries.urgent_waiting().count(),
        "dissolved": overview.dissolved(),
        "lists": overview.lists(),
        "handovers": overview.handovers(),
    }
    return render(request, "handovers/cabinet/cabinet.html", words, status=status)


@require_safe
@never_cache
@for_cabinet
def setup_gaps(request: HttpRequest) -> HttpResponse:
    """What lacks so that promises can be answered."""
    return render(request, "handovers/cabinet/gaps.html", {"gaps": gaps.gaps()})


@require_safe
@never_cache
@for_cabinet
def projector(request: HttpRequest) -> HttpResponse:
    """The same figures, large, for the wall of a meeting; renews itself every minute."""
    return render(request, "handovers/cabinet/projector.html", current_figures())


@require_safe
@never_cache
@for_cabinet
def report(request: HttpRequest) -> HttpResponse:
    """One page on paper for the mayor."""
    answer = HttpResponse(report_pdf(), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="alcaldia-{timezone.localdate():%Y-%m-%d}.pdf"'
    return answer


def current_figures() -> dict[str, object]:
    """How the promises stand: what page, wall and paper show."""
    year, tallies = timezone.localdate().year, overview.tallies()
    return {
        "totals": tallies.totals,
        "departments": tallies.by_department,
        "territories": tallies.by_territory,
        "silent": overview.silent(),
        "jumped": overview.jumped_over(),
        "without_gathering": overview.without_gathering(),
        "weeks": series.weeks(),
        "months": series.months(),
        "purses": budgets.purses(year),
        "spending": budgets.by_territory(year),
        "year": year,
    }


def report_pdf() -> bytes:
    """The one-page report as a tagged PDF."""
    return pdf.pdf_of(report_document())


def report_document() -> Document:
    """The report laid out; it loads nothing from any address."""
    page = render_to_string(
        "handovers/cabinet/report_pdf.html", current_figures() | {"today": timezone.localdate()}
    )
    return pdf.laid_out(page, "css/desk/cabinet-report.css")


@watched(world.facts)
@require_safe
@never_cache
@for_cabinet
def preview(request: HttpRequest, track: str) -> HttpResponse:
    """The list that would be published now, and the button that publishes it."""
    words = {
        "track": Track(track),
        "beginning": first_places(_track(track), MAX_SHOWN),
        "after": RankedList.objects.latest_of(track).values_list("number", flat=True).first() or 0,
    }
    return render(request, "handovers/cabinet/preview.html", words)


@watched(world.facts)
@require_POST
@for_cabinet
def publish_list(request: SignedInRequest, track: str) -> HttpResponse:
    """Publish the list for good, once it was confirmed."""
    require(request.user.post, Act.PUBLISH)
    if request.POST.get("confirm") != "yes":
        messages.error(request, _("Marca que revisaste la lista: una lista publicada ya no se edita."))
        return redirect("cabinet-preview", track=_track(track))
    try:
        made = publish(_track(track), actor=request.user, after=_number(request.POST.get("after", "")))
    except AlreadyPublished as refusal:
        messages.info(request, str(refusal))
        return redirect("cabinet-delivery", number=refusal.ranked_list.number)
    except ListRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("cabinet-preview", track=track)
    messages.success(request, _("Lista %(number)s publicada.") % {"number": made.number})
    return redirect("cabinet-delivery", number=made.number)


@watched(overview.of_list)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@for_cabinet
def delivery(request: SignedInRequest, number: int) -> HttpResponse:
    """What handing a list over would do, and doing it."""
    ranked_list = get_object_or_404(RankedList.objects.defer("document"), number=number)
    if request.method == "POST":
        return _hand_over(request, ranked_list)
    plan = deliveries.plan(ranked_list)
    words = {
        "ranked_list": ranked_list,
        "parts": plan.by_department.items(),
        "staying": plan.staying,
        "fits": budgets.above_the_line(ranked_list, timezone.localdate().year),
        "handed": ranked_list.handovers.select_related("department").order_by("number"),
    }
    return render(request, "handovers/cabinet/delivery.html", words)


@in_pieces
@require_POST
@for_cabinet
def send_urgent(request: SignedInRequest) -> HttpResponse:
    """Send every urgent problem that waits, with who asked for it; 400 where that is not said."""
    require(request.user.post, Act.URGENT)
    asked = WhoAskedFields(request.POST)
    if not asked.is_valid():
        return _whole(request, asked, status=400)
    sent = deliveries.hand_over_all_urgent(request.user, asked.cleaned_data["asked"])
    messages.success(request, _("Problemas urgentes enviados: %(count)s.") % {"count": sent})
    return redirect("cabinet")


def _hand_over(request: SignedInRequest, ranked_list: RankedList) -> HttpResponse:
    try:
        made = deliveries.hand_over(ranked_list, request.user)
    except (DeliveryRefused, TransitionRefused) as refusal:
        messages.error(request, str(refusal))
    else:
        message = ngettext(
            "Entregado a %(count)s dirección.", "Entregado a %(count)s direcciones.", len(made)
        )
        messages.success(request, message % {"count": len(made)})
    return redirect("cabinet-delivery", number=ranked_list.number)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None


def _track(name: str) -> str:
    if name not in RANKED_TRACKS:
        raise Http404
    return name
