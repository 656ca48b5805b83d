"""A problem that went the whole way, others that must never be seen, and who told them."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass

import pytest
from django.contrib.gis.geos import LineString, Point, Polygon
from django.utils import timezone
from PIL import Image

from core.letters import fold
from gatherings.models import Gathering
from handovers.life.delivery import hand_over
from issues.models import Category, CategoryGroup, EntryKind, HistoryEntry, Issue, Photo, Reporter, Visibility
from issues.photos.intake import PhotoReview, add_photo, review
from rankings.models import RankedList
from rankings.publishing import publish
from territories.models import Place
from tests.maps.addresses import names, uuid_names
from tests.rankings.conftest import vote

__all__ = ["vote"]

# Never in any public answer: who told it, what is hidden, what offices say among themselves.
SECRETS = {
    "name": "Canaria Zutana Secretísima",
    "email": "canaria.secreta@zutana.example",
    "phone": "+56 9 8787 6565",
    "hidden": "Título oculto Quillay",
    "staff": "Título interno Peumo",
    "draft": "Título borrador Boldo",
    "reserved": "Título reservado Maitén",
    "never": "Título nunca público Canelo",
    "reason": "Motivo interno Arrayán",
    "hidden_reason": "Motivo de ocultar Coihue",
    "caption": "Foto sin revisar Lingue",
}


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    """Photos of tests stay out of the tree."""
    settings.MEDIA_ROOT = tmp_path / "media"


@dataclass(frozen=True)
class Story:
    """A problem that went the whole way."""

    issue: Issue
    photo: Photo
    gathering: Gathering
    ranked_list: RankedList


@pytest.fixture
def story(make_issue, facilitator, cabinet, vote) -> Story:
    """Told on a walk, voted by Norte, published, handed over, with one approved photo and one unseen."""
    issue = make_issue(
        title="Hoyo frente al paradero", description="Caben dos personas.", address="Los Aromos 12",
        severity=2, reach=2, duration=1, vulnerability=1,
    )  # fmt: skip
    gathering = vote({issue: 9})
    ranked_list = publish("gestion", actor=cabinet)
    hand_over(ranked_list, cabinet)
    photo = add_photo(issue, picture(), actor=facilitator, office="Caminata", caption="El hoyo")
    review(photo, PhotoReview.APPROVED, actor=facilitator, office="Caminata", reason=SECRETS["reason"])
    add_photo(issue, picture("red"), actor=facilitator, office="Caminata", caption=SECRETS["caption"])
    issue.refresh_from_db()
    return Story(issue, photo, gathering, ranked_list)


def picture(colour: str = "blue") -> bytes:
    """A small JPEG."""
    out = io.BytesIO()
    Image.new("RGB", (400, 300), colour).save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def secrets(story, make_issue, pothole, insecurity, streets) -> dict[str, str]:
    """Puts every secret where it may be kept; returns them."""
    never = Category.objects.create(
        code="SEG-09", group=CategoryGroup.objects.get(code="SEG"), name="Violencia", department=streets,
        privacy="nunca_publico",
    )  # fmt: skip
    for key, category, visibility in (
        ("hidden", pothole, Visibility.HIDDEN),
        ("staff", pothole, Visibility.STAFF),
        ("draft", pothole, Visibility.DRAFT),
        ("reserved", insecurity, Visibility.PUBLIC),
        ("never", never, Visibility.PUBLIC),
    ):
        made = make_issue(title=SECRETS[key], category=category)
        reason = SECRETS["hidden_reason"] if visibility == Visibility.HIDDEN else ""
        Issue.objects.filter(pk=made.pk).exclude(category=never).update(
            visibility=visibility, hidden_reason=reason
        )
        _tell_who(made)
    _tell_who(story.issue)
    _note(story.issue)
    return SECRETS


def _tell_who(issue: Issue) -> None:
    Reporter.objects.create(
        issue=issue, name=SECRETS["name"], email=SECRETS["email"], phone=SECRETS["phone"],
        expires_on=timezone.localdate() + dt.timedelta(days=90),
    )  # fmt: skip


def _note(issue: Issue) -> None:
    HistoryEntry.objects.create(
        issue=issue, kind=EntryKind.NOTE, office="Operaciones", at=timezone.now(),
        reason=SECRETS["reason"], public_text="Pasamos a mirar.",
    )  # fmt: skip


@pytest.fixture
def gazetteer(db) -> None:
    """Two streets, their crossing, a square and a station in the drawn town."""
    spots = (
        ("street", "Av. Los Pajaritos", LineString((-70.80, -33.51), (-70.74, -33.51), srid=4326)),
        ("street", "Av. Américo Vespucio", LineString((-70.77, -33.52), (-70.77, -33.50), srid=4326)),
        ("crossing", "Av. Américo Vespucio con Av. Los Pajaritos", Point(-70.77, -33.51, srid=4326)),
        ("station", "Metro Las Parcelas", Point(-70.775, -33.505, srid=4326)),
        ("bus_stop", "Paradero PI-12", Point(-70.776, -33.505, srid=4326)),
        ("square", "Plaza de Maipú", Polygon.from_bbox((-70.79, -33.507, -70.789, -33.506))),
    )
    for kind, name, location in spots:
        location.srid = 4326
        Place.objects.create(
            kind=kind, name=name, search_name=fold(name), location=location, rank=0, source="dibujado"
        )


@pytest.fixture
def real(story) -> dict[str, list[str]]:
    """Values of the story for every name in the URLconf."""
    known = {
        "reference": [story.issue.reference],
        "id": [str(story.issue.pk), story.issue.reference],
        "photo_id": [str(photo.pk) for photo in story.issue.photos.all()],
        "gathering_id": [str(story.gathering.pk)],
        "pk": [str(story.gathering.pk), str(story.ranked_list.number), "1"],
        "code": ["PAV-01", "1"],
        "slug": ["norte"],
        "number": [str(story.ranked_list.number)],
        "layer": ["issues", "territories"],
        "z": ["12", "0"],
        "x": ["1243", "0"],
        "y": ["2453", "0"],
        "track": ["gestion"],
        "name": ["issues", "territories"],
        "identifier": [str(story.issue.pk), "1"],
    }
    others = [str(story.issue.pk)], ["1"]
    uuids = uuid_names()
    return {name: others[name not in uuids] for name in names()} | known
