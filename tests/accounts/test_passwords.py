"""Which passwords the house takes, by NIST SP 800-63B: length and no common ones, no rules about signs."""

from __future__ import annotations

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from accounts.passwords import guesses_log10


@pytest.mark.parametrize(
    "password",
    [
        "maipu2026",
        "Maipú.2026",
        "maipu2026maipu",
        "Maipu.2026.2026",
        "M41pu2026!!!",
        "municipalidad2026",
        "contraseña2026",
        "Contraseña.2026",
        "mapabarrial2026",
        "facilitadora2026",
        "santiago2026",
        "vecinasyvecinos",
        "norte2026norte",
        "operaciones2026",
        "rosa.soto.2026",
        "password12345",
        "qwertyuiop12",
        "123456789012",
        "aaaaaaaaaaaaaaaa",
        "abcdefghijkl",
        "rB7-qLp2wXz",
        "",
    ],
)
def test_what_a_program_guesses_is_refused(town, streets, facilitator, password):
    facilitator.username, facilitator.first_name, facilitator.last_name = "rosa.soto", "Rosa", "Soto"
    with pytest.raises(ValidationError):
        validate_password(password, facilitator)


@pytest.mark.parametrize(
    "password",
    [
        "tres gatos miran la lluvia",
        "rB7-qLp2wXz9",
        "correcthorsebatterystaple",
        "ñandú verde baila",
        "🦔" * 3 + "x7Kq-lampara9",
    ],
)
def test_long_uncommon_ones_are_taken_whatever_their_signs(town, streets, facilitator, password):
    validate_password(password, facilitator)


def test_a_very_long_one_costs_no_more_and_is_taken(facilitator):
    validate_password("gato luna mesa pared " * 500, facilitator)


def test_it_is_asked_before_anybody_is_known(db):
    validate_password("tres gatos miran la lluvia")
    with pytest.raises(ValidationError, match="se adivina fácil"):
        validate_password("maipu2026maipu")


@given(st.text(max_size=200), st.lists(st.text(max_size=20), max_size=5))
def test_any_text_has_its_guesses(password, words):
    assert guesses_log10(password, words) >= 0


def test_who_changes_the_password_is_told_why_not(client, facilitator):
    client.force_login(facilitator)
    client.post("/cuenta/confirmar/", {"password": "clave-de-prueba"})
    words = {"oldpassword": "clave-de-prueba", "password1": "maipu2026maipu", "password2": "maipu2026maipu"}
    page = client.post("/cuenta/clave/", words).content.decode()
    assert "se adivina fácil" in page
