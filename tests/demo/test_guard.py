"""A database that once was a demo is not served in earnest with its open accounts."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys

import pytest
from django.conf import settings as project
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command

from accounts.models import Role, User
from demo import guard
from tests.workers import database_url


@pytest.fixture
def demo_login(db) -> User:
    return User.objects.create_user("alcaldia", "alcaldia@demo.invalid", "x", role=Role.CABINET)


@pytest.mark.django_db(transaction=True)
def test_open_demo_accounts_stop_a_start_in_earnest_and_it_says_what_to_do(demo_login, settings):
    settings.DEMO = False
    with pytest.raises(ImproperlyConfigured, match=r"alcaldia.*DEMO=1.*close_demo_accounts"):
        guard.refuse_demo_in_earnest()


@pytest.mark.django_db(transaction=True)
def test_a_demo_is_served_as_one(demo_login, settings):
    settings.DEMO = True
    guard.refuse_demo_in_earnest()


@pytest.mark.django_db(transaction=True)
def test_once_closed_they_stop_nothing_and_open_nothing(demo_login, settings, client):
    settings.DEMO = False
    call_command("close_demo_accounts", verbosity=0)
    guard.refuse_demo_in_earnest()
    demo_login.refresh_from_db()
    assert not demo_login.is_active
    assert not demo_login.has_usable_password()


@pytest.mark.django_db(transaction=True)
def test_people_with_other_addresses_are_nobody_s_demo(cabinet, settings):
    settings.DEMO = False
    guard.refuse_demo_in_earnest()


def _serve(**environment: str) -> subprocess.CompletedProcess[str]:
    known = {"PATH": os.environ["PATH"], "DATABASE_URL": os.environ["DATABASE_URL"], "HTTPS": "0"}
    command = [sys.executable, "-c", "import config.wsgi"]
    return subprocess.run(
        command, env=known | environment, cwd=project.BASE_DIR, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("key", ["", "short", "a" * 64, "django-insecure-" + "abcdefghij" * 6])
def test_a_weak_key_ends_the_start_with_one_sentence(key):
    done = _serve(SECRET_KEY=key)
    assert done.returncode == 1
    assert done.stderr.strip().splitlines()[-1].startswith("The site does not start: SECRET_KEY is too weak")
    assert "Traceback" not in done.stderr


def test_a_weak_key_of_before_is_none_either():
    assert _serve(SECRET_KEY=secrets.token_hex(32), SECRET_KEY_FALLBACKS="short").returncode == 1


@pytest.mark.django_db(transaction=True)
def test_who_owns_the_tables_does_not_serve_them_in_earnest():
    done = _serve(SECRET_KEY=secrets.token_hex(32), DATABASE_URL=database_url(), DEMO="0")
    assert done.returncode == 1
    told = done.stderr.strip().splitlines()[-1]
    assert told.startswith("The site does not start: DATABASE_URL signs in as the owner of the tables")
    assert "DATABASE_OWNER_URL" in told
    assert "Traceback" not in done.stderr


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("told", [{"DEMO": "1"}, {"DEMO": "0", "DATABASE_ROLE": "mapa_web"}])
def test_a_demo_may_and_so_may_who_owns_nothing(told):
    done = _serve(SECRET_KEY=secrets.token_hex(32), DATABASE_URL=database_url(), **told)
    assert done.returncode == 0, done.stderr


@pytest.mark.django_db(transaction=True)
def test_the_whole_start_ends_with_what_to_do(demo_login):
    done = _serve(SECRET_KEY=secrets.token_hex(32), DATABASE_URL=database_url(), DEMO="0")
    assert done.returncode == 1
    assert "close_demo_accounts" in done.stderr
    assert "Traceback" not in done.stderr
