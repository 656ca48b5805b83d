"""Free texts of a list: under its digest as salted commitments, beside it in the open while public."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from core.commitments import commit, new_salt

HIDDEN = "oculto"
# What of a move was written by somebody; a number of an audience is a public register's.
NAMED = ("organisation", "office")
# The salt of a problem's text: reference and text.
SaltOf = Callable[[str, str], str]
Row = dict[str, Any]


def any_salt(reference: str, text: str) -> str:
    """A new salt each time."""
    return new_salt()


def committed(document: Row, salt_of: SaltOf) -> Row:
    """The document with each free text replaced by its commitment, and the texts with their salts beside."""
    texts: dict[str, Row] = {}

    def close(row: Row) -> Row:
        return row | {name: _kept(texts, salt_of, row["reference"], row[name]) for name in names_of(row)}

    closed = {name: [close(row) for row in document[name]] for name in ("items", "overrides")}
    return document | closed | {"texts": [texts[each] for each in sorted(texts)]}


def opened(document: Row) -> Row:
    """The document as people read it: texts where they are, «oculto» where not; older ones as it is."""
    if "texts" not in document:
        return document
    texts = {each["commitment"]: each["text"] for each in document["texts"]}

    def show(row: Row) -> Row:
        return row | {name: texts.get(row[name], HIDDEN) for name in names_of(row)}

    shown = {name: [show(row) for row in document[name]] for name in ("items", "overrides")}
    return {name: document[name] for name in document if name != "texts"} | shown


def salts_of(document: Row) -> Mapping[str, str]:
    """The salts that stand beside a document, by commitment."""
    return {each["commitment"]: each["salt"] for each in document.get("texts", ())}


def by_reference(document: Row) -> Iterator[tuple[str, Row]]:
    """Each text that stands beside a document, with the reference of the problem that it is about."""
    texts = {each["commitment"]: each for each in document["texts"]}
    for row in (*document["items"], *document["overrides"]):
        found = (texts.pop(row[name], None) for name in names_of(row))
        yield from ((row["reference"], each) for each in found if each)


def names_of(row: Row) -> Iterable[str]:
    """The names of the free texts of an item or a move."""
    if "asked_by" not in row:
        return ("title",)
    return ("reason", "asker") if row["asked_by"] in NAMED and row["asker"] else ("reason",)


def _kept(texts: dict[str, Row], salt_of: SaltOf, reference: str, text: str) -> str:
    salt = salt_of(reference, text)
    commitment = commit(salt, text)
    texts[commitment] = {"commitment": commitment, "salt": salt, "text": text}
    return commitment
