"""Invitations: a mail with a link to choose a password, which works once and for three days.

The same link helps who forgot the password. Whoever chooses one in time ends every link of before.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _

from accounts.models import User


class InvitationRefused(ValueError):
    """An invitation that cannot be; the text is one sentence."""


def invite(person: User) -> None:
    """Send a person the link. Raises InvitationRefused, OSError when the mail server is away."""
    if not person.is_active:
        raise InvitationRefused(_("%(who)s: la cuenta está cerrada.") % {"who": person.username})
    if not person.email:
        raise InvitationRefused(_("%(who)s: no tiene correo.") % {"who": person.username})
    words = {"person": person, "link": link_for(person), "days": settings.PASSWORD_RESET_TIMEOUT // 86_400}
    body = render_to_string("accounts/mail/invitation.txt", words)
    EmailMessage(_("Tu cuenta del Mapa Barrial"), body, to=[person.email]).send()


def link_for(person: User) -> str:
    """The address where this person chooses a password, once."""
    name = urlsafe_base64_encode(force_bytes(person.pk))
    token = default_token_generator.make_token(person)
    return f"{settings.SITE_URL}{reverse('invitation', args=[name, token])}"
