"""The addresses of Open311: every answer, also an error, in the asked format and without cookies."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import conditional_page, require_safe

from issues.models import Issue
from maps.open311 import posting, reading, services
from maps.open311.formats import FORMATS, Refused, answer, refusal

View = Callable[..., HttpResponse]


def speaks(*methods: str) -> Callable[[View], View]:
    """Turns refusals into the asked format, answers 405 to other methods, opens reading to all sites."""

    def decorate(view: View) -> View:
        @csrf_exempt
        @wraps(view)
        def answered(request: HttpRequest, form: str, **words: str) -> HttpResponse:
            try:
                _check(request, form, methods)
                found = view(request, form, **words)
            except (MultiPartParserError, SuspiciousOperation):
                found = refusal(form, Refused(400, _("El formulario no se puede leer.")))
            except Refused as refused:
                found = refusal(form if form in FORMATS else "xml", refused)
                found["Allow"] = ", ".join(methods)
            found["Access-Control-Allow-Origin"] = "*"
            return found

        return conditional_page(answered)

    return decorate


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What this is, for people."""
    return render(request, "maps/data/open311.html", {"services": services.services({})})


@speaks("GET", "HEAD")
def discovery(request: HttpRequest, form: str) -> HttpResponse:
    """Endpoints of this installation."""
    return answer(form, "discovery", services.discovery(request))


@speaks("GET", "HEAD")
def service_list(request: HttpRequest, form: str) -> HttpResponse:
    """What can be reported."""
    return answer(form, "services", services.services(request.GET))


@speaks("GET", "HEAD")
def service(request: HttpRequest, form: str, code: str) -> HttpResponse:
    """The attributes of one service."""
    return answer(form, "service_definition", services.definition(code))


@speaks("GET", "HEAD", "POST")
def requests(request: HttpRequest, form: str) -> HttpResponse:
    """Search the public requests, or send a new one."""
    if request.method == "POST":
        issue = posting.take(request)
        return _answered(form, [_receipt(issue, request)])
    return _rows(request, form, reading.asked_for(request.GET))


@speaks("GET", "HEAD")
def one(request: HttpRequest, form: str, reference: str) -> HttpResponse:
    """One request; raises Refused (404) alike for unknown and not public ones."""
    public = reading.published(Issue.objects.public())
    found = public.filter(reference=reference).first()
    if found is None:
        raise Refused(404, _("Ese service_request_id no existe."))
    return _rows(request, form, [found])


@speaks("GET", "HEAD")
def token(request: HttpRequest, form: str, token: str) -> HttpResponse:
    """Raises Refused (404): numbers are given at once here, so no token exists."""
    raise Refused(404, _("Ese token no existe: aquí el número se entrega de inmediato."))


@speaks("GET", "HEAD")
def unknown(request: HttpRequest, form: str = "xml", **words: str) -> HttpResponse:
    """Any other address below the endpoint raises Refused (404)."""
    raise Refused(404, _("Esa dirección no existe."))


def elsewhere(request: HttpRequest, rest: str) -> HttpResponse:
    """404 in the format that the address asks for."""
    return unknown(request, form="json" if rest.endswith(".json") else "xml")


def _check(request: HttpRequest, form: str, methods: Sequence[str]) -> None:
    if form not in FORMATS:
        raise Refused(400, _("El formato puede ser xml o json."))
    if request.method not in methods:
        raise Refused(405, _("Ese método no se usa aquí."))
    asked = request.GET.get("jurisdiction_id") or request.POST.get("jurisdiction_id")
    if asked and asked != settings.OPEN311_JURISDICTION:
        raise Refused(404, _("Esa jurisdicción no existe."))


def _rows(request: HttpRequest, form: str, issues: list[reading.PublishedIssue]) -> HttpResponse:
    extended = reading.is_extended(request.GET)
    return _answered(form, [reading.row(issue, request, extended=extended) for issue in issues])


def _answered(form: str, rows: list[dict[str, Any]]) -> HttpResponse:
    return answer(form, "service_requests", rows)


def _receipt(issue: Issue, request: HttpRequest) -> dict[str, Any]:
    return {
        "service_request_id": issue.reference,
        "service_notice": posting.notice(issue, request.POST),
        "account_id": None,
    }
