"""A commitment says nothing of its text, and only that text and salt open it."""

import hashlib
import string

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.commitments import SALT, check, commit, new_salt

salts = st.text("0123456789abcdef", min_size=32, max_size=32)
# What PostgreSQL can hold: no NUL, no half of a pair.
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))
ONE = "0123456789abcdef" * 2


def asked(sql: str, *values: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone()[0]


def test_the_formula_is_sha256_over_salt_and_text():
    assert commit(ONE, "Año") == hashlib.sha256(ONE.encode() + b"A\xc3\xb1o").hexdigest()


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(salts, texts)
def test_the_database_commits_to_the_same(salt, text):
    assert asked("SELECT commitment(%s, %s)", salt, text) == commit(salt, text)


@given(salts, texts, salts, texts)
def test_only_the_same_salt_and_text_open_it(salt, text, other_salt, other_text):
    same = (salt, text) == (other_salt, other_text)
    assert check(commit(salt, text), salt, text)
    assert check(commit(salt, text), other_salt, other_text) == same


@pytest.mark.parametrize("salt", ["", ONE[:-1], ONE + "0", ONE.upper(), f"{ONE}\n", "ñ" * 32])
def test_what_is_no_salt_hides_and_opens_nothing(salt):
    with pytest.raises(ValueError, match="32 digits"):
        commit(salt, "texto")
    assert not check(hashlib.sha256(f"{salt}texto".encode()).hexdigest(), salt, "texto")


def test_a_letter_does_not_wander_from_the_salt_into_the_text():
    assert not check(commit(ONE, "a1"), ONE + "a", "1")


@pytest.mark.django_db
@pytest.mark.parametrize("make", [new_salt, lambda: asked("SELECT new_salt()")])
def test_salts_are_random(make):
    many = {make() for _ in range(200)}
    assert len(many) == 200
    assert all(SALT.fullmatch(salt) for salt in many)
    assert set("".join(many)) == set(string.hexdigits.lower())
