"""What a page reads and writes of problems and accounts, asked of the database without querysets of ours."""

from __future__ import annotations

import pytest
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from accounts.models import User
from core.postgis import identity
from issues.models import EntryKind, HistoryEntry, Issue, Photo, PhotoReview, Visibility
from issues.photos.intake import add_photo
from tests.issues.photos.test_photos import picture

OF_THEIR_OWN = [
    (None, 0),
    ("facilitator", 1),
    ("manager", 1),
    ("other_manager", 0),
    ("cabinet", 1),
    ("administrator", 1),
]
ROLES = ("facilitator", "manager", "other_manager", "cabinet", "administrator")


@pytest.fixture
def page(request):
    """Ask as a page of somebody by the fixture's name; None for nobody."""

    def ask(who: str | None, question, key: str = "", door: str = ""):
        person = request.getfixturevalue(who) if who else None
        with identity.request(), identity.holding(key), identity.behind(door):
            if person:
                identity.introduce(person.pk)
            return question()

    return ask


def problems() -> int:
    return Issue.objects.count()


@pytest.mark.parametrize("visibility", [each for each in Visibility if each != Visibility.PUBLIC])
@pytest.mark.parametrize(("who", "seen"), OF_THEIR_OWN)
def test_what_is_not_public_is_there_for_its_own_alone(page, issue, visibility, who, seen):
    reason = "Insulta." if visibility == Visibility.HIDDEN else ""
    Issue.objects.filter(pk=issue.pk).update(visibility=visibility, hidden_reason=reason)
    assert page(who, problems) == seen


@pytest.mark.parametrize("who", [None, *ROLES])
def test_what_is_public_is_there_for_all(page, issue, who):
    assert page(who, problems) == 1


def test_a_problem_of_a_reserved_category_is_not_public(page, issue):
    type(issue.category).objects.filter(pk=issue.category_id).update(privacy="reservado")
    assert page(None, problems) == 0


def test_the_number_in_the_hand_opens_its_problem_and_a_door_for_counting_all(page, make_issue):
    issue, _other = make_issue(visibility=Visibility.REVIEW), make_issue(visibility=Visibility.REVIEW)
    assert page(None, problems) == 0
    assert page(None, problems, key=str(issue.pk)) == 1
    assert page(None, problems, key="a" * 64) == 0
    assert page(None, problems, door="counts") == 2
    assert page(None, problems, door="inbox") == 0


@pytest.mark.parametrize(("who", "seen"), OF_THEIR_OWN)
def test_a_photo_that_nobody_looked_at_is_there_for_its_own_alone(page, issue, who, seen):
    photo = add_photo(issue, picture(), actor=None, office="Prueba")
    assert page(who, Photo.objects.count) == seen
    Photo.objects.filter(pk=photo.pk).update(review=PhotoReview.APPROVED)
    assert page(who, Photo.objects.count) == 1
    Issue.objects.filter(pk=issue.pk).update(visibility=Visibility.STAFF)
    assert page(who, Photo.objects.count) == seen


def test_the_table_itself_is_closed_to_pages(page, issue):
    def past_the_view() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM public.issues_issue")

    with pytest.raises(ProgrammingError, match="permission denied"):
        page("administrator", past_the_view)


def renamed() -> int:
    return Issue.objects.update(title="Otro")


@pytest.mark.parametrize(("who", "changed"), OF_THEIR_OWN)
def test_who_changes_a_problem(page, issue, who, changed):
    assert page(who, renamed) == changed


def refused_by_rows(page, who, act, match="row-level security") -> None:
    def tried() -> None:
        with transaction.atomic():
            act()

    with pytest.raises(ProgrammingError, match=match):
        page(who, tried)


@pytest.mark.parametrize("who", [None, *ROLES])
def test_nobody_registers_past_the_one_door(page, issue, who):
    refused_by_rows(page, who, lambda: Issue.objects.bulk_create([Issue(**_copy(issue))]))


def _copy(issue: Issue) -> dict[str, object]:
    names = (
        "title",
        "category",
        "location",
        "territory",
        "department",
        "status",
        "status_since",
        "reported_at",
    )
    return {name: getattr(issue, name) for name in names} | {"reference": "M-2026-999999"}


@pytest.mark.parametrize("who", [None, *ROLES])
@pytest.mark.parametrize("whose", [None, "second"])
def test_nobody_writes_history_in_another_s_name(page, request, issue, who, whose):
    actor = request.getfixturevalue(whose) if whose else None
    line = {"issue": issue, "kind": EntryKind.NOTE, "actor": actor, "office": "X", "at": timezone.now()}
    refused_by_rows(page, who, lambda: HistoryEntry.objects.create(**line))


@pytest.fixture
def second(db):
    return User.objects.create_user("segunda", role="facilitator", territory_codes=[1])


GAINS = [
    {"role": "administrator"},
    {"territory_codes": [1, 2, 3]},
    {"is_superuser": True},
    {"is_staff": True},
    {"is_active": False},
]


@pytest.mark.parametrize("gain", GAINS, ids=str)
@pytest.mark.parametrize("who", ["facilitator", "manager", "cabinet"])
def test_nobody_but_the_administration_says_what_an_account_may_do(page, request, who, gain):
    person = request.getfixturevalue(who)
    own = User.objects.filter(pk=person.pk)
    refused_by_rows(page, who, lambda: own.update(**gain), match="only the administration")
    assert page(who, lambda: own.update(first_name="Ana")) == 1


@pytest.mark.parametrize("gain", GAINS, ids=str)
def test_nor_does_a_page_that_signs_in(page, facilitator, gain):
    def tried() -> None:
        with identity.behind("account"), transaction.atomic():
            User.objects.filter(pk=facilitator.pk).update(**gain)

    with pytest.raises(ProgrammingError, match="only the administration"):
        page(None, tried)


@pytest.mark.parametrize("who", [None, "facilitator", "manager", "cabinet"])
def test_nobody_changes_another_account(page, second, who):
    assert page(who, lambda: User.objects.filter(pk=second.pk).update(first_name="Ana")) == 0


def test_the_administration_does_both(page, administrator, second):
    assert page("administrator", lambda: User.objects.filter(pk=second.pk).update(role="cabinet")) == 1
