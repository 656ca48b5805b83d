"""What looks like a person waits; somebody else reads, corrects, publishes or hides it."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from issues.life import reports
from issues.life.registration import IssueRefused
from issues.models import Issue, Origin, Visibility
from territories.models import Place, PlaceKind
from tests.conftest import INSIDE, NORTE
from tests.walks.conftest import Tablet

pytestmark = pytest.mark.django_db
NAMED = "Don Zacarías bota escombros"
QUEUE = "/gestion/informes/"


@pytest.fixture
def waiting(make_issue, other_facilitator) -> Issue:
    return make_issue(title=NAMED, description="Vive en Los Aromos 12", actor=other_facilitator)


def decided(client, issue: Issue, **words: str) -> Issue:
    client.post(reverse("report-decide", args=[issue.reference]), words)
    issue.refresh_from_db()
    return issue


@pytest.mark.parametrize("origin", [Origin.WALK, Origin.OPEN311, Origin.RESIDENT])
def test_it_waits_from_whatever_door_it_came_and_the_rest_is_public_at_once(make_issue, origin):
    assert make_issue(title=NAMED, origin=origin).visibility == Visibility.REVIEW
    assert make_issue(title="Hoyo grande", origin=origin).visibility == Visibility.PUBLIC


@pytest.mark.parametrize("origin", [Origin.OFFICE, Origin.GATHERING])
def test_what_a_room_or_an_office_wrote_was_read_by_people(make_issue, origin):
    assert make_issue(title=NAMED, origin=origin).visibility == Visibility.PUBLIC


def test_a_street_of_the_gazetteer_is_no_person(make_issue):
    named = {"title": "Hoyo grande, Rodolfo Pérez"}
    assert make_issue(**named).visibility == Visibility.REVIEW
    lng, lat = INSIDE[NORTE]
    street = {"name": "Rodolfo Pérez", "search_name": "rodolfo perez", "source": "prueba"}
    Place.objects.create(kind=PlaceKind.STREET, location=f"SRID=4326;POINT({lng} {lat})", **street)
    assert make_issue(**named).visibility == Visibility.PUBLIC


def test_the_tablet_is_told_that_a_person_reads_it_first(facilitator, pothole, town):
    tablet = Tablet(facilitator)
    record = tablet.record(title=NAMED)
    for _sent in range(2):
        (answer,) = tablet.say(record)
        assert answer["result"] == "held"
        assert "lo lee antes" in answer["sentence"]
    assert tablet.say(tablet.record())[0]["result"] == "stored"


def test_the_page_marks_what_was_seen_and_says_what_it_looks_like(client, waiting, facilitator):
    client.force_login(facilitator)
    page = client.get(QUEUE).content.decode()
    assert ">Zacarías</mark>" in page
    assert "nombre de una persona" in page
    assert "dirección de una persona" in page


def test_it_is_published_as_it_was_corrected(client, waiting, facilitator):
    client.force_login(facilitator)
    texts = {"title": "Botan escombros", "description": "", "address": ""}
    shown = decided(client, waiting, verdict="publish", **texts)
    assert (shown.visibility, shown.title, shown.description) == (Visibility.PUBLIC, "Botan escombros", "")


def test_it_is_hidden_only_for_a_reason_of_the_list(client, waiting, facilitator):
    client.force_login(facilitator)
    assert decided(client, waiting, verdict="hide", reason="es Zacarías").visibility == Visibility.REVIEW
    hidden = decided(client, waiting, verdict="hide", reason="personal")
    assert (hidden.visibility, hidden.hidden_reason) == (Visibility.HIDDEN, "muestra datos de una persona")


def test_who_wrote_it_does_not_read_it_first(client, make_issue, facilitator):
    own = make_issue(title=NAMED, actor=facilitator)
    client.force_login(facilitator)
    assert "Lo escribiste tú" in client.get(QUEUE).content.decode()
    assert (
        client.post(reverse("report-decide", args=[own.reference]), {"verdict": "publish"}).status_code == 403
    )
    with pytest.raises(PermissionDenied):
        reports.publish(own, {}, actor=facilitator)


def test_a_department_decides_nothing(client, waiting, manager):
    client.force_login(manager)
    assert client.get(QUEUE).status_code == 403
    assert decided(client, waiting, verdict="publish").visibility == Visibility.REVIEW


def test_two_at_the_same_moment_decide_once(waiting, facilitator, cabinet):
    reports.hide(waiting, "personal", actor=cabinet)
    with pytest.raises(IssueRefused, match="ya lo decidió"):
        reports.publish(waiting, {"title": "Otro"}, actor=facilitator)
    waiting.refresh_from_db()
    assert (waiting.visibility, waiting.title) == (Visibility.HIDDEN, NAMED)


def test_what_was_corrected_meanwhile_is_read_again(client, waiting, facilitator):
    client.force_login(facilitator)
    words = {"verdict": "publish", "read": waiting.updated_at.isoformat()}
    Issue.objects.get(pk=waiting.pk).save()
    assert decided(client, waiting, **words).visibility == Visibility.REVIEW


def test_nothing_public_tells_of_it(client, waiting):
    for address in ("/api/v1/issues/", "/problemas.csv", "/"):
        assert waiting.reference not in client.get(address).content.decode()
