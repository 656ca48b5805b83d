"""How allauth behaves here."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import ngettext

from accounts import limits
from accounts.models import User
from core.outbox import post


class StaffAccountAdapter(DefaultAccountAdapter):
    """Accounts are made by the administration; nobody signs up, and a closed one is like none."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Always closed."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """By the outbox: no page of the account waits for a mail server."""
        letter = self.render_mail(template_prefix, email, context)
        post(email, letter.subject, letter.body)

    def pre_authenticate(self, request: HttpRequest, **credentials: str) -> None:
        """Nothing: `authenticate` counts the tries, in the database instead of a process's memory."""

    def authenticate(self, request: HttpRequest, **credentials: str) -> User | None:
        """Whose password this is; None for a closed account too. Raises ValidationError while it waits."""
        doors = limits.doors_of_password(request, credentials.get("username") or "")
        pass_through(doors)
        user = super().authenticate(request, **credentials)
        if user is None or not user.is_active:
            return None
        limits.leave(doors)
        return user

    def post_login(self, request: HttpRequest, user: User, **told: object) -> HttpResponse:
        """Go where the person wanted to, and know this browser from now on."""
        response = super().post_login(request, user, **told)
        limits.remember(response, user)
        return response

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        """Closed between two steps, or signed in by another way: the sentence of a wrong password."""
        messages.error(request, self.error_messages["username_password_mismatch"])
        return redirect("account_login")


def pass_through(doors: list[limits.Door]) -> None:
    """Count a try. Raises ValidationError with how long to wait."""
    try:
        limits.enter(doors)
    except limits.TooOften as wait:
        told = ngettext(
            "Demasiados intentos. Espera %(seconds)s segundo y prueba otra vez.",
            "Demasiados intentos. Espera %(seconds)s segundos y prueba otra vez.",
            wait.seconds,
        )
        raise ValidationError(told % {"seconds": wait.seconds}, code="too_often") from wait
