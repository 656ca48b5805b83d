"""Session authentication that answers 401, not 403, to strangers."""

from drf_spectacular.authentication import SessionScheme
from rest_framework import authentication
from rest_framework.request import Request


class SessionAuthentication(authentication.SessionAuthentication):
    """The web session, with a challenge, so that a tablet can tell «sign in» from «not allowed»."""

    def authenticate_header(self, request: Request) -> str:
        """The challenge of a 401 answer."""
        return 'Session realm="mapa"'


class StaffSessionScheme(SessionScheme):
    """How the schema describes it: the session cookie."""

    target_class = "accounts.authentication.SessionAuthentication"
