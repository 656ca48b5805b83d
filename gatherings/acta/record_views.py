"""The file of a gathering, the page that checks it, and the program that does the same at home."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gatherings import verify
from gatherings.acta import challenges, pabulib
from gatherings.models import GatheringRecord
from gatherings.room.result import canonical


@require_safe
def acta_json(request: HttpRequest, number: int) -> HttpResponse:
    """The canonical file of a closed gathering; 404 before, and for one closed before there were files."""
    record = _record(number)
    answer = HttpResponse(canonical(_told(record)), content_type="application/json")
    answer["Content-Disposition"] = f'inline; filename="acta-{number}.json"'
    return answer


@require_safe
def acta_pb(request: HttpRequest, number: int) -> HttpResponse:
    """The same for Pabulib; 404 where no ballots are told."""
    text = pabulib.text_of(_told(_record(number)))
    if text is None:
        raise Http404
    answer = HttpResponse(text, content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="acta-{number}.pb"'
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
    context = {"gathering": record.gathering, "settings": settings, "has_ballots": _has_ballots(record)}
    return render(request, "gatherings/acta/check.html", context)


def _has_ballots(record: GatheringRecord) -> bool:
    return json.loads(record.document)["ballots"] is not None


@require_safe
def verifier(request: HttpRequest) -> HttpResponse:
    """The stand-alone program itself, to run at home."""
    answer = HttpResponse(Path(verify.__file__).read_bytes(), content_type="text/x-python; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="verify.py"'
    return answer


def _told(record: GatheringRecord) -> dict[str, Any]:
    """What was sealed, and beside it the texts and what was objected to since, with a digest of its own."""
    texts, digest = list(record.texts), record.gathering.digest
    since = challenges.documents_of(challenges.of(record.gathering), texts)
    return json.loads(record.document) | {
        "digest": digest,
        "challenges": since,
        "challenges_digest": challenges.digest_of(digest, since),
        "texts": texts,
    }


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
