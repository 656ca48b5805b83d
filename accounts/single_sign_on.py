"""Signing in with the municipality's own accounts, by OpenID Connect (allauth).

The other side says who somebody is, and nothing else: roles, neighbourhoods and whether an account is open
are told here alone. docs/decisions/single-sign-on.md.
"""

from __future__ import annotations

from typing import NoReturn

import requests
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView, OAuth2View
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.crypto import constant_time_compare, get_random_string
from django.utils.translation import gettext as _

from accounts.models import User

NONCE = "single_sign_on_nonce"
# Without these a token says too little about when and for what it was made.
NEEDED = ("sub", "exp", "iat", "nonce")


class CheckedTokens(OpenIDConnectOAuth2Adapter):
    """Identity tokens are always checked: signature by the keys of today, issuer, audience, times, nonce."""

    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: object, **told: dict
    ) -> SocialLogin:
        """Read the identity token. Raises OAuth2Error for none, and for one that is not for this sign-in."""
        if not told["response"].get("id_token"):
            raise OAuth2Error("no id_token")
        return super().complete_login(request, app, token, **told)

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict:
        expected = self.request.session.pop(NONCE, "")
        try:
            claims = jwtkit.verify_and_decode(
                credential=id_token,
                keys_url=self.openid_config["jwks_uri"],
                issuer=self.openid_config["issuer"],
                audience=app.client_id,
                lookup_kid=jwtkit.lookup_kid_jwk,
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise OAuth2Error("malformed id_token") from error
        if any(name not in claims for name in NEEDED):
            raise OAuth2Error("incomplete id_token")
        if not expected or not constant_time_compare(str(claims["nonce"]), expected):
            raise OAuth2Error("nonce of another sign-in")
        return claims


class MunicipalProvider(OpenIDConnectProvider):
    """Asks for a token made for this one sign-in."""

    oauth2_adapter_class = CheckedTokens

    def get_auth_params_from_request(self, request: HttpRequest, action: str) -> dict[str, str]:
        """What is asked beside the usual: the nonce, once for each sign-in; nothing from the address."""
        request.session[NONCE] = get_random_string(32)
        return self.get_auth_params() | {"nonce": request.session[NONCE]}


class StaffSocialAdapter(DefaultSocialAccountAdapter):
    """Who is known here may enter; nobody becomes known by a token."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Always closed."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Find the account: the one that signed in so before, else the open one with that proven address."""
        if sociallogin.state.get("process") != AuthProcess.LOGIN:
            refuse(request, _("Así solo se entra."))
        if sociallogin.is_existing:
            return
        person = account_of(sociallogin.account.extra_data.get("id_token", {}))
        if person is None:
            told = _("Esa cuenta municipal no tiene entrada en el mapa. Pídela a la administración.")
            refuse(request, told)
        sociallogin.connect(request, person)

    def on_authentication_error(self, request: HttpRequest, provider: object, **told: object) -> None:
        """Cancelled, late or not to be believed: back to the other ways in, with one sentence."""
        refuse(request, failed())


def login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Leave for the municipality's own sign-in page."""
    return _answer(OAuth2LoginView, request, provider_id)


def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Come back from there, with a token to be checked or without."""
    return _answer(OAuth2CallbackView, request, provider_id)


def _answer(view: type[OAuth2View], request: HttpRequest, provider_id: str) -> HttpResponse:
    try:
        return view.adapter_view(CheckedTokens(request, provider_id))(request)
    except SocialApp.DoesNotExist as error:
        raise Http404 from error
    except requests.RequestException:
        messages.error(request, failed())
        return redirect("account_login")


def failed() -> str:
    """What is said of whatever went wrong: who does wrong learns nothing from it."""
    return _("No se pudo entrar con la cuenta municipal. Prueba otra vez.")


def refuse(request: HttpRequest, sentence: str) -> NoReturn:
    """Back to the other ways in, with one sentence: raises ImmediateHttpResponse."""
    messages.error(request, sentence)
    raise ImmediateHttpResponse(redirect("account_login"))


def account_of(claims: dict) -> User | None:
    """The one open account with the e-mail address that a token proves; None otherwise."""
    address = claims.get("email")
    if claims.get("email_verified") is not True or not isinstance(address, str) or not address:
        return None
    found = list(User.objects.filter(email__iexact=address, is_active=True)[:2])
    return found[0] if len(found) == 1 else None
