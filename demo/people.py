"""The standing people of the demo town: four logins to try, and the offices and zones behind them."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.contrib.auth.hashers import make_password

from accounts.models import Department, Role, User

LOGINS = ("facilitadora", "direccion", "alcaldia", "admin")
OWN_NEIGHBOURHOODS = (12, 13, 14)
ZONES = {
    "zona.norte": (1, 2, 3),
    "zona.rinconada": (4, 5, 6),
    "zona.centro": (7, 8, 9),
    "zona.oriente": (10, 11, 18),
    "zona.sur": (15, 16, 17),
    "zona.satelite": (19, 20, 21),
}
DESK = "operaciones"


@dataclass(frozen=True)
class Staff:
    """Who acts in the demo town: facilitators by neighbourhood code, managers by department id."""

    facilitators: dict[int, User]
    managers: dict[int, User]
    cabinet: User
    _offices: dict[int, str] = field(default_factory=dict)

    def office_of(self, person: User) -> str:
        """The name of a person's office, translated once and not for each of a million problems."""
        if person.pk not in self._offices:
            self._offices[person.pk] = str(person.office)
        return self._offices[person.pk]

    def facilitator_of(self, code: int) -> User:
        """Who works in a neighbourhood; the one of the four logins where nobody else does."""
        return self.facilitators.get(code) or self.facilitators[OWN_NEIGHBOURHOODS[0]]


def hire(password: str, codes: list[int]) -> Staff:
    """Create everybody. Only the four logins can sign in, all with the same password."""
    facilitators = _facilitators(password, codes)
    managers = {office.pk: _manager(office, password) for office in Department.objects.all()}
    cabinet = _person("alcaldia", Role.CABINET, password)
    _person("admin", Role.ADMINISTRATOR, password, is_staff=True, is_superuser=True)
    return Staff(facilitators, managers, cabinet)


def _facilitators(password: str, codes: list[int]) -> dict[int, User]:
    zones = {"facilitadora": OWN_NEIGHBOURHOODS} | ZONES
    working: dict[int, User] = {}
    for username, numbers in zones.items():
        login = password if username in LOGINS else None
        present = [code for code in numbers if code in codes]
        person = _person(username, Role.FACILITATOR, login, territory_codes=present)
        working |= dict.fromkeys(numbers, person)
    return working


def _manager(office: Department, password: str) -> User:
    own = office.code == DESK
    username = "direccion" if own else f"direccion.{office.code}"
    return _person(username, Role.MANAGER, password if own else None, department=office)


def _person(username: str, role: Role, password: str | None, **values: object) -> User:
    return User.objects.create(
        username=username,
        email=f"{username}@demo.invalid",
        role=role,
        password=make_password(password),
        **values,
    )
