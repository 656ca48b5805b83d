"""Words that open something to whoever holds them (a link, a key, a tablet): only their digest is kept."""

from __future__ import annotations

import hashlib
import secrets


def new_token() -> str:
    """A random word for an address, a cookie or a key: 256 bits."""
    return secrets.token_urlsafe(32)


def token_digest(token: str) -> str:
    """What is kept of a token: its SHA-256, 64 hexadecimal digits."""
    return hashlib.sha256(token.encode()).hexdigest()
