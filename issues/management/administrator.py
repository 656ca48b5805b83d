"""Who answers for what a command does for good."""

from __future__ import annotations

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from accounts.models import User


def administrator(login: str) -> User:
    """The account of the administration with this login; raises CommandError where there is none."""
    user = User.objects.filter(username=login, is_active=True).first()
    if user is None or not user.is_administrator:
        raise CommandError(_("No hay una cuenta de administración «%(login)s».") % {"login": login})
    return user
