"""What somebody tells at the counter or by telephone: registered by the team, with a receipt on paper."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

import segno
from django import forms
from django.conf import settings
from django.contrib.gis.geos import Point
from django.core.files.uploadedfile import UploadedFile
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.duties import Act, require
from issues.models import Issue, Origin, Visibility
from issues.photos import quota
from maps.telling.forms import TellingForm
from maps.telling.intake import Teller, take, token_of
from territories import pdf

CHANNELS = (Origin.COUNTER, Origin.TELEPHONE)
LABELS = {
    "first_name": _("Nombre (opcional)"),
    "email": _("Correo (opcional)"),
    "phone": _("Teléfono (opcional)"),
}


class CounterForm(TellingForm):
    """What a resident writes too, and through which channel it came."""

    origin = forms.TypedChoiceField(
        label=_("Llegó por"),
        choices=[(channel.value, channel.label) for channel in CHANNELS],
        coerce=Origin,
        initial=Origin.COUNTER,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Elige por dónde llegó."),
            "invalid_choice": _("Elige por dónde llegó."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in LABELS.items():
            self.fields[name].label = label
            # The browser knows the names of the team, not of who stands at the counter.
            self.fields[name].widget.attrs["autocomplete"] = "off"


def register(
    number: uuid.UUID,
    report: dict[str, object],
    spot: tuple[Point, str],
    photos: Sequence[UploadedFile],
    *,
    actor: User,
) -> Issue:
    """Register it once; it is public at once unless its texts look like showing a person.

    Raises PermissionDenied for whose duty it is not, TellingRefused, IssueRefused and PhotoRefused.
    """
    require(actor.post, Act.REGISTER)
    quota.charge(f"person:{actor.pk}", (file.size or 0 for file in photos))
    origin = Origin(str(report["origin"]))
    return take(number, report, spot, photos, Teller(origin, actor.office, actor, Visibility.PUBLIC))


def address_for(issue: Issue, actor: User) -> str:
    """What the receipt leads to: the private page of what this person wrote down, else the public one.

    Raises Issue.DoesNotExist where there is neither.
    """
    if _is_own(issue, actor):
        return settings.SITE_URL + reverse("told", kwargs={"id": issue.pk, "token": token_of(issue.pk)})
    if not Issue.objects.public().filter(pk=issue.pk).exists():
        raise Issue.DoesNotExist
    return settings.SITE_URL + reverse("problem", args=[issue.reference])


def receipt_page(issue: Issue, actor: User) -> str:
    """The receipt as HTML; raises Issue.DoesNotExist for what nobody may take home."""
    address = address_for(issue, actor)
    words = {
        "issue": issue,
        "address": address,
        "qr": segno.make(address, error="m").svg_data_uri(scale=4),
        "given_at": timezone.now(),
        "office": actor.office,
        "commune_name": settings.COMMUNE_NAME,
        "is_own": _is_own(issue, actor),
    }
    return render_to_string("maps/telling/receipt.html", words)


def receipt_of(issue: Issue, actor: User) -> bytes:
    """Half a sheet to take home (PDF/UA-1); raises as its page does."""
    return pdf.pdf_of(pdf.laid_out(receipt_page(issue, actor), "css/public/receipt.css"))


def _is_own(issue: Issue, actor: User) -> bool:
    return issue.origin in CHANNELS and issue.created_by_id == actor.pk
