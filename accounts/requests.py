"""Who asks, told to the types: a visitor may be anonymous, behind the sign-in nobody is."""

from __future__ import annotations

from typing import TypeAlias

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from accounts.models import User

Visitor: TypeAlias = User | AnonymousUser


class SignedInRequest(HttpRequest):
    """What a view gets whose decorator lets only signed-in people in; never made, only named."""

    user: User


def signed_in(request: HttpRequest) -> User:
    """The person behind a request; raises PermissionDenied for a visitor who is not signed in."""
    if isinstance(request.user, User):
        return request.user
    raise PermissionDenied
