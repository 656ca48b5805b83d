"""The one way to write a list as bytes, so that everyone computes the same SHA-256.

JSON in UTF-8 with sorted keys, no spaces and no fractions: texts, whole numbers below 2**53,
true, false, null, lists and objects. A browser's JSON.stringify writes the same bytes.
"""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

LARGEST = 2**53 - 1
SEAL = "digest"
# Not under the digest: itself, and the texts, which stand in it as their commitments.
BESIDE = (SEAL, "texts")


def canonical_text(document: Any) -> str:
    """`document` as canonical JSON.

    Raises ValueError for fractions, larger numbers, other types and unpaired surrogates.
    """
    _check(document)
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    text.encode()
    return text


def digest_of(document: Mapping[str, Any]) -> str:
    """The SHA-256 of `document` without what stands beside, in 64 lower-case hexadecimal digits."""
    content = {key: value for key, value in document.items() if key not in BESIDE}
    return sha256(canonical_text(content).encode()).hexdigest()


def sealed(document: Mapping[str, Any]) -> dict[str, Any]:
    """`document` with its digest in it."""
    return {**document, SEAL: digest_of(document)}


def _check(value: Any) -> None:
    if isinstance(value, dict):
        _check_keys(value)
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            _check(each)
    elif type(value) not in (str, int, bool, type(None)):
        raise ValueError(f"{type(value).__name__} has no canonical form")
    elif type(value) is int and abs(value) > LARGEST:
        raise ValueError(f"{value} is not below 2**53")


def _check_keys(value: dict[Any, Any]) -> None:
    # ASCII names sort alike in every language; others would not.
    for key in value:
        if not (isinstance(key, str) and key.isascii()):
            raise ValueError(f"a name must be ASCII text, not {key!r}")
