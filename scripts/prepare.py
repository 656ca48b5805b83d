"""Prepare static files and database for the web server; each part is idempotent.

`python3 -m scripts.prepare static` needs no database; `… database [RESULT.json]` migrates it, loads the base
data it is missing and, where the environment says DEMO=1, the demo town. Runs in the project's environment.
"""

import importlib
import io
import json
import os
import sys
from pathlib import Path
from typing import Any

import django
from django.apps import apps
from django.conf import settings
from django.core import checks
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DEFAULT_DB_ALIAS, DatabaseError, OperationalError, connection
from django.db.utils import ProgrammingError

from core.postgis.owner import as_owner
from scripts.house import ROOT, Trouble, fingerprint, is_stamped, kept_secret, local, main, say, write_whole

# Loaded only into an empty table, so that later changes by people stay.
BASE_DATA = (
    (
        "territories.BoundarySet",
        "the 21 neighbourhoods",
        ["load_territories", "shapefiles/barrios_maipu.shp"],
    ),
    ("issues.Category", "the categories", ["load_categories"]),
    ("territories.Place", "streets and places", ["load_places"]),
)
OPTIONS: dict[str, dict[str, Any]] = {"load_territories": {"expect": 21, "activate": True}}


def static_files() -> None:
    """Collect the static files under hashed names, when any of them changed since the last time."""
    target = Path(settings.STATIC_ROOT)
    stamp, value = target / ".collected", _static_fingerprint()
    if is_stamped(stamp, value):
        return
    say("Collecting static files")
    target.mkdir(parents=True, exist_ok=True)
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    write_whole(stamp, value)


def _static_fingerprint() -> str:
    own = sorted(path for path in (ROOT / "static").rglob("*") if path.is_file())
    code = [ROOT / "config" / "staticfiles.py", ROOT / "requirements.txt", ROOT / "package-lock.json"]
    names = [str(path.relative_to(ROOT)) for path in own]
    return fingerprint([*code, *own], *names)


def database() -> dict:
    """Migrate, load what is missing, and say whether the demo is there and with which password."""
    _migrate()
    # Before anything is served: what was erased may have come back with a backup.
    _load("what was erased since", "forget_persons", stdout=io.StringIO())
    for model, what, command in BASE_DATA:
        if not apps.get_model(model).objects.exists():
            _load(what, *command, stdout=io.StringIO(), **OPTIONS.get(command[0], {}))
    password = _demo() if settings.DEMO else ""
    return {"demo": bool(password), "password": password}


def _migrate() -> None:
    _check_database()
    say("Bringing the database up to date")
    try:
        call_command("migrate", interactive=False, verbosity=0)
    except ProgrammingError as error:
        raise Trouble(f"The database refused a migration: {_first_line(error)}") from None


def _check_database() -> None:
    """As the owner: the others may have no right yet to look at what is there."""
    with as_owner(connection):
        try:
            connection.ensure_connection()
        except OperationalError as error:
            raise Trouble(f"The database cannot be reached: {_first_line(error)}") from None
        for found in checks.run_checks(tags=[checks.Tags.database], databases=[DEFAULT_DB_ALIAS]):
            if found.is_serious():
                raise Trouble(found.msg)


def _load(what: str, *command: str, **options: Any) -> None:
    say(f"Loading {what}")
    try:
        call_command(*command, **options)
    except (CommandError, DatabaseError) as error:
        raise Trouble(f"Could not load {what}: {_first_line(error)}") from None


def _demo() -> str:
    """Load the demo town into an empty database; returns the password its logins answer to, or nothing."""
    town, password = importlib.import_module("demo.town"), _demo_password()
    people = apps.get_model("accounts.User").objects
    if not town.already_here():
        if people.exists():
            say("This database already has accounts: the demo town is left out")
            return ""
        _load("the demo town", "seed_demo", password=password)
    for person in people.filter(username__in=importlib.import_module("demo.people").LOGINS):
        if not person.check_password(password):
            person.set_password(password)
            person.save(update_fields=["password"])
    return password


def _demo_password() -> str:
    """DEMO_PASSWORD, else a random one kept with the other secrets of this installation."""
    if os.environ.get("DEMO_PASSWORD"):
        return os.environ["DEMO_PASSWORD"]
    return kept_secret(local("demo-password"), size=9)


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]


def prepare(arguments: list[str]) -> None:
    """Do the named parts in order; the last argument may name a file for the result."""
    django.setup()
    if "static" in arguments:
        static_files()
    if "database" in arguments:
        result = database()
        if arguments[-1].endswith(".json"):
            write_whole(Path(arguments[-1]), json.dumps(result), mode=0o600)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    main(lambda: prepare(sys.argv[1:]))
