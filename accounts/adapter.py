"""How allauth behaves here."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from core.outbox import post


class StaffAccountAdapter(DefaultAccountAdapter):
    """Accounts are made by the administration; nobody signs up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Always closed."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """By the outbox: no page of the account waits for a mail server."""
        letter = self.render_mail(template_prefix, email, context)
        post(email, letter.subject, letter.body)
