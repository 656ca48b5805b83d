"""One imaginary town with round coordinates, and the standing people who live and work in it.

Three square neighbourhoods side by side, each 0.02° wide, inside the extent of the commune:

    -70.80     -70.78     -70.76     -70.74
       +----------+----------+----------+  -33.50
       |  1 Norte | 2 Centro |   3 Sur  |
       +----------+----------+----------+  -33.52
"""

from __future__ import annotations

from contextlib import ExitStack

import pytest
from django.contrib.gis.geos import Point
from django.db import connection

from accounts.models import Department, Role, User
from core.postgis.owner import as_owner
from issues.life.registration import NewIssue, register
from issues.models import Category, CategoryGroup, Issue
from territories.models import BoundarySet, Territory
from tests import network
from tests.roles import owner, take_roles
from tests.smtp import MailServer
from tests.town import boundary_set, square

network.watch()

NORTE, CENTRO, SUR = 1, 2, 3
# (lng, lat), EPSG:4326: a point well inside each neighbourhood.
INSIDE = {NORTE: (-70.79, -33.51), CENTRO: (-70.77, -33.51), SUR: (-70.75, -33.51)}
OUTSIDE = (-70.70, -33.51)


@pytest.fixture(scope="session")
def owner_of_the_database(django_db_blocker):
    """Who makes the test's database and removes it; closed in between."""
    with django_db_blocker.unblock(), ExitStack() as stack:
        yield lambda: stack.enter_context(as_owner(connection)), stack.close


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix, owner_of_the_database):
    """The database is made by its owner."""
    owner_of_the_database[0]()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker, owner_of_the_database):
    """Let the test runner empty tables between live-server tests; production keeps the guard.

    Then requests are served by the role that serves: what it may not do, no page does.
    """
    come, go = owner_of_the_database
    with django_db_blocker.unblock():
        _let_tables_be_emptied()
        go()
        take_roles()
        yield
        come()


def _let_tables_be_emptied():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "WHERE t.tgname LIKE '%no_truncate' AND NOT t.tgisinternal"
        )
        for table, trigger in cursor.fetchall():
            cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER "{trigger}"')


@pytest.fixture(autouse=True)
def honest_mail(settings):
    """A mail server that only remembers; nobody may talk to it within a transaction."""
    settings.EMAIL_BACKEND = "tests.network.EmailBackend"


@pytest.fixture(autouse=True)
def own_ledger(settings, tmp_path):
    """What a test erases is noted in a file of its own."""
    settings.ERASURES_FILE = str(tmp_path / "erasures.jsonl")


@pytest.fixture
def post(settings):
    """A mail server of our own, in place of the one that only remembers."""
    with MailServer() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.EMAIL_TIMEOUT = 5
        yield server


@pytest.fixture
def by_owner(db):
    """For what triggers refuse even to the owner of the tables, and for damage done on purpose."""
    with owner():
        yield


@pytest.fixture(autouse=True)
def no_jobs_left(request):
    """The queue's tables are not Django's to empty after a test that commits."""
    yield
    marker = request.node.get_closest_marker("django_db")
    if "transactional_db" in request.fixturenames or (marker and marker.kwargs.get("transaction")):
        with request.getfixturevalue("django_db_blocker").unblock(), owner(), connection.cursor() as cursor:
            cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")


@pytest.fixture
def town(db) -> BoundarySet:
    """The three neighbourhoods in force."""
    return boundary_set({NORTE: "Norte", CENTRO: "Centro", SUR: "Sur"}, square)


@pytest.fixture
def norte(town) -> Territory:
    return town.territories.get(code=NORTE)


@pytest.fixture
def centro(town) -> Territory:
    return town.territories.get(code=CENTRO)


@pytest.fixture
def streets(db) -> Department:
    """The department that mends streets."""
    return Department.objects.create(code="operaciones", name="Operaciones", email="operaciones@example.cl")


@pytest.fixture
def parks(db) -> Department:
    """Another department."""
    return Department.objects.create(code="daoga", name="DAOGA", email="daoga@example.cl")


@pytest.fixture
def pothole(streets) -> Category:
    """An open, public category of track «gestion»."""
    group = CategoryGroup.objects.create(code="PAV", name="Calles y veredas", icon="street")
    return Category.objects.create(code="PAV-01", group=group, name="Bache", department=streets)


@pytest.fixture
def insecurity(streets) -> Category:
    """A category shown only as numbers."""
    group = CategoryGroup.objects.create(code="SEG", name="Seguridad", icon="shield")
    return Category.objects.create(
        code="SEG-01", group=group, name="Punto inseguro", department=streets, privacy="reservado"
    )


def _user(username: str, role: Role, **more) -> User:
    return User.objects.create_user(username, f"{username}@example.cl", "clave-de-prueba", role=role, **more)


@pytest.fixture
def facilitator(db) -> User:
    """Facilitates Norte."""
    return _user("facilitadora", Role.FACILITATOR, territory_codes=[NORTE])


@pytest.fixture
def other_facilitator(db) -> User:
    """Facilitates Sur."""
    return _user("facilitador-sur", Role.FACILITATOR, territory_codes=[SUR])


@pytest.fixture
def manager(streets) -> User:
    """Works in Operaciones."""
    return _user("direccion", Role.MANAGER, department=streets)


@pytest.fixture
def other_manager(parks) -> User:
    """Works in DAOGA."""
    return _user("direccion-daoga", Role.MANAGER, department=parks)


@pytest.fixture
def facilitation_head(db) -> User:
    """Heads the facilitation, in every neighbourhood."""
    return _user("jefa-facilitacion", Role.FACILITATOR, is_head=True)


@pytest.fixture
def department_head(streets) -> User:
    """Heads Operaciones."""
    return _user("jefe-operaciones", Role.MANAGER, department=streets, is_head=True)


@pytest.fixture
def control(db) -> User:
    """Works for the control office."""
    return _user("control", Role.CONTROL)


@pytest.fixture
def cabinet(db) -> User:
    """Works for the mayor's cabinet."""
    return _user("alcaldia", Role.CABINET)


@pytest.fixture
def administrator(db) -> User:
    """Keeps the installation."""
    return _user("admin", Role.ADMINISTRATOR, is_staff=True, is_superuser=True)


@pytest.fixture
def make_issue(town, pothole):
    """Registers issues through the one door; `territory` is a code, other words are NewIssue's."""

    def make(territory: int = NORTE, *, actor: User | None = None, **more) -> Issue:
        lng, lat = INSIDE[territory]
        data = {"title": "Hoyo grande", "category": pothole, "location": Point(lng, lat, srid=4326)} | more
        return register(NewIssue(**data), actor=actor, office="Caminata")

    return make


@pytest.fixture
def issue(make_issue) -> Issue:
    """A registered pothole in Norte."""
    return make_issue()
