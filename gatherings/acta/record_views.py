"""The file of a gathering, the page that checks it, and the program that does the same at home."""

from __future__ import annotations

import json
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gatherings import verify
from gatherings.models import GatheringRecord
from gatherings.room.result import canonical


@require_safe
def acta_json(request: HttpRequest, number: int) -> HttpResponse:
    """The canonical file of a closed gathering; 404 before, and for one closed before there were files."""
    record = _record(number)
    document = json.loads(record.document) | {"digest": record.gathering.digest, "texts": record.texts}
    answer = HttpResponse(canonical(document), content_type="application/json")
    answer["Content-Disposition"] = f'inline; filename="acta-{number}.json"'
    return answer


@require_safe
def check_page(request: HttpRequest, number: int) -> HttpResponse:
    """The check in the browser, of this file or of those on the person's own device."""
    record = _record(number)
    settings = {
        "published": reverse("gathering-json", args=[number]),
        "number": number,
        "digest": record.gathering.digest,
        "sentences": verify.SENTENCES | _words(),
    }
    return render(
        request, "gatherings/acta/check.html", {"gathering": record.gathering, "settings": settings}
    )


@require_safe
def verifier(request: HttpRequest) -> HttpResponse:
    """The stand-alone program itself, to run at home."""
    answer = HttpResponse(Path(verify.__file__).read_bytes(), content_type="text/x-python; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="verify.py"'
    return answer


def _record(number: int) -> GatheringRecord:
    known = GatheringRecord.objects.select_related("gathering__territory").defer(
        "gathering__territory__boundary", "gathering__territory__outline"
    )
    return get_object_or_404(known, gathering__number=number)


def _words() -> dict[str, str]:
    return {
        "checking": _("Comprobando…"),
        "holds": _("Todo lo comprobado se cumple."),
        "fails": _("No se cumple."),
        "not_published": _("no es el archivo que publica este sitio: aquí su huella es {here}"),
        "same": _("es el mismo archivo que publica este sitio"),
        "fine": _("Se cumple"),
        "wrong": _("No se cumple"),
    }
