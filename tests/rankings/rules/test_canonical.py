"""The bytes of a list, and their digest."""

import json
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rankings.rules.canonical import canonical_text, digest_of, sealed

WHOLE = st.integers(1 - 2**53, 2**53 - 1)
TEXT = st.text(st.characters(codec="utf-8"), max_size=8)
NAMES = st.text('abcdefgh_"\\', max_size=4)
VALUES = st.none() | st.booleans() | WHOLE | TEXT
DOCUMENTS = st.dictionaries(
    NAMES, VALUES | st.lists(VALUES, max_size=4) | st.dictionaries(NAMES, VALUES, max_size=4), max_size=6
)


def test_names_are_sorted_and_nothing_is_escaped_that_need_not_be():
    assert canonical_text({"b": "Ñuñoa «»", "a": [1, None, True]}) == ('{"a":[1,null,true],"b":"Ñuñoa «»"}')


@pytest.mark.parametrize(
    "value", [1.5, float("nan"), float("inf"), 2**53, -(2**53), {"ñ": 1}, {1: 1}, (1,), b"", "\ud800", {1, 2}]
)
def test_what_has_no_single_form_is_refused(value):
    with pytest.raises(ValueError):
        canonical_text({"a": value})


def test_the_digest_is_that_of_the_text_without_the_seal():
    document = {"number": 1, "title": "Poste"}
    digest = sha256(b'{"number":1,"title":"Poste"}').hexdigest()
    assert digest_of(document) == digest
    assert sealed(document) == {**document, "digest": digest}
    assert digest_of(sealed(document)) == digest


@given(DOCUMENTS)
def test_reading_and_writing_again_gives_the_same_bytes(document):
    text = canonical_text(document)
    assert canonical_text(json.loads(text)) == text


@given(DOCUMENTS, st.data())
def test_any_changed_byte_changes_the_digest_or_breaks_the_file(document, data):
    raw = canonical_text(sealed(document)).encode()
    at = data.draw(st.integers(0, len(raw) - 1))
    other = raw[:at] + bytes([data.draw(st.integers(0, 255).filter(lambda each: each != raw[at]))])
    try:
        read = json.loads(other + raw[at + 1 :])
        holds = read["digest"] == digest_of(read) and canonical_text(read).encode() == other + raw[at + 1 :]
    except (ValueError, KeyError, AttributeError, TypeError):
        holds = False
    assert not holds
