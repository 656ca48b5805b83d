"""Contact data in the database: as they were written for the program, nothing for who reads the table."""

from __future__ import annotations

import pytest
from cryptography.fernet import InvalidToken
from django.core.exceptions import FieldError
from django.core.management import call_command
from django.db import connection

from issues.models import Reporter

KEY = "another key, as long as it takes: 0123456789 abcdefghijklmnopqrstuvwxyz"
ROSA = {"name": "Rosa Ñáñez", "email": "rosa@example.cl", "phone": "+56 9 1234 5678"}


@pytest.fixture
def reporter(issue) -> Reporter:
    return Reporter.objects.create(issue=issue, expires_on="2099-01-01", **ROSA)


def raw() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, email, phone FROM issues_reporter")
        return list(cursor.fetchone())


def test_it_is_read_as_it_was_written(reporter):
    found = Reporter.objects.get()
    assert {name: getattr(found, name) for name in ROSA} == ROSA


def test_the_table_holds_none_of_it(reporter):
    assert not [text for text in raw() if any(word in text for word in ("Rosa", "example", "1234"))]
    assert len(set(raw())) == 3


def test_the_same_text_looks_different_each_time(reporter):
    before = raw()
    reporter.save()
    assert set(before).isdisjoint(raw())


def test_what_is_empty_stays_empty(issue):
    Reporter.objects.create(issue=issue, expires_on="2099-01-01")
    assert raw() == ["", "", ""]


@pytest.mark.parametrize("lookup", ["exact", "iexact", "contains", "startswith", "in", "gt"])
def test_no_query_pretends_to_find_it(reporter, lookup):
    with pytest.raises(FieldError):
        Reporter.objects.filter(**{f"email__{lookup}": ROSA["email"]}).exists()


def test_a_new_key_reads_with_the_old_one_until_all_is_sealed_anew(reporter, settings, capsys):
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], KEY
    assert Reporter.objects.get().email == ROSA["email"]
    call_command("encrypt_second_steps")
    assert "1 rows of contact data" in capsys.readouterr().out
    settings.SECRET_KEY_FALLBACKS = []
    assert Reporter.objects.get().email == ROSA["email"]


def test_without_the_key_nobody_reads_it(reporter, settings):
    settings.SECRET_KEY = KEY
    with pytest.raises(InvalidToken):
        Reporter.objects.get()
