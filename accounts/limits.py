"""Rate limits per network address; neither the address nor the person is stored."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac


def spend(request: HttpRequest, what: str, seconds: int) -> int:
    """Count one more `what` from this request's address; returns how many in this period (seconds)."""
    key = _key(request, what)
    cache.add(key, 0, timeout=seconds)
    try:
        return cache.incr(key)
    except ValueError:
        # It ran out between the two calls.
        cache.set(key, 1, timeout=seconds)
        return 1


def spent(request: HttpRequest, what: str) -> int:
    """How many `what` are counted for this request's address."""
    return cache.get(_key(request, what), 0)


def _key(request: HttpRequest, what: str) -> str:
    address = get_adapter().get_client_ip(request)
    return f"{what}:{salted_hmac('accounts.limits', address, algorithm='sha256').hexdigest()}"
