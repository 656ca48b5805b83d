"""Secrets of second steps, encrypted at rest with keys that come from SECRET_KEY."""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

PURPOSE = b"mapa-barrial second step v1"


def seal(text: str) -> str:
    """Encrypt with the newest key."""
    return _keys().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """Decrypt with any key that still counts. Raises cryptography.fernet.InvalidToken."""
    return _keys().decrypt(sealed.encode()).decode()


def reseal(sealed: str) -> str:
    """Encrypt anew with the newest key. Raises cryptography.fernet.InvalidToken."""
    return _keys().rotate(sealed.encode()).decode()


def _keys() -> MultiFernet:
    return MultiFernet([_fernet(key) for key in [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]])


def _fernet(secret: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
