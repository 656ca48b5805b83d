"""Between a demo and an installation in earnest: accounts whose passwords stood on a screen."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, ProgrammingError, connection
from django.db.models import QuerySet

from accounts.models import User
from demo.people import MAIL_DOMAIN

SENTENCE = (
    "This database has open accounts of the demo ({names}), whose passwords were shown, and DEMO is 0. "
    "Serve it with DEMO=1, name a database without a demo, or close them: manage.py close_demo_accounts"
)


def open_accounts() -> QuerySet[User]:
    """The accounts of the demo town that can still sign in."""
    return User.objects.filter(email__endswith=f"@{MAIL_DOMAIN}", is_active=True)


def refuse_demo_in_earnest() -> None:
    """Raises ImproperlyConfigured where DEMO=0 and the demo's accounts are open.

    A database that is away or not migrated yet is for `/readyz` to tell.
    """
    if settings.DEMO:
        return
    try:
        names = list(open_accounts().order_by("username").values_list("username", flat=True)[:4])
    except (OperationalError, ProgrammingError):
        return
    finally:
        connection.close()  # gunicorn forks after this.
    if names:
        raise ImproperlyConfigured(SENTENCE.format(names=", ".join(names)))


def close_accounts() -> int:
    """Close the demo's accounts for good: no password, not active. Returns how many were open."""
    closed = 0
    for person in open_accounts():
        person.set_unusable_password()
        person.is_active = False
        person.save(update_fields=["password", "is_active"])
        closed += 1
    return closed
