"""How often one may try: counted in the database, so the same for all processes and after a restart.

Neither the address nor who it was is kept, only keyed digests. Nothing here locks anybody out: what is
tried too often waits, a minute at most, and a browser in which the person once signed in waits for nobody
else. docs/decisions/attempts.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import get_random_string, salted_hmac

from accounts.callers import KNOWN_PREFIX, KNOWN_SECONDS, network
from accounts.models import Attempt, User
from core.typing import SqlValue

LONGEST_WAIT_SECONDS = 60
FORGET_SECONDS = 900
SPEND = """
    INSERT INTO accounts_attempt AS known (key, count, next_at, forget_at)
    VALUES (%(key)s, %(amount)s, clock_timestamp(), clock_timestamp() + %(seconds)s * interval '1 second')
    ON CONFLICT (key) DO UPDATE SET
        count = CASE WHEN known.forget_at < clock_timestamp() THEN excluded.count
                     ELSE least(known.count + excluded.count, 2000000000) END,
        forget_at = CASE WHEN known.forget_at < clock_timestamp() THEN excluded.forget_at
                         ELSE known.forget_at END
    RETURNING count, ceil(extract(epoch FROM forget_at - clock_timestamp()))
"""
# Counts the try before it is made, so that a hundred at once are a hundred.
ENTER = """
    INSERT INTO accounts_attempt AS known (key, count, next_at, forget_at)
    VALUES (%(key)s, 1, clock_timestamp(), clock_timestamp() + %(forget)s * interval '1 second')
    ON CONFLICT (key) DO UPDATE SET
        count = CASE WHEN known.forget_at < clock_timestamp() THEN 1 ELSE known.count + 1 END,
        next_at = clock_timestamp() + interval '1 second' * CASE
            WHEN known.forget_at < clock_timestamp() OR known.count < %(free)s THEN 0
            ELSE least(%(longest)s, 2 ^ least(known.count - %(free)s, 20)) END,
        forget_at = excluded.forget_at
    WHERE known.next_at <= clock_timestamp()
    RETURNING count
"""
LEFT = "SELECT ceil(extract(epoch FROM next_at - clock_timestamp())) FROM accounts_attempt WHERE key = %s"


class TooOften(Exception):
    """A try that has to wait; `seconds` from now it is taken."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


@dataclass(frozen=True)
class Door:
    """Something that is tried: so many times freely, then each time a longer wait."""

    key: str
    free: int


def spend(request: HttpRequest, what: str, seconds: int) -> int:
    """Note one more of `what` from where this request comes; returns how many in the last so many seconds."""
    return spend_as(network_of(request), what, seconds)[0]


def spend_as(who: str, what: str, seconds: int, amount: int = 1) -> tuple[int, int]:
    """Note so much more of `what` for `who`; returns how much it is, and for how many seconds."""
    told: dict[str, SqlValue] = {"key": _key(what, who), "seconds": seconds, "amount": amount}
    with connection.cursor() as cursor:
        cursor.execute(SPEND, told)
        count, left = cursor.fetchone()
    return count, max(1, int(left))


def doors_of_password(request: HttpRequest, login: str) -> list[Door]:
    """What a password of `login` has to pass: its known browser, or where the request comes from."""
    if browser := _known_browser(request, login):
        return [Door(_key("password", login.lower(), browser), free=10)]
    network = network_of(request)
    # The second is for many names from one place; behind one connection a whole municipality signs in.
    return [
        Door(_key("password", login.lower(), network), free=5),
        Door(_key("password", network), free=30),
    ]


def doors_of_code(request: HttpRequest, user: User) -> list[Door]:
    """What a code of the second step has to pass: six digits bear no guessing from many places at once."""
    if browser := _known_browser(request, user.username):
        return [Door(_key("code", str(user.pk), browser), free=5)]
    return [Door(_key("code", str(user.pk)), free=5)]


@transaction.atomic
def enter(doors: Iterable[Door]) -> None:
    """Count one try at each door before it is made. Raises TooOften, and then none is counted."""
    for door in sorted(doors, key=lambda door: door.key):
        _enter(door)


def leave(doors: Iterable[Door]) -> None:
    """A try was right: the person's own count ends, the place's loses one."""
    own, *places = doors
    Attempt.objects.filter(key=own.key).delete()
    keys = [place.key for place in places]
    Attempt.objects.filter(key__in=keys, count__gt=0).update(count=F("count") - 1, next_at=Now())
    Attempt.objects.filter(forget_at__lt=Now()).delete()


def remember(response: HttpResponse, user: User) -> None:
    """Let this browser be known as one in which the person signed in: nobody else's tries make it wait."""
    response.set_signed_cookie(
        known_cookie(user.username),
        get_random_string(32),
        max_age=KNOWN_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def network_of(request: HttpRequest) -> str:
    """Where a request comes from: an IPv4 address, or the /64 that one IPv6 connection has."""
    return network(get_adapter().get_client_ip(request))


def _enter(door: Door) -> None:
    told: dict[str, SqlValue] = {
        "key": door.key,
        "free": door.free,
        "longest": LONGEST_WAIT_SECONDS,
        "forget": FORGET_SECONDS,
    }
    with connection.cursor() as cursor:
        cursor.execute(ENTER, told)
        if cursor.fetchone() is None:
            cursor.execute(LEFT, [door.key])
            row = cursor.fetchone()
            raise TooOften(max(1, int(row[0]) if row else 1))


def _known_browser(request: HttpRequest, login: str) -> str:
    return request.get_signed_cookie(known_cookie(login), default="", max_age=KNOWN_SECONDS) or ""


def known_cookie(login: str) -> str:
    """The name of the cookie by which a browser is known as this person's."""
    digest = salted_hmac("accounts.limits.cookie", login.lower(), algorithm="sha256").hexdigest()
    return f"{KNOWN_PREFIX}{digest[:12]}"


def _key(*parts: str) -> str:
    return salted_hmac("accounts.limits", "\x00".join(parts), algorithm="sha256").hexdigest()
