"""How allauth behaves here."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class StaffAccountAdapter(DefaultAccountAdapter):
    """Accounts are made by the administration; there is no sign-up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Always closed."""
        return False
