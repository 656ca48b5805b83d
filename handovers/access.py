"""Who may open desk and cabinet; what they see there is decided by the querysets."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http.response import HttpResponseBase

from accounts.models import User
from accounts.requests import SignedInRequest

View = Callable[..., HttpResponseBase]


def _only(may_enter: Callable[[User], bool]) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        @login_required
        @wraps(view)
        def guarded(request: SignedInRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            if not may_enter(request.user):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return decorate


for_desk = _only(lambda user: user.is_manager or user.sees_everything)
for_cabinet = _only(lambda user: user.sees_everything)
for_neighbourhood = _only(lambda user: user.is_facilitator or user.sees_everything)
