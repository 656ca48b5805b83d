"""Who is signed in, for views and for the database; two-factor login for staff."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware, get_user
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.functional import SimpleLazyObject

from accounts.second_step import has_second_step
from core.postgis import identity
from core.typing import present

# What a person without a second factor may still reach: the way to get one, and the way out.
ALLOWED_PREFIXES = ("mfa_", "account_", "usersessions_")
# What signs in, and the account of who is.
ACCOUNT_PAGES = (*ALLOWED_PREFIXES, "openid_connect_", "socialaccount_", "invitation")


class Known(AuthenticationMiddleware):
    """Whoever looks who is signed in tells the database too, for row security: core/postgis/identity.py."""

    def process_request(self, request: HttpRequest) -> None:
        """Only a look tells: a public page asks for no session."""
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: _introduced(request))  # type: ignore[assignment]  # looked at later

    def process_view(self, request: HttpRequest, *args: object) -> None:
        """The pages that sign somebody in work for who is not signed in yet."""
        if (present(request.resolver_match).url_name or "").startswith(ACCOUNT_PAGES):
            identity.enter("account")

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Nobody is known any more afterwards, not even to the one that streams the answer."""
        with identity.request():
            answer = super().__call__(request)
        assert isinstance(answer, HttpResponseBase)  # all of the chain answers at once
        return answer


def _introduced(request: HttpRequest) -> Any:
    person = get_user(request)
    if person.is_authenticated:
        identity.introduce(person.pk)
    return person


class RequireSecondFactor:
    """Sends signed-in staff without a second factor to the page where they choose one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *args: object) -> HttpResponse | None:
        """Redirect before the view runs; residents and switched-off installations pass."""
        if not settings.REQUIRE_SECOND_FACTOR or not request.user.is_authenticated:
            return None
        if (present(request.resolver_match).url_name or "").startswith(ALLOWED_PREFIXES):
            return None
        if has_second_step(request.user):
            return None
        return redirect("mfa_index")
