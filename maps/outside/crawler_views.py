"""What programs that read the whole site are told: robots.txt, the sitemap, security.txt (RFC 9116)."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.conf import settings
from django.contrib.sitemaps import Sitemap, views
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from gatherings.models import Gathering
from issues.models import Issue
from rankings.models import RankedList
from territories.models import Territory

# Of one file of the sitemap, by its standard.
MOST = 50_000
PAGES = ("home", "territories", "lists", "gatherings", "how-we-rank", "indicators", "skips", "data",
         "feeds", "posts", "hidings-counted", "privacy")  # fmt: skip
# What only people with an account use, what is one person's own, and what would be asked without end.
CLOSED = (
    "/admin/", "/gestion/", "/alcaldia/", "/oficina/", "/avisos/", "/entrar/", "/votar/", "/externo/",
    "/quedo-reparado/", "/seguir/", "/invitacion/", "/por-enviar/", "/caminata/", "/api/", "/tiles/", "/*?",
)  # fmt: skip
SECURITY_DAYS = 90


class Pages(Sitemap):
    """The pages that every installation has."""

    def items(self) -> list[str]:
        return list(PAGES)

    def location(self, item: str) -> str:
        return reverse(item)


class Territories(Sitemap):
    """The page of each neighbourhood in force."""

    def items(self) -> list[str]:
        return list(Territory.objects.current().values_list("slug", flat=True))

    def location(self, item: str) -> str:
        return reverse("territory", args=[item])


class Lists(Sitemap):
    """Every published list."""

    def items(self) -> list[tuple]:
        return list(RankedList.objects.order_by("-number").values_list("number", "published_at")[:MOST])

    def location(self, item: tuple) -> str:
        return reverse("list", args=[item[0]])

    def lastmod(self, item: tuple) -> dt.datetime:
        return item[1]


class Gatherings(Sitemap):
    """Every gathering, announced or held."""

    def items(self) -> list[UUID]:
        return list(Gathering.objects.order_by("-pk").values_list("pk", flat=True)[:MOST])

    def location(self, item: UUID) -> str:
        return reverse("gathering", args=[item])


class Problems(Sitemap):
    """The public problems of one neighbourhood, those with news first."""

    def __init__(self, slug: str) -> None:
        self.slug = slug

    def items(self) -> list[tuple]:
        found = Issue.objects.public().filter(territory__slug=self.slug).order_by("-updated_at", "-id")
        return list(found.values_list("reference", "updated_at")[:MOST])

    def location(self, item: tuple) -> str:
        return reverse("problem", args=[item[0]])

    def lastmod(self, item: tuple) -> dt.datetime:
        return item[1]


FIXED: dict[str, type[Sitemap]] = {
    "paginas": Pages, "barrios": Territories, "listas": Lists, "reuniones": Gatherings,
}  # fmt: skip
OF_A_TERRITORY = "problemas-"


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """The index: one file for each kind of page, and one for the problems of each neighbourhood."""
    names = [*FIXED, *(OF_A_TERRITORY + slug for slug in Territories().items())]
    base = f"{request.scheme}://{request.get_host()}"
    locations = [{"location": base + reverse("sitemap-part", args=[name])} for name in names]
    return TemplateResponse(
        request, "sitemap_index.xml", {"sitemaps": locations}, content_type="application/xml"
    )


@require_safe
def sitemap_part(request: HttpRequest, name: str) -> HttpResponse:
    """One file of it; 404 for a name that the index does not have."""
    if name in FIXED:
        return views.sitemap(request, {name: FIXED[name]()}, name)
    slug = name.removeprefix(OF_A_TERRITORY)
    if slug == name or not Territory.objects.current().filter(slug=slug).exists():
        raise Http404
    return views.sitemap(request, {name: Problems(slug)}, name)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What crawlers leave alone, and where the sitemap is. It hides nothing: rights do that."""
    where = request.build_absolute_uri(reverse("sitemap"))
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED), "", f"Sitemap: {where}", ""]
    return HttpResponse("\n".join(lines), "text/plain; charset=utf-8")


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """Where to report a weakness; 404 until SECURITY_CONTACT is set, for the standard wants a contact."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    until = (timezone.now() + dt.timedelta(days=SECURITY_DAYS)).astimezone(dt.UTC)
    lines = [
        *(f"Contact: {where}" for where in settings.SECURITY_CONTACT),
        f"Expires: {until:%Y-%m-%dT00:00:00Z}",
        "Preferred-Languages: es, en",
        f"Canonical: {request.build_absolute_uri(reverse('security-txt'))}",
        "",
    ]
    return HttpResponse("\n".join(lines), "text/plain; charset=utf-8")
