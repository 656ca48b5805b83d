"""`/oficina/nuevo/`: the team registers for who comes to the counter or calls, and gives a receipt."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from issues.models import Issue, Origin, Reporter, Visibility
from maps.open311.posting import KEEP_REPORTER
from maps.telling import counter, intake
from tests.conftest import INSIDE, NORTE
from tests.maps.conftest import picture
from tests.maps.telling.test_telling import number
from tests.rankings.test_list_files import opened
from tests.roles import owner

pytestmark = pytest.mark.django_db
URL = "/oficina/nuevo/"
LNG, LAT = INSIDE[NORTE]


@pytest.fixture
def told(town, pothole):
    """What the page sends."""
    return {
        "number": number(), "lat": str(LAT), "lng": str(LNG), "address": "Los Aromos con Las Lilas",
        "origin": "telephone", "category": pothole.pk, "title": "Hoyo frente al jardín infantil",
        "description": "", "first_name": "", "email": "", "phone": "",
    }  # fmt: skip


@pytest.fixture
def team(client, facilitator):
    client.force_login(facilitator)
    return client


def test_it_is_registered_by_the_team_and_public_at_once(team, told, facilitator):
    answer = team.post(URL, told | {"photos": SimpleUploadedFile("a.jpg", picture(), "image/jpeg")})
    issue = Issue.objects.get()
    assert answer["Location"] == f"{URL}?done={issue.reference}&origin=telephone"
    assert (issue.origin, issue.visibility, issue.index) == (Origin.TELEPHONE, Visibility.PUBLIC, None)
    assert issue.created_by == facilitator
    assert issue.photos.count() == 1
    with owner():
        assert not Reporter.objects.exists()
    page = team.get(answer["Location"]).content.decode()
    assert f"Quedó registrado con el folio <strong>{issue.reference}</strong>" in page
    assert reverse("counter-receipt", args=[issue.reference]) in page


def test_who_leaves_an_address_is_kept_apart_as_at_the_other_door(team, told):
    team.post(URL, told | {"first_name": "Zutana", "phone": "9 8787 6565"})
    with owner():
        assert Reporter.objects.get().phone == "9 8787 6565"
    assert "8787" not in team.get(f"/problemas/{Issue.objects.get().reference}/").content.decode()


def test_what_looks_like_a_person_waits_for_a_second_one(team, told, other_facilitator):
    team.post(URL, told | {"title": "Don Juan Pérez González, Los Aromos 12, bota basura"})
    assert Issue.objects.get().visibility == Visibility.REVIEW


def test_what_is_known_there_comes_first_with_its_receipt(team, make_issue):
    issue = make_issue(title="Hoyo conocido")
    page = team.get(URL, {"lat": LAT, "lng": LNG}).content.decode()
    assert (
        page.index("Ya informado cerca")
        < page.index("Hoyo conocido")
        < page.index('<form method="post" enctype')
    )
    assert reverse("counter-receipt", args=[issue.reference]) in page


def test_sent_twice_it_is_one_problem(team, told):
    first, second = team.post(URL, told), team.post(URL, told)
    assert first["Location"] == second["Location"]
    assert Issue.objects.count() == 1


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"lat": ""}, "Elige primero dónde es."),
        ({"origin": "walk"}, "Elige por dónde llegó."),
        ({"origin": ""}, "Elige por dónde llegó."),
        ({"title": ""}, "Escribe en una línea"),
        ({"email": "esto no"}, "no está bien escrito"),
        ({"number": "hola"}, "envíalo de nuevo"),
        ({"lat": "0"}, "fuera de los 21 barrios"),
    ],
)
def test_what_is_refused_is_said_and_nothing_is_kept(team, told, more, sentence):
    answer = team.post(URL, told | more)
    assert answer.status_code == 400
    assert sentence in answer.content.decode()
    assert not Issue.objects.exists()


def test_a_place_of_305_letters_is_no_server_error(team, told):
    assert team.post(URL, told | {"address": "x" * 305}).status_code == 302
    assert len(Issue.objects.get().address) <= 200


def test_a_street_leads_to_its_point_and_keeps_the_channel(team, town, gazetteer):
    page = team.get(URL, {"where": "vespucio pajaritos", "origin": "telephone"}).content.decode()
    assert "&amp;origin=telephone" in page
    assert team.get(URL, {"where": "x" * 81}).status_code == 400


@pytest.mark.parametrize("who", ["manager", "department_head", "cabinet", "control", "administrator"])
def test_it_is_the_duty_of_nobody_else(client, told, request, who):
    person = request.getfixturevalue(who)
    client.force_login(person)
    assert client.get(URL).status_code == client.post(URL, told).status_code == 403
    with pytest.raises(PermissionDenied):
        counter.register(intake.number_of(number()), told, (None, ""), [], actor=person)
    assert not Issue.objects.exists()


def test_the_database_refuses_it_too(make_issue, manager):
    issue = make_issue()
    issue.pk, issue.reference, issue.origin, issue.created_by = None, "M-2026-999999", "counter", manager
    with owner(), pytest.raises(IntegrityError, match="not the duty"), transaction.atomic():
        issue.save(force_insert=True)


# --- The receipt ----------------------------------------------------------------------------------
def test_the_receipt_leads_to_the_private_page_of_what_was_written_down(team, told, facilitator, settings):
    settings.SITE_URL = "https://mapa.example"
    team.post(URL, told)
    issue = Issue.objects.get()
    paper = counter.receipt_page(issue, facilitator)
    page = reverse("told", kwargs={"id": issue.pk, "token": intake.token_of(issue.pk)})
    assert f"Folio {issue.reference}" in paper
    assert issue.title in paper
    assert f"https://mapa.example{page}<" in paper
    team.logout()
    assert issue.title in team.get(page).content.decode()
    assert team.post(page).status_code == 409  # public already: nothing is taken back


def test_the_receipt_is_a_tagged_pdf(team, told):
    team.post(URL, told)
    answer = team.get(reverse("counter-receipt", args=[Issue.objects.get().reference]))
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert b"pdfuaid" in opened(answer.content)


def test_the_receipt_of_a_colleagues_leads_to_the_public_page(team, told, other_facilitator, client):
    team.post(URL, told)
    issue = Issue.objects.get()
    assert counter.address_for(issue, other_facilitator).endswith(f"/problemas/{issue.reference}/")


def test_what_is_not_public_has_no_receipt_for_anybody_else(team, make_issue):
    hidden = make_issue(visibility=Visibility.REVIEW)
    assert team.get(reverse("counter-receipt", args=[hidden.reference])).status_code == 404


def test_the_page_says_how_long_who_told_it_is_kept(team, town):
    page = team.get(URL, {"lat": LAT, "lng": LNG}).content.decode()
    assert f"se borra a los {KEEP_REPORTER.days} días" in page
