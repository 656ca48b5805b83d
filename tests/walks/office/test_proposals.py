"""A proposed change: seen side by side, then applied with its history, corrected, or rejected."""

from __future__ import annotations

import pytest
from django.contrib.gis.geos import Point
from django.test import Client

from issues.life.edits import correct
from issues.life.lifecycle import Change, move
from issues.models import Category, Issue
from issues.workflow import ClosingKind, Status
from tests.conftest import CENTRO, INSIDE, NORTE, OUTSIDE
from walks.models import Decision, DecisionKind, Held
from walks.office.decisions import DecisionRefused, accept, reject
from walks.office.proposals import side_by_side

pytestmark = pytest.mark.django_db
SIDEWALK = "PAV-02"


@pytest.fixture
def office(cabinet) -> Client:
    client = Client()
    client.force_login(cabinet)
    return client


@pytest.fixture
def sidewalk(pothole, streets) -> Category:
    return Category.objects.create(code=SIDEWALK, group=pothole.group, name="Vereda", department=streets)


@pytest.fixture
def propose(tablet, issue):
    """Sends a proposal about the pothole; gives what waits."""

    def send(text: str = "Lo vi hoy", **changes) -> Held:
        lng, lat = INSIDE[NORTE]
        seen = {"title": issue.title, "category": "PAV-01", "lat": lat, "lng": lng, "label": "registrado"}
        tablet.say(tablet.record("change", issue=str(issue.pk), text=text, changes=changes, seen=seen))
        return Held.objects.open().get()

    return send


def decide(office: Client, held: Held, decision: str, **data):
    return office.post(f"/gestion/bandeja/{held.pk}/", {"decision": decision} | data)


def edits(issue: Issue) -> list[tuple[str, str]]:
    return list(issue.history.filter(kind="edit").values_list("to_value", "actor__username"))


def test_accepting_changes_the_problem_in_the_name_of_who_decided(office, propose, issue, sidewalk):
    held = propose("Es la vereda", title="Vereda levantada", category=SIDEWALK)
    assert decide(office, held, "accept").status_code == 302
    issue.refresh_from_db()
    assert (issue.title, issue.category) == ("Vereda levantada", sidewalk)
    assert edits(issue) == [("title, category", "alcaldia")]
    reason = issue.history.get(kind="edit").reason
    assert "facilitadora" in reason
    assert "Es la vereda" in reason
    assert not issue.history.filter(kind="note").exists()


def test_accepting_a_new_place_moves_the_problem_and_its_neighbourhood(office, propose, issue):
    lng, lat = INSIDE[CENTRO]
    decide(office, propose("Está más allá", lat=lat, lng=lng), "accept")
    issue.refresh_from_db()
    assert (issue.territory.code, issue.moved_by_hand) == (CENTRO, True)
    assert issue.history.filter(kind="territory").exists()


def test_accepting_that_it_is_gone_closes_it_through_the_table(office, propose, issue):
    decide(office, propose("Ya lo taparon", gone=True), "accept")
    issue.refresh_from_db()
    assert (issue.status, issue.closing_kind) == (Status.CLOSED, ClosingKind.WITHDRAWN)
    line = issue.history.get(kind="status", to_value=Status.CLOSED)
    assert (line.actor.username, line.public_text) == ("alcaldia", "Visto en una caminata: ya no está.")


def test_what_a_department_has_is_not_closed_by_a_walk(propose, issue, cabinet, database_status):
    held = propose("Ya lo taparon", gone=True, title="Otro título")
    database_status(issue, Status.CLOSED)
    with pytest.raises(DecisionRefused):
        accept(held, by=cabinet)
    issue.refresh_from_db()
    assert (issue.title, Decision.objects.count(), Held.objects.open().count()) == ("Hoyo grande", 0, 1)


@pytest.fixture
def database_status(cabinet):
    """Closes a problem behind the proposal's back."""

    def put(issue: Issue, status: Status) -> None:
        change = Change(to=status, closing_kind=ClosingKind.NOT_FEASIBLE, public_text="No se puede.")
        move(issue, change, actor=cabinet, office="Alcaldía")

    return put


def test_the_office_corrects_a_proposal_and_only_the_correction_counts(office, propose, issue, sidewalk):
    held = propose("Es la vereda", title="vereda lebantada", category=SIDEWALK)
    decide(office, held, "correct", title="Vereda levantada por raíces")
    issue.refresh_from_db()
    assert (issue.title, issue.category) == ("Vereda levantada por raíces", sidewalk)
    assert Decision.objects.get().kind == DecisionKind.CORRECT


def test_words_alone_are_kept_as_a_note_and_a_correction_makes_a_change_of_them(office, propose, issue):
    decide(office, propose("Es una vereda"), "accept")
    assert issue.history.get(kind="note").reason == "Es una vereda"
    decide(office, propose("Le falta la esquina"), "correct", title="Hoyo grande en la esquina")
    issue.refresh_from_db()
    assert (issue.title, issue.history.filter(kind="note").count()) == ("Hoyo grande en la esquina", 1)


def test_rejecting_needs_a_reason_and_leaves_the_problem_as_it_is(propose, issue, cabinet):
    held = propose(title="Otra cosa")
    with pytest.raises(DecisionRefused):
        reject(held, by=cabinet, reason=" ")
    reject(held, by=cabinet, reason="Se revisó en terreno")
    issue.refresh_from_db()
    assert (issue.title, edits(issue), Held.objects.open().count()) == ("Hoyo grande", [], 0)


def test_the_page_shows_what_was_seen_what_is_and_what_would_be(office, propose, issue, cabinet, sidewalk):
    held = propose("Es la vereda", title="Vereda levantada", category=SIDEWALK)
    correct(issue, {"title": "Hoyo enorme"}, actor=cabinet, office="Alcaldía")
    page = office.get(f"/gestion/bandeja/{held.pk}/").content.decode()
    for words in ("Hoyo grande", "Hoyo enorme", "Vereda levantada", "cambió desde entonces", "Como quedaría"):
        assert words in page


@pytest.mark.parametrize(
    "changes",
    [{"category": "NO-99"}, {"lng": OUTSIDE[0], "lat": OUTSIDE[1]}, {"title": "x" * 200}],
    ids=["category", "outside", "long title"],
)
def test_a_proposal_that_cannot_be_is_refused_with_a_sentence_and_nothing_is_half_done(
    office, propose, issue, changes
):
    before = Issue.objects.values("title", "category", "location", "status").get()
    answer = decide(office, propose("Todo mal", **({"title": "Título nuevo"} | changes)), "accept")
    assert answer.status_code == 400
    assert 'role="alert"' in answer.content.decode()
    assert Issue.objects.values("title", "category", "location", "status").get() == before
    assert (edits(issue), Held.objects.open().count(), Decision.objects.count()) == ([], 1, 0)


@pytest.mark.parametrize(
    "changes",
    [
        7,
        ["a"],
        "x",
        {"title": ""},
        {"title": 7},
        {"category": "a\x00"},
        {"lat": -33.5},
        {"lat": -70.79, "lng": -33.51},
    ],
    ids=str,
)
def test_changes_that_no_tablet_would_send_are_an_error_of_that_item(tablet, issue, changes):
    (result,) = tablet.say(tablet.record("change", issue=str(issue.pk), text="x", changes=changes))
    assert result["result"] == "error"


def test_an_old_tablet_proposes_in_words_only(tablet, issue):
    (result,) = tablet.say(tablet.record("change", issue=str(issue.pk), text="Como antes"))
    assert result["result"] == "held"


def test_a_proposal_about_the_place_it_already_has_is_a_note(office, propose, issue):
    lng, lat = INSIDE[NORTE]
    decide(office, propose("Aquí mismo", lat=lat, lng=lng), "accept")
    issue.refresh_from_db()
    assert issue.location.equals_exact(Point(lng, lat, srid=4326), 1e-9)
    assert (edits(issue), issue.history.filter(kind="note").count()) == ([], 1)


def test_a_proposal_in_words_alone_has_nothing_to_put_side_by_side(issue):
    assert side_by_side({"text": "Ya no está", "seen": "nada"}, issue) == []
