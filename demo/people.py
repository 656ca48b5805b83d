"""The standing people of the demo town: one login of each office, and the offices and zones behind them."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.contrib.auth.hashers import make_password

from accounts.models import Department, Role, User

LOGINS = ("facilitadora", "jefatura", "direccion", "alcaldia", "control", "admin")
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
MAIL_DOMAIN = "demo.invalid"


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
        """Who works in a neighbourhood; the one of the logins where nobody else does."""
        return self.facilitators.get(code) or self.facilitators[OWN_NEIGHBOURHOODS[0]]


def hire(password: str, codes: list[int]) -> Staff:
    """Create everybody. Only the logins can sign in, all with the same password."""
    hashed = make_password(password)
    facilitators = _facilitators(hashed, codes)
    managers = {office.pk: _manager(office, hashed) for office in Department.objects.all()}
    cabinet = _person("alcaldia", Role.CABINET, hashed)
    _person("jefatura", Role.FACILITATOR, hashed, is_head=True)
    _person("control", Role.CONTROL, hashed)
    _person("admin", Role.ADMINISTRATOR, hashed, is_staff=True, is_superuser=True)
    return Staff(facilitators, managers, cabinet)


def _facilitators(hashed: str, codes: list[int]) -> dict[int, User]:
    zones = {"facilitadora": OWN_NEIGHBOURHOODS} | ZONES
    working: dict[int, User] = {}
    for username, numbers in zones.items():
        login = hashed if username in LOGINS else ""
        present = [code for code in numbers if code in codes]
        person = _person(username, Role.FACILITATOR, login, territory_codes=present)
        working |= dict.fromkeys(numbers, person)
    return working


def _manager(office: Department, hashed: str) -> User:
    own = office.code == DESK
    username = "direccion" if own else f"direccion.{office.code}"
    return _person(username, Role.MANAGER, hashed if own else "", department=office)


def _person(username: str, role: Role, hashed: str, **values: object) -> User:
    return User.objects.create(
        username=username,
        email=f"{username}@{MAIL_DOMAIN}",
        role=role,
        password=hashed or make_password(None),
        **values,
    )
