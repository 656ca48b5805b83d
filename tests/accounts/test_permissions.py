"""What a role may do, and where: a truth table for each predicate, more noes than yeses."""

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import Department, Role, User
from core.duties import DUTIES, Act, require

HERE, ELSEWHERE = 3, 7
EVERYBODY = (*Role, "")


def person(role: str, **more) -> User:
    return User(username="rosa", role=role, **more)


@pytest.mark.parametrize("role", EVERYBODY)
@pytest.mark.parametrize(
    ("predicate", "roles"),
    [
        ("is_facilitator", {Role.FACILITATOR}),
        ("is_manager", {Role.MANAGER}),
        ("is_cabinet", {Role.CABINET}),
        ("is_administrator", {Role.ADMINISTRATOR}),
        ("sees_everything", {Role.CABINET, Role.ADMINISTRATOR}),
        ("may_walk", {Role.FACILITATOR, Role.CABINET, Role.ADMINISTRATOR}),
    ],
)
def test_a_predicate_is_true_of_its_roles_and_of_no_other(role, predicate, roles):
    assert getattr(person(role), predicate) is (role in roles)


@pytest.mark.parametrize("role", EVERYBODY)
def test_who_left_walks_no_more_whatever_the_role(role):
    assert person(role, is_active=False).may_walk is False


@pytest.mark.parametrize("role", EVERYBODY)
@pytest.mark.parametrize("act", Act)
def test_a_person_may_what_the_table_of_duties_gives_the_role(role, act):
    assert person(role).may(act) is (role in DUTIES[act])


@pytest.mark.parametrize("role", EVERYBODY)
@pytest.mark.parametrize("act", Act)
def test_what_the_table_does_not_give_is_refused_by_name(role, act):
    if role in DUTIES[act]:
        require(role, act)
    else:
        with pytest.raises(PermissionDenied, match=act):
            require(role, act)


@pytest.mark.parametrize(
    ("role", "codes", "territory", "works"),
    [
        (Role.FACILITATOR, [HERE], HERE, True),
        (Role.FACILITATOR, [HERE], ELSEWHERE, False),
        (Role.FACILITATOR, [], HERE, False),
        (Role.FACILITATOR, [HERE], None, False),
        (Role.MANAGER, [HERE], HERE, False),
        (Role.CABINET, [], HERE, True),
        (Role.ADMINISTRATOR, [], None, True),
        ("", [HERE], HERE, False),
    ],
)
def test_a_facilitator_works_in_the_own_neighbourhoods_only(role, codes, territory, works):
    assert person(role, territory_codes=codes).works_in(territory) is works


@pytest.mark.parametrize("role", EVERYBODY)
def test_a_department_speaks_for_whoever_belongs_to_it(role):
    assert person(role, department=Department(name="Operaciones")).office == "Operaciones"


def test_who_left_is_named_as_such():
    assert person(Role.MANAGER).known_as == "rosa"
    assert person(Role.MANAGER, is_active=False).known_as == "rosa (ya no está)"
