"""Each process is told as whom it signs in to the database, and no other address."""

import pytest

from scripts import installation
from scripts.libpq import Urls

ALL = Urls("postgis://web", "postgis://worker", "postgis://owner", "postgis://backup")
NAMES = ("DATABASE_URL", "DATABASE_WORKER_URL", "DATABASE_OWNER_URL", "DATABASE_BACKUP_URL")


@pytest.mark.parametrize(
    ("given", "urls"),
    [
        (("w", "", "", ""), ("w", "w", "w", "w")),
        (("w", "k", "", ""), ("w", "k", "w", "w")),
        (("w", "", "o", ""), ("w", "o", "o", "o")),
        (("w", "k", "o", "b"), ("w", "k", "o", "b")),
    ],
)
def test_an_address_that_is_not_named_is_another_s(monkeypatch, given, urls):
    for name, value in zip(NAMES, given, strict=True):
        monkeypatch.setenv(name, value)
    assert Urls.given() == urls


@pytest.mark.parametrize(
    ("told", "known"),
    [
        (ALL.of_pages(), {"web"}),
        (ALL.of_workers(), {"worker"}),
        (ALL.of_migrations(), {"worker", "owner"}),
        (ALL.of_tests(), {"web", "owner", "backup"}),
    ],
)
def test_a_process_knows_its_own_address_whatever_the_environment_of_its_parent(monkeypatch, told, known):
    for name in NAMES:
        monkeypatch.setenv(name, "postgis://of-the-parent")
    environment = installation.app_environment(told)
    assert {environment[name].removeprefix("postgis://") for name in NAMES} - {""} == known
