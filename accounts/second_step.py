"""The second step: its codes are counted like passwords."""

from __future__ import annotations

from allauth.core import context
from allauth.mfa.base import forms

from accounts import limits
from accounts.adapter import pass_through


class CountedCode(forms.BaseAuthenticateForm):
    """A code of six digits, or one of the paper."""

    def clean_code(self) -> str:
        """The code when it is right. Raises ValidationError when it is not, or has to wait."""
        doors = limits.doors_of_code(context.request, self.user)
        pass_through(doors)
        code = super().clean_code()
        limits.leave(doors)
        return code


class CodeForm(CountedCode, forms.AuthenticateForm):
    """When signing in."""


class CodeAgainForm(CountedCode, forms.ReauthenticateForm):
    """Before something delicate."""
