"""How often one address of the network may do something; neither the address nor who it was is kept."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac


def spend(request: HttpRequest, what: str, seconds: int) -> int:
    """Note one more of `what` from where this request comes; returns how many in the last so many seconds."""
    key = _key(request, what)
    cache.add(key, 0, timeout=seconds)
    try:
        return cache.incr(key)
    except ValueError:
        # It ran out between the two calls.
        cache.set(key, 1, timeout=seconds)
        return 1


def spent(request: HttpRequest, what: str) -> int:
    """How many of `what` are noted for where this request comes from."""
    return cache.get(_key(request, what), 0)


def _key(request: HttpRequest, what: str) -> str:
    address = get_adapter().get_client_ip(request)
    return f"{what}:{salted_hmac('accounts.limits', address, algorithm='sha256').hexdigest()}"
