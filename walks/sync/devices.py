"""Enrolment of tablets: a random token in a cookie that may only append records."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from uuid6 import uuid7

from accounts.bearer import new_token, token_digest
from accounts.models import User
from walks.models import DEVICE_DAYS, Device, DeviceSession, DeviceSignIn

COOKIE = "mapa_tableta"
SLIDE_AFTER = dt.timedelta(days=1)
MAX_TOKEN = 200


class TabletRevoked(ValueError):
    """A revoked tablet, or its id, asks to be enrolled again; the text is one sentence."""


@dataclass(frozen=True)
class Enrolment:
    """A tablet and the token that its cookie holds."""

    device: Device
    token: str


def device_of(token: str | None) -> Device | None:
    """The tablet whose cookie this is, revoked or not; None for a missing, unknown or expired token."""
    if not token or len(token) > MAX_TOKEN:
        return None
    return Device.objects.alive(timezone.now()).filter(token_sha256=token_digest(token)).first()


@transaction.atomic
def enrol(user: User, claimed: uuid.UUID, token: str | None, label: str = "") -> Enrolment:
    """Sign a person in on a tablet; gives the tablet a token unless its cookie already holds a good one.

    A tablet that lost its cookie gets its own id back only for a person who was signed in on it
    before; anybody else gets a new id, and what others made on it waits for the office. Raises
    TabletRevoked: one that was revoked stays so until an administrator lifts it.
    """
    known = device_of(token)
    _refuse_revoked(known, claimed)
    if known:
        Device.objects.filter(pk=known.pk).update(last_seen_at=timezone.now())
        return Enrolment(_signed_in(known, user), token or "")
    fresh = new_token()
    device = _mine(user, claimed) or _new(claimed, label)
    device.token_sha256 = token_digest(fresh)
    device.expires_at = _expiry()
    device.last_seen_at = timezone.now()
    device.save()
    return Enrolment(_signed_in(device, user), fresh)


def seen(device: Device, person: User | None) -> bool:
    """Note that a tablet spoke; True when its cookie should be set again (it slides once a day).

    One that lay about too long stays idle until a person is signed in on it.
    """
    now = timezone.now()
    if device.is_revoked or (device.is_idle and person is None):
        return False
    if now - device.last_seen_at < SLIDE_AFTER:
        return False
    Device.objects.filter(pk=device.pk).update(last_seen_at=now, expires_at=_expiry())
    return True


@transaction.atomic
def revoke(device: Device, by: User) -> None:
    """Stop trusting a tablet and end every session opened on it; what it still sends is held."""
    Device.objects.filter(pk=device.pk, revoked_at__isnull=True).update(
        revoked_at=timezone.now(), revoked_by=by
    )
    opened = DeviceSession.objects.filter(device=device)
    keys = list(opened.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    UserSession.objects.filter(session_key__in=keys).delete()
    opened.delete()


def lift(device: Device, by: User) -> None:
    """Trust a tablet again that was found: everybody signs in on it anew. Raises PermissionDenied."""
    if not by.is_administrator:
        raise PermissionDenied
    Device.objects.filter(pk=device.pk, revoked_at__isnull=False).update(
        revoked_at=None, revoked_by=None, lifted_at=timezone.now(), lifted_by=by
    )


def note_session(device: Device, session_key: str | None) -> None:
    """Remember that a web session is open on a tablet, so that revoking it ends that too."""
    if not session_key or DeviceSession.objects.filter(session_key=session_key, device=device).exists():
        return
    DeviceSession.objects.update_or_create(session_key=session_key, defaults={"device": device})


def _refuse_revoked(known: Device | None, claimed: uuid.UUID) -> None:
    named = Device.objects.filter(pk=claimed, revoked_at__isnull=False).exists()
    if named or (known is not None and known.is_revoked):
        raise TabletRevoked(_("Esta tableta fue revocada: solo la administración la puede devolver."))


def _mine(user: User, claimed: uuid.UUID) -> Device | None:
    mine = Device.objects.filter(pk=claimed, people=user)
    return mine.select_for_update(of=("self",)).first()


def _new(claimed: uuid.UUID, label: str) -> Device:
    free = not Device.objects.filter(pk=claimed).exists()
    return Device(id=claimed if free else uuid7(), label=label[:80])


def _signed_in(device: Device, user: User) -> Device:
    DeviceSignIn.objects.get_or_create(device=device, user=user)
    return device


def _expiry() -> dt.datetime:
    return timezone.now() + dt.timedelta(days=DEVICE_DAYS)
