"""Enrolment of tablets: a random token in a cookie that may only append records."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from uuid6 import uuid7

from accounts.bearer import new_token, token_digest
from accounts.models import User
from walks.models import DEVICE_DAYS, Device, DeviceSignIn

COOKIE = "mapa_tableta"
SLIDE_AFTER = dt.timedelta(days=1)
MAX_TOKEN = 200


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
    before; anybody else gets a new id, and what others made on it waits for the office.
    """
    known = device_of(token)
    if known and not known.is_revoked:
        return Enrolment(_signed_in(known, user), token or "")
    fresh = new_token()
    device = _mine(user, claimed) or _new(claimed, label)
    device.token_sha256 = token_digest(fresh)
    device.expires_at = _expiry()
    device.save()
    return Enrolment(_signed_in(device, user), fresh)


def seen(device: Device) -> bool:
    """Note that a tablet spoke; True when its cookie should be set again (it slides once a day)."""
    now = timezone.now()
    if now - device.last_seen_at < SLIDE_AFTER:
        return False
    Device.objects.filter(pk=device.pk).update(last_seen_at=now, expires_at=_expiry())
    return True


def revoke(device: Device, by: User) -> None:
    """Stop trusting a tablet; what it still sends is held for a person."""
    Device.objects.filter(pk=device.pk, revoked_at__isnull=True).update(
        revoked_at=timezone.now(), revoked_by=by
    )


def _mine(user: User, claimed: uuid.UUID) -> Device | None:
    mine = Device.objects.filter(pk=claimed, people=user, revoked_at__isnull=True)
    return mine.select_for_update(of=("self",)).first()


def _new(claimed: uuid.UUID, label: str) -> Device:
    free = not Device.objects.filter(pk=claimed).exists()
    return Device(id=claimed if free else uuid7(), label=label[:80])


def _signed_in(device: Device, user: User) -> Device:
    DeviceSignIn.objects.get_or_create(device=device, user=user)
    return device


def _expiry() -> dt.datetime:
    return timezone.now() + dt.timedelta(days=DEVICE_DAYS)
