"""`/informar/`: residents report a problem; nothing is public before a person looked at it."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from uuid6 import uuid7

from core.postgis import identity
from issues.models import Issue, Origin, Reporter, Visibility
from issues.workflow import ClosingKind, Status
from maps.telling import intake
from maps.telling.views import MOST_AN_HOUR
from tests.conftest import INSIDE, NORTE, OUTSIDE
from tests.maps.conftest import picture
from tests.roles import owner

pytestmark = pytest.mark.django_db
URL = "/informar/"
LNG, LAT = INSIDE[NORTE]


def number(age: dt.timedelta = dt.timedelta(minutes=1)) -> str:
    """A form's number as we would have given it so long ago."""
    milliseconds = int((timezone.now() - age).timestamp() * 1000)
    return intake._numbers.sign(str(uuid.UUID(int=milliseconds << 80 | uuid7().int & (1 << 80) - 1)))


@pytest.fixture
def told(town, pothole):
    """What a browser sends."""
    return {
        "number": number(),
        "lat": str(LAT),
        "lng": str(LNG),
        "address": "Los Aromos con Las Lilas",
        "category": pothole.pk,
        "title": "Hoyo frente al jardín infantil",
        "description": "Desde el lunes",
        "first_name": "Zutana",
        "email": "zutana@correo.example",
        "phone": "",
        "website": "",
    }


def refused(client: Client, told: dict, sentence: str, status: int = 400, **more: object) -> None:
    answer = client.post(URL, told | more)
    assert answer.status_code == status
    assert sentence in answer.content.decode()
    assert not Issue.objects.exists()
    with owner():
        assert not Reporter.objects.exists()


# --- Where --------------------------------------------------------------------------------------
def test_a_street_is_found_by_its_name_and_leads_to_its_point(client, town, gazetteer):
    page = client.get(URL, {"where": "vespucio pajaritos"}).content.decode()
    assert "¿Cuál es?" in page
    assert "lat=-33.51" in page


@pytest.mark.parametrize(
    ("asked", "sentence", "status"),
    [
        ({"where": "qwertyuiop"}, "No encontramos «qwertyuiop»", 200),
        ({"where": "x" * 81}, "Escribe hasta 80 letras", 400),
        ({"lat": "nan", "lng": "0"}, 'role="alert"', 400),
        ({"lat": "1e999", "lng": "0"}, 'role="alert"', 400),
        ({"lat": "-33.51"}, 'role="alert"', 400),
        ({"lat": str(OUTSIDE[1]), "lng": str(OUTSIDE[0])}, "fuera de los 21 barrios", 400),
    ],
)
def test_what_is_no_place_here_is_said(client, town, asked, sentence, status):
    answer = client.get(URL, asked)
    assert answer.status_code == status
    assert sentence in answer.content.decode()


def test_what_is_known_nearby_comes_before_the_form(client, make_issue):
    make_issue(title="Hoyo conocido")
    make_issue(title="Hoyo escondido", visibility=Visibility.REVIEW)
    page = client.get(URL, {"lat": LAT, "lng": LNG}).content.decode()
    assert page.index("Ya informado cerca") < page.index("Hoyo conocido") < page.index('<form method="post"')
    assert "Hoyo escondido" not in page


def test_the_door_is_shut_where_the_municipality_says_so(client, settings):
    settings.RESIDENT_REPORTS = False
    assert client.get(URL).status_code == 404
    assert "Informar un problema" not in client.get("/").content.decode()


# --- What ---------------------------------------------------------------------------------------
def test_a_report_waits_for_review_and_its_person_is_kept_apart(client, told):
    answer = client.post(URL, told | {"photos": SimpleUploadedFile("a.jpg", picture(), "image/jpeg")})
    issue = Issue.objects.get()
    assert answer.status_code == 302
    assert (issue.origin, issue.visibility, issue.index) == (Origin.RESIDENT, Visibility.REVIEW, None)
    assert issue.photos.count() == 1
    with owner():
        assert issue.reporter.email == "zutana@correo.example"
    page = client.get(answer["Location"])
    assert "Gracias: quedó anotado" in page.content.decode()
    assert "zutana" not in page.content.decode().lower()
    assert page["X-Robots-Tag"] == "noindex"
    assert issue.title not in client.get("/").content.decode()
    assert client.get(f"/problemas/{issue.reference}/").status_code == 404


def test_the_page_says_the_day_on_which_who_told_it_is_forgotten(client, told):
    """That it is done then: tests/maps/persons/test_terms.py."""
    page = client.get(URL, {"lat": LAT, "lng": LNG}).content.decode()
    client.post(URL, told)
    with owner():
        days = (Reporter.objects.get().expires_on - timezone.localdate()).days
    assert f"se borra a los {days} días" in page


def test_sent_twice_it_is_one_report_with_the_same_page(client, told):
    first, second = client.post(URL, told), client.post(URL, told)
    assert first["Location"] == second["Location"]
    assert Issue.objects.count() == 1


def test_the_same_form_with_another_problem_is_no_thank_you_for_the_first(client, told):
    client.post(URL, told)
    answer = client.post(URL, told | {"title": "Otra cosa"})
    assert answer.status_code == 400
    assert "ya enviaste otro aviso" in answer.content.decode()
    assert "Otra cosa" in answer.content.decode()
    assert told["number"] not in answer.content.decode()
    assert Issue.objects.count() == 1


def test_a_fourth_photo_is_said_and_not_dropped(client, told):
    four = [SimpleUploadedFile(f"{n}.jpg", picture(), "image/jpeg") for n in range(4)]
    refused(client, told, "Caben 3 fotos", photos=four)


def test_the_number_of_another_problem_opens_nothing(client, told, make_issue):
    """The identifiers of problems are public: only a number that we signed begins a report."""
    other = make_issue()
    answer = client.post(URL, told | {"number": str(other.pk)})
    assert answer.status_code == 400
    wrong = reverse("told", kwargs={"id": other.pk, "token": "0" * 40})
    assert client.get(wrong).status_code == client.post(wrong).status_code == 404
    right = reverse("told", kwargs={"id": other.pk, "token": intake.token_of(other.pk)})
    assert client.get(right).status_code == 404  # a walk's problem is no resident's


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"title": ""}, "Escribe en una línea"),
        ({"title": "x" * 141}, "140"),
        ({"title": "Mira www.ganga.example"}, "sin enlaces"),
        ({"description": "https://ganga.example"}, "sin enlaces"),
        ({"category": "999999"}, "Elige qué es."),
        ({"email": "esto no"}, "no está bien escrito"),
        ({"website": "https://ganga.example"}, "Deja vacío"),
        ({"number": ""}, "envíalo de nuevo"),
        ({"number": "hola"}, "envíalo de nuevo"),
        ({"lat": str(OUTSIDE[1]), "lng": str(OUTSIDE[0])}, "fuera de los 21 barrios"),
        ({"lat": ""}, "Elige primero dónde es"),
    ],
)
def test_what_is_refused_is_said_and_nothing_is_kept(client, told, more, sentence):
    refused(client, told, sentence, **more)


def test_a_form_that_is_shown_again_keeps_its_number(client, told):
    sent = {"number": number(dt.timedelta(seconds=0))}
    assert sent["number"] in client.post(URL, told | sent).content.decode()


@pytest.mark.parametrize(
    ("age", "sentence"), [(dt.timedelta(seconds=1), "muy rápido"), (dt.timedelta(hours=25), "más de un día")]
)
def test_a_form_too_young_or_too_old_gets_a_new_number_and_keeps_what_was_typed(client, told, age, sentence):
    answer = client.post(URL, told | {"number": number(age)})
    page = answer.content.decode()
    assert sentence in page
    assert told["title"] in page
    assert not Issue.objects.exists()


def test_a_broken_photo_stops_the_whole_report_and_leaves_no_file(client, told, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    files = [picture(), b"no picture"]
    photos = [SimpleUploadedFile(f"{n}.jpg", data, "image/jpeg") for n, data in enumerate(files)]
    refused(client, told, 'role="alert"', photos=photos)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_the_same_words_come_three_times_a_day_and_no_more(client, told):
    for _ in range(intake.MOST_ALIKE):
        assert client.post(URL, told | {"number": number()}).status_code == 302
    answer = client.post(URL, told | {"number": number(), "title": told["title"].upper()})
    assert "ya llegó varias veces hoy" in answer.content.decode()
    assert Issue.objects.count() == intake.MOST_ALIKE


def test_one_place_of_the_network_sends_so_many_an_hour(client, told):
    answers = [
        client.post(URL, told | {"number": number(), "title": f"Hoyo {n}"}) for n in range(MOST_AN_HOUR + 2)
    ]
    assert [answer.status_code for answer in answers] == [302] * MOST_AN_HOUR + [429] * 2
    assert Issue.objects.count() == MOST_AN_HOUR


# --- Afterwards ---------------------------------------------------------------------------------
def test_within_five_minutes_it_is_taken_back_and_the_person_forgotten(client, told):
    page = client.post(URL, told)["Location"]
    assert "Puedes retirarlo hasta las" in client.get(page).content.decode()
    assert client.post(page).status_code == 302
    issue = Issue.objects.get()
    assert (issue.status, issue.closing_kind) == (Status.CLOSED, ClosingKind.WITHDRAWN)
    with owner():
        assert not Reporter.objects.exists()
    assert "Retiraste tu aviso" in client.get(page).content.decode()
    assert client.post(page).status_code == 409


def test_nobody_publishes_what_was_taken_back(client, told, facilitator):
    client.post(client.post(URL, told)["Location"])
    issue = Issue.objects.get()
    client.force_login(facilitator)
    assert issue.title not in client.get(reverse("report-review")).content.decode()
    client.post(reverse("report-decide", args=[issue.reference]), {"verdict": "publish"})
    assert Issue.objects.get().visibility == Visibility.REVIEW


def test_later_or_once_looked_at_it_stays(client, told):
    page = client.post(URL, told)["Location"]
    issue = Issue.objects.get()
    with owner():
        Issue.objects.update(reported_at=timezone.now() - intake.TAKE_BACK - dt.timedelta(seconds=1))
    assert "Puedes retirarlo" not in client.get(page).content.decode()
    assert client.post(page).status_code == 409
    with owner():
        Issue.objects.update(reported_at=timezone.now(), visibility=Visibility.PUBLIC)
    assert client.post(page).status_code == 409
    assert Issue.objects.get().status == Status.REGISTERED
    assert f"/problemas/{issue.reference}/" in client.get(page).content.decode()


def test_a_stranger_deletes_no_reporter(client, told):
    client.post(URL, told)
    with identity.request():
        assert Reporter.objects.all().delete()[0] == 0
    with owner():
        assert Reporter.objects.count() == 1


def test_what_sounds_like_danger_gets_the_numbers_first_and_is_told_that_nobody_reads_at_night(
    client, told, settings
):
    settings.EMERGENCY_NUMBERS = "133, 132"
    page = client.post(URL, told | {"title": "Cable caído en la vereda"})["Location"]
    words = client.get(page).content.decode()
    assert words.index("Llama ya: 133, 132.") < words.index("Tu folio es")
    assert "De noche nadie lee" in words
    other = client.post(URL, told | {"number": number()})["Location"]
    assert "Llama ya" not in client.get(other).content.decode()
