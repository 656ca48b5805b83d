"""What stands in public for a text that does not: its commitment, which only salt and text together open.

The database knows the same formula as `commitment(salt, text)`; the first migration that needs it makes it.
"""

from __future__ import annotations

import hashlib
import re
import secrets

SALT_BYTES = 16
# Always as long: with salts of any length another salt and another text would open the same commitment.
SALT = re.compile(r"[0-9a-f]{32}")


def new_salt() -> str:
    """16 random bytes in hexadecimal."""
    return secrets.token_hex(SALT_BYTES)


def commit(salt: str, text: str) -> str:
    """SHA-256, in hexadecimal, over salt and text in UTF-8; ValueError for what is no salt."""
    if not SALT.fullmatch(salt):
        raise ValueError("a salt is 32 digits in lower hexadecimal")
    return hashlib.sha256(f"{salt}{text}".encode()).hexdigest()


def check(commitment: str, salt: str, text: str) -> bool:
    """Whether salt and text are those that were committed to; an erased salt opens nothing."""
    return bool(SALT.fullmatch(salt)) and commitment == commit(salt, text)
