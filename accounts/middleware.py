"""Two-factor login for staff."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.second_step import has_second_step
from core.typing import present

# What a person without a second factor may still reach: the way to get one, and the way out.
ALLOWED_PREFIXES = ("mfa_", "account_", "usersessions_")


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
