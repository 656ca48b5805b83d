"""Hiding: one act with a reason, a second person within 72 hours, or the clock."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.utils import timezone
from PIL import Image

from core.chores import DUTIES
from core.health import readings
from issues.life.hiding import HidingRefused, by_month, decide, hide, show_again_late
from issues.life.seal import broken_lines
from issues.models import (
    CONFIRM_WITHIN,
    DELICATE,
    Hiding,
    HidingReason,
    Issue,
    Photo,
    PhotoReview,
    Visibility,
)
from issues.photos.intake import add_photo, review

ORDINARY = [reason for reason in HidingReason if reason not in DELICATE]


@pytest.fixture
def photo(issue, facilitator, settings, tmp_path) -> Photo:
    """An approved photo of the pothole."""
    settings.MEDIA_ROOT = str(tmp_path)
    out = io.BytesIO()
    Image.new("RGB", (60, 40)).save(out, "JPEG")
    made = add_photo(issue, out.getvalue(), actor=facilitator, office="Caminata")
    return review(made, PhotoReview.APPROVED, actor=facilitator, office="Caminata")


def is_public(issue) -> bool:
    return Issue.objects.public().filter(pk=issue.pk).exists()


def late(hiding: Hiding) -> dt.datetime:
    return hiding.hidden_at + CONFIRM_WITHIN


# --- Who ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("facilitator", True),
        ("cabinet", True),
        ("other_facilitator", False),
        ("manager", False),
        ("other_manager", False),
        ("administrator", False),
    ],
)
def test_who_hides_and_who_decides(request, issue, facilitator, cabinet, who, may):
    person = request.getfixturevalue(who)
    other = cabinet if person == facilitator else facilitator
    hidden = hide(issue, "insult", actor=other)
    for attempt in (
        lambda: decide(hidden, actor=person, shows_again=True),
        lambda: hide(issue, "insult", actor=person),
    ):
        if may:
            attempt()
        else:
            with pytest.raises(PermissionDenied):
                attempt()


def test_who_also_belongs_to_the_department_that_answers_hides_nothing(issue, facilitator, streets, parks):
    facilitator.department = streets
    with pytest.raises(PermissionDenied):
        hide(issue, "insult", actor=facilitator)
    facilitator.department = parks
    assert hide(issue, "insult", actor=facilitator)


@pytest.mark.parametrize("reason", ["", "porque sí", "INSULT", None])
def test_only_reasons_of_the_list(issue, cabinet, reason):
    with pytest.raises(HidingRefused):
        hide(issue, reason, actor=cabinet)
    assert is_public(issue)


@pytest.mark.parametrize("visibility", [v for v in Visibility if v != Visibility.PUBLIC])
def test_what_is_not_public_is_not_hidden(issue, cabinet, visibility):
    Issue.objects.filter(pk=issue.pk).update(visibility=visibility, hidden_reason="x")
    with pytest.raises(HidingRefused):
        hide(issue, "insult", actor=cabinet)


# --- What happens -------------------------------------------------------------------------------


def test_a_problem_is_gone_at_once_with_its_reason_and_its_line(issue, cabinet):
    hide(issue, "insult", actor=cabinet)
    issue.refresh_from_db()
    assert (issue.visibility, issue.hidden_reason) == ("hidden", "insulta a alguien")
    line = issue.history.latest("pk")
    assert (line.kind, line.from_value, line.to_value) == ("visibility", "public", "hidden")
    assert (line.actor, line.public_text) == (cabinet, "insulta a alguien")
    assert broken_lines() == []


def test_a_photo_goes_alone(issue, photo, cabinet):
    hidden = hide(issue, "minor", actor=cabinet, photo=photo)
    assert not Photo.objects.public().exists()
    assert is_public(issue)
    assert hidden.photo == photo


def test_a_photo_of_another_problem_is_refused(make_issue, photo, cabinet):
    with pytest.raises(HidingRefused):
        hide(make_issue(), "minor", actor=cabinet, photo=photo)
    assert Photo.objects.public().exists()


def test_it_is_hidden_once(issue, cabinet, facilitator):
    hide(issue, "insult", actor=cabinet)
    with pytest.raises(HidingRefused):
        hide(issue, "insult", actor=facilitator)
    assert Hiding.objects.count() == 1


# --- The second person --------------------------------------------------------------------------


@pytest.mark.parametrize("shows_again", [True, False])
def test_a_second_person_decides(issue, cabinet, facilitator, shows_again):
    decide(hide(issue, "personal", actor=cabinet), actor=facilitator, shows_again=shows_again)
    assert is_public(issue) == shows_again
    assert not Hiding.objects.waiting().exists()


@pytest.mark.parametrize("shows_again", [True, False])
def test_never_the_same_person(issue, cabinet, shows_again):
    hidden = hide(issue, "insult", actor=cabinet)
    with pytest.raises(HidingRefused):
        decide(hidden, actor=cabinet, shows_again=shows_again)
    assert Hiding.objects.waiting().exists()


def test_nobody_decides_twice(issue, cabinet, facilitator):
    hidden = hide(issue, "insult", actor=cabinet)
    decide(hidden, actor=facilitator, shows_again=False)
    with pytest.raises(HidingRefused):
        decide(hidden, actor=facilitator, shows_again=True)
    assert not is_public(issue)


@pytest.mark.parametrize("who", ["cabinet", None])
def test_the_database_refuses_one_person_twice_and_a_clock_that_confirms(issue, cabinet, who):
    hidden = hide(issue, "personal", actor=cabinet)
    with pytest.raises(DatabaseError), transaction.atomic():
        Hiding.objects.filter(pk=hidden.pk).update(
            decided_at=timezone.now(), decided_by=cabinet if who else None, is_shown_again=True
        )


# --- The clock ----------------------------------------------------------------------------------


@pytest.mark.parametrize("reason", ORDINARY)
def test_without_a_second_person_it_shows_again_after_72_hours(issue, cabinet, reason):
    hidden = hide(issue, reason, actor=cabinet)
    assert show_again_late(late(hidden) - dt.timedelta(seconds=1)) == 0
    assert not is_public(issue)
    assert show_again_late(late(hidden)) == 1
    assert is_public(issue)
    assert show_again_late(late(hidden)) == 0
    assert issue.history.latest("pk").office == "Plazo de 72 horas"


@pytest.mark.parametrize("reason", DELICATE)
def test_persons_and_minors_stay_hidden_and_somebody_is_told(issue, photo, cabinet, reason):
    hidden = hide(issue, reason, actor=cabinet, photo=photo)
    assert show_again_late(late(hidden) + dt.timedelta(days=400)) == 0
    assert not Photo.objects.public().exists()
    assert not ill()
    Hiding.objects.update(hidden_at=timezone.now() - CONFIRM_WITHIN)
    assert ill() == [
        "Hay 1 ocultamientos de personas o menores sin confirmar: revisa «Ocultos por confirmar»."
    ]


def ill() -> list[str]:
    return [each.text for each in readings() if each.name == "hidings_late" and each.is_ill]


def test_the_administration_sees_it_on_its_first_page(client, administrator, issue, cabinet):
    hide(issue, "minor", actor=cabinet)
    Hiding.objects.update(hidden_at=timezone.now() - CONFIRM_WITHIN)
    client.force_login(administrator)
    assert "sin confirmar" in client.get("/admin/").content.decode()


def test_what_was_confirmed_stays_hidden(issue, cabinet, facilitator):
    hidden = hide(issue, "insult", actor=cabinet)
    decide(hidden, actor=facilitator, shows_again=False)
    assert show_again_late(late(hidden)) == 0
    assert not is_public(issue)


def test_what_somebody_made_of_it_since_is_not_undone(issue, cabinet):
    hidden = hide(issue, "insult", actor=cabinet)
    Issue.objects.filter(pk=issue.pk).update(visibility=Visibility.STAFF)
    assert show_again_late(late(hidden)) == 1
    issue.refresh_from_db()
    assert issue.visibility == Visibility.STAFF


def test_the_clock_does_it():
    assert DUTIES["show_again"]


# --- In public ----------------------------------------------------------------------------------


def test_it_is_counted_by_month_and_reason(client, make_issue, cabinet, facilitator):
    first, second, third = (hide(make_issue(), "insult", actor=cabinet) for _ in range(3))
    decide(first, actor=facilitator, shows_again=True)
    decide(second, actor=facilitator, shows_again=False)
    (row,) = by_month()
    assert [row[name] for name in ("hidden", "photos", "confirmed", "shown")] == [3, 0, 1, 1]
    page = client.get("/ocultos/").content.decode()
    assert "Insulta a alguien" in page
    assert third.issue.title not in page
    assert cabinet.username not in page


# --- The pages ----------------------------------------------------------------------------------


def test_a_facilitator_hides_by_the_page_and_the_cabinet_confirms(client, issue, photo, facilitator, cabinet):
    client.force_login(facilitator)
    assert (
        f"/gestion/ocultos/{issue.reference}/"
        in client.get(f"/problemas/{issue.reference}/").content.decode()
    )
    address = f"/gestion/ocultos/{issue.reference}/"
    assert str(photo.pk) in client.get(address).content.decode()
    assert client.post(address, {"what": str(photo.pk), "reason": "minor"}).status_code == 302
    hidden = Hiding.objects.get()
    decision = f"/gestion/ocultos/{hidden.pk}/decidir/"
    client.post(decision, {"verdict": "confirm"})
    assert Hiding.objects.waiting().exists()
    client.force_login(cabinet)
    assert decision in client.get("/gestion/ocultos/").content.decode()
    client.post(decision, {"verdict": "confirm"})
    assert not Hiding.objects.waiting().exists()


@pytest.mark.parametrize(
    "sent", [{}, {"reason": "x"}, {"what": "nada", "reason": "minor"}, {"what": "\u200b"}]
)
def test_a_form_that_says_nothing_changes_nothing(client, issue, cabinet, sent):
    client.force_login(cabinet)
    assert client.post(f"/gestion/ocultos/{issue.reference}/", sent).status_code == 400
    assert is_public(issue)


@pytest.mark.parametrize("who", ["manager", "other_facilitator", "administrator", None])
def test_nobody_else_hides_by_the_page(client, request, issue, who):
    if who:
        client.force_login(request.getfixturevalue(who))
    client.post(f"/gestion/ocultos/{issue.reference}/", {"reason": "insult"})
    assert is_public(issue)
