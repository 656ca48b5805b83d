"""What is encrypted at rest, with keys that come from SECRET_KEY."""

from __future__ import annotations

import base64
from functools import cache

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

# Each purpose has keys of its own: what is sealed for one opens for no other.
PURPOSE = b"mapa-barrial second step v1"
CONTACT = b"mapa-barrial contact data v1"
ANSWERS = b"mapa-barrial answers to strangers v1"
HELD = b"mapa-barrial forms held for a sign-in v1"


def seal(text: str, purpose: bytes = PURPOSE) -> str:
    """Encrypt with the newest key."""
    return _keys(purpose).encrypt(text.encode()).decode()


def unseal(sealed: str, purpose: bytes = PURPOSE) -> str:
    """Decrypt with any key that still counts. Raises cryptography.fernet.InvalidToken."""
    return _keys(purpose).decrypt(sealed.encode()).decode()


def reseal(sealed: str, purpose: bytes = PURPOSE) -> str:
    """Encrypt anew with the newest key. Raises cryptography.fernet.InvalidToken."""
    return _keys(purpose).rotate(sealed.encode()).decode()


def _keys(purpose: bytes) -> MultiFernet:
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([_fernet(key, purpose) for key in secrets])


@cache
def _fernet(secret: str, purpose: bytes) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
