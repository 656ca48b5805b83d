"""In public a person acts as an office or a team, never as a person."""

import pytest

from accounts.models import Role, User


@pytest.mark.parametrize(
    ("role", "office"),
    [
        (Role.FACILITATOR, "Equipo de facilitación"),
        (Role.MANAGER, "Dirección municipal"),
        (Role.CABINET, "Alcaldía"),
        (Role.ADMINISTRATOR, "Administración"),
        ("", ""),
    ],
)
def test_without_a_department_the_role_s_team_acts(role, office):
    assert User(username="rosa", role=role).office == office


@pytest.mark.django_db
def test_a_manager_acts_in_the_name_of_the_department(manager, streets):
    assert manager.office == streets.name
