"""One box for streets, crossings, neighbourhoods, known places and references."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from django.contrib.auth.models import AnonymousUser
from django.contrib.gis.db.models import Extent
from django.contrib.postgres.search import TrigramSimilarity, TrigramWordSimilarity
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from core.letters import fold
from issues.models import Issue
from issues.query.filters import BadFilter
from territories.models import Place, Territory

MAX_LENGTH = 80
MIN_LENGTH = 2
LIMIT = 8
ALIKE = 0.45
# Shown around a place, degrees; about 200 m.
AROUND = 0.002
# Words that say how two streets meet, or what a street is: they do not help to find it.
FILLERS = {"con", "esquina", "esq", "y", "av", "avda", "avenida", "calle", "pasaje", "pje", "de", "la", "el"}


@dataclass(frozen=True)
class Found:
    """One suggestion. `bbox` is (west, south, east, north) in degrees; `url` a page, or empty."""

    kind: str
    kind_label: str
    name: str
    bbox: tuple[float, float, float, float]
    url: str = ""
    code: int | None = None


def suggestions(text: str, user: User | AnonymousUser) -> list[dict]:
    """At most LIMIT places for what somebody typed, best first; raises BadFilter for unusable text."""
    if len(text) > MAX_LENGTH:
        raise BadFilter(_("Escribe hasta 80 letras para buscar."))
    wanted = _significant(text)
    found = _references(text, user)
    if len(wanted) >= MIN_LENGTH:
        found += [*_territories(wanted), *_places(wanted)]
    return [asdict(one) for one in found[:LIMIT]]


def meant(text: str, user: User | AnonymousUser, *, is_nothing_found: bool) -> list[dict]:
    """Places that somebody may have meant who typed words into the list, each with an address of ours.

    Beside problems that were found stands only what is called exactly that.
    """
    if not MIN_LENGTH <= len(text.strip()) <= MAX_LENGTH:
        return []
    places = suggestions(text, user)
    if not is_nothing_found:
        places = [place for place in places if _significant(place["name"]) == _significant(text)]
    return [place | {"address": _address(place)} for place in places]


def _address(place: dict) -> str:
    """A problem's page; the list of a neighbourhood; else the list and map around the place."""
    if place["kind"] == "issue":
        return place["url"]
    if place["code"] is not None:
        return f"{reverse('home')}?territory={place['code']}"
    west, south, east, north = place["bbox"]
    box = (west - AROUND, south - AROUND, east + AROUND, north + AROUND)
    return f"{reverse('home')}?bbox={','.join(f'{edge:.5f}' for edge in box)}"


def _significant(text: str) -> str:
    words = fold(text).split()
    return " ".join([word for word in words if word not in FILLERS] or words)


def _references(text: str, user: User | AnonymousUser) -> list[Found]:
    written = text.strip().upper()
    if written.isascii() and written.isdigit():
        wanted = Q(reference__endswith=f"-{written.zfill(6)}")
    else:
        wanted = Q(reference=written)
    issues = Issue.objects.visible_to(user).filter(wanted)
    return [_issue(issue) for issue in issues.order_by("-reported_at")[:3]]


def _issue(issue: Issue) -> Found:
    x, y = issue.location.coords
    name = f"{issue.reference} · {issue.title}"
    return Found("issue", _("problema"), name, (x, y, x, y), url=f"/problemas/{issue.reference}/")


def _territories(wanted: str) -> list[Found]:
    rows = Territory.objects.current().without_boundary().annotate(box=Extent("outline"))
    named = [row for row in rows if _is_named(fold(row.name), wanted)]
    return [
        Found("territory", _("barrio"), row.name, row.box, url=f"/barrios/{row.slug}/", code=row.code)
        for row in named[:4]
    ]


def _is_named(name: str, wanted: str) -> bool:
    return wanted in name or all(word in name for word in wanted.split())


def _places(wanted: str) -> list[Found]:
    rows = _resembling(wanted).annotate(box=Extent("location"))
    return [Found(row.kind, row.get_kind_display(), row.name, row.box) for row in rows[:LIMIT]]


def _resembling(wanted: str) -> QuerySet:
    """Places in the order of likeness: first those that hold every word, in any order."""
    every_word = Q()
    for word in wanted.split():
        every_word &= Q(search_name__contains=word)
    likeness = TrigramWordSimilarity(wanted, "search_name") + TrigramSimilarity("search_name", wanted)
    return (
        Place.objects.alias(word_likeness=TrigramWordSimilarity(wanted, "search_name"))
        .annotate(likeness=likeness, has_words=Q(every_word))
        .filter(every_word | Q(word_likeness__gte=ALIKE))
        .order_by(F("has_words").desc(), "-likeness", "rank", Lower("name"))
    )
