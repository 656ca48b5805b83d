"""The second step: secrets encrypted in the database, codes counted like passwords, passkeys."""

from __future__ import annotations

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base import forms
from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts import limits
from accounts.adapter import pass_through
from accounts.models import User
from core.together import sealing

STEPS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
# Where allauth keeps a secret in the data of each kind.
SECRET_OF = {Authenticator.Type.TOTP: "secret", Authenticator.Type.RECOVERY_CODES: "seed"}


class SecondStepAdapter(DefaultMFAAdapter):
    """Nobody who reads the database, or a stolen backup, can make codes."""

    def encrypt(self, text: str) -> str:
        """What is kept of a secret."""
        return sealing.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """The secret. Raises InvalidToken when the key is another."""
        return sealing.unseal(encrypted_text)

    def _get_site_name(self) -> str:
        return "Mapa Barrial"


class CountedCode(forms.BaseAuthenticateForm):
    """A code of six digits, or one of the paper."""

    def clean_code(self) -> str:
        """The code when it is right. Raises ValidationError when it is not, or has to wait."""
        doors = limits.doors_of_code(context.request, self.user)
        pass_through(doors)
        try:
            code = super().clean_code()
        except InvalidToken as lost:
            told = _("Tu segundo paso ya no se puede leer. Pide a la administración que lo quite.")
            raise ValidationError(told) from lost
        limits.leave(doors)
        return code


class CodeForm(CountedCode, forms.AuthenticateForm):
    """When signing in."""


class CodeAgainForm(CountedCode, forms.ReauthenticateForm):
    """Before something delicate."""


def has_second_step(user: User) -> bool:
    """Whether the person has more than a password; codes on paper alone are none."""
    return Authenticator.objects.filter(user=user, type__in=STEPS).exists()


def reseal_all() -> int:
    """Encrypt every secret anew with the newest key; returns how many. Raises InvalidToken."""
    sealed = Authenticator.objects.filter(type__in=SECRET_OF)
    for step in sealed:
        name = SECRET_OF[step.type]
        step.data[name] = sealing.reseal(step.data[name])
        step.save(update_fields=["data"])
    return len(sealed)
