"""Guessing becomes slow and locks nobody out: the same for all processes and after a restart."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import connection
from django.db.models import F
from django.test import Client
from django.utils import timezone

from accounts import limits
from accounts.models import Attempt

PASSWORD = "clave-de-prueba"
HOME, ELSEWHERE = "192.0.2.7", "198.51.100.9"


def sign_in(client: Client, password: str, *, at: str = HOME, login: str = "facilitadora"):
    return client.post("/entrar/", {"login": login, "password": password}, REMOTE_ADDR=at)


def guess(many: int, **more) -> None:
    for _each in range(many):
        sign_in(Client(), "mala", **more)


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def waited(seconds: float) -> None:
    """Let so much time have passed for all that was tried."""
    for attempt in Attempt.objects.all():
        attempt.next_at -= dt.timedelta(seconds=seconds)
        attempt.forget_at -= dt.timedelta(seconds=seconds)
        attempt.save()


def stay_waiting() -> None:
    """Where one has to wait, let it be an hour: no machine is too slow to be made to."""
    made = F("forget_at") - dt.timedelta(seconds=limits.FORGET_SECONDS)
    an_hour = dt.timedelta(hours=1)
    Attempt.objects.filter(next_at__gt=made).update(
        next_at=F("next_at") + an_hour, forget_at=F("forget_at") + an_hour
    )


def test_a_handful_of_mistakes_costs_nothing(client, facilitator):
    guess(4)
    sign_in(client, PASSWORD)
    assert is_in(client)
    assert not Attempt.objects.filter(count__gt=4).exists()


def test_who_goes_on_guessing_waits_even_with_the_right_password(client, facilitator):
    guess(6)
    stay_waiting()
    answer = sign_in(client, PASSWORD)
    assert "Espera " in answer.content.decode()
    assert not is_in(client)
    waited(3603)
    sign_in(client, PASSWORD)
    assert is_in(client)


def test_a_wait_is_never_longer_than_a_minute_and_what_is_refused_makes_none(facilitator):
    for _each in range(20):
        guess(1)
        waited(61)
    guess(30)
    longest = max(attempt.next_at for attempt in Attempt.objects.all())
    assert longest - timezone.now() <= dt.timedelta(seconds=limits.LONGEST_WAIT_SECONDS)


def test_after_a_quarter_of_an_hour_it_is_forgotten(client, facilitator):
    guess(7)
    waited(limits.FORGET_SECONDS + 1)
    guess(1)
    sign_in(client, PASSWORD)
    assert is_in(client)


def test_a_stranger_somewhere_else_does_not_make_the_owner_wait(client, facilitator):
    guess(40, at=ELSEWHERE)
    sign_in(client, PASSWORD, at=HOME)
    assert is_in(client)


def test_a_known_browser_waits_for_nobody_not_even_on_the_same_connection(client, facilitator):
    sign_in(client, PASSWORD)
    client.post("/salir/")
    guess(40)
    sign_in(client, PASSWORD)
    assert is_in(client)


def test_a_known_browser_of_one_person_is_a_stranger_s_for_another(client, facilitator, manager):
    sign_in(client, PASSWORD)
    client.post("/salir/")
    guess(6, login="direccion")
    stay_waiting()
    sign_in(client, PASSWORD, login="direccion")
    assert not is_in(client)


def test_a_forged_cookie_makes_no_browser_known(client, facilitator):
    sign_in(client, PASSWORD)
    (name,) = [name for name in client.cookies if name.startswith("mapa_known_")]
    stranger = Client()
    stranger.cookies[name] = client.cookies[name].value[:-2] + "xx"
    guess(6)
    stay_waiting()
    sign_in(stranger, PASSWORD)
    assert not is_in(stranger)


def test_many_names_from_one_place_wait_too(client, facilitator):
    for number in range(31):
        guess(1, login=f"nadie{number}")
    stay_waiting()
    sign_in(client, PASSWORD)
    assert not is_in(client)


def test_one_ipv6_connection_is_one_place(facilitator, client):
    for number in range(6):
        guess(1, at=f"2001:db8::{number + 1:x}")
    stay_waiting()
    sign_in(client, PASSWORD, at="2001:db8::ffff")
    assert not is_in(client)


def test_nobody_s_name_or_address_is_kept(facilitator):
    guess(3)
    kept = str(list(Attempt.objects.values()))
    assert "facilitadora" not in kept
    assert HOME not in kept


@pytest.mark.parametrize("password", [PASSWORD, "otra"])
def test_a_closed_account_gets_the_sentence_of_a_wrong_password(client, facilitator, password):
    open_answer = sign_in(Client(), "mala")
    facilitator.is_active = False
    facilitator.save()
    answer = sign_in(client, password)
    assert answer.status_code == 200
    told = list(open_answer.context["form"].non_field_errors())
    assert list(answer.context["form"].non_field_errors()) == told
    assert not is_in(client)


def test_an_account_closed_between_the_two_steps_is_not_let_in(client, settings, facilitator):
    secret = generate_totp_secret()
    TOTP.activate(facilitator, secret)
    sign_in(client, PASSWORD)
    facilitator.is_active = False
    facilitator.save()
    client.post("/entrar/codigo/", {"code": _code(secret)})
    assert client.get("/inicio/")["Location"].startswith("/entrar/")


def test_codes_of_the_second_step_are_counted_for_the_person_wherever_they_come_from(client, manager):
    secret = generate_totp_secret()
    TOTP.activate(manager, secret)
    for number in range(6):
        guesser = Client()
        sign_in(guesser, PASSWORD, login="direccion", at=f"203.0.113.{number}")
        guesser.post("/entrar/codigo/", {"code": "000000"}, REMOTE_ADDR=f"203.0.113.{number}")
    stay_waiting()
    sign_in(client, PASSWORD, login="direccion")
    answer = client.post("/entrar/codigo/", {"code": _code(secret)})
    assert "Espera" in answer.content.decode()
    waited(3603)
    client.post("/entrar/codigo/", {"code": _code(secret)})
    assert is_in(client)


def _code(secret: str) -> str:
    return totp.format_hotp_value(totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time())))


@pytest.mark.django_db(transaction=True)
def test_a_hundred_guesses_at_once_are_a_hundred():
    door = limits.Door("x" * 64, free=5)

    def knock(_number: int) -> bool:
        try:
            limits.enter([door])
            return True
        except limits.TooOften:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        # Six at once; a slow machine lets one more in for each wait that has passed meanwhile.
        assert 6 <= sum(pool.map(knock, range(100))) <= 12
