"""Reading what a tablet sent: sizes, hashes, JSON. Pure; touches no database."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import uuid
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from core.text import TextRefused, entered_deep
from core.typing import Json
from territories.geo import BadCoordinates

MAX_ITEMS = 20
MAX_BODY_BYTES = 64 * 1024
MAX_PHOTOS = 10


class Malformed(ValueError):
    """A request that our app never sends; the text is one sentence."""


class BadHash(ValueError):
    """The body is not the one its hash was made of: cut or changed on the way."""


@dataclass(frozen=True)
class Item:
    """One record as sent: `content` is `body` parsed; `photos` maps photo ids to SHA-256."""

    id: uuid.UUID
    sha256: str
    body: str
    content: dict
    kind: str
    walk_id: uuid.UUID | None
    subject_id: uuid.UUID | None
    author_id: int | None
    captured_at: dt.datetime | None
    photos: dict[uuid.UUID, str] = field(default_factory=dict)


def read_json(raw: bytes | str) -> Json:
    """Parse strict JSON (no NaN, no repeated keys, no endless nesting); raises Malformed."""
    try:
        return json.loads(raw, parse_constant=_no_constant, object_pairs_hook=_no_repeats)
    except (ValueError, RecursionError) as error:
        raise Malformed(_("No se pudo leer: el contenido no es JSON válido.")) from error


def read_content(body: str) -> dict:
    """The object that is the body of a record; raises Malformed."""
    content = read_json(body)
    if not isinstance(content, dict):
        raise Malformed(_("El contenido del registro no corresponde a su identificador."))
    return content


def read_batch(raw: bytes) -> list[object]:
    """The items of a request, still unread; raises Malformed unless it is {"records": [1 to 20 items]}."""
    envelope = read_json(raw)
    records = envelope.get("records") if isinstance(envelope, dict) else None
    if not isinstance(records, list):
        raise Malformed(_("Falta «records»: una lista de registros."))
    if not 1 <= len(records) <= MAX_ITEMS:
        raise Malformed(_("Se envían entre 1 y 20 registros por vez."))
    return records


def read_item(raw: object) -> Item:
    """Check one item's id, size, hash and body; raises Malformed or BadHash."""
    if not isinstance(raw, dict) or not isinstance(raw.get("body"), str):
        raise Malformed(_("Cada registro lleva «id», «sha256» y «body»."))
    record_id, sha256, body = read_uuid(raw.get("id")), raw.get("sha256"), raw["body"]
    if digest_of(body) != sha256:
        raise BadHash(_("El contenido no coincide con su huella: llegó cortado o cambiado."))
    content = read_content(body)
    if content.get("id") != str(record_id):
        raise Malformed(_("El contenido del registro no corresponde a su identificador."))
    return _item(record_id, sha256, body, _lettered(content))


def read_uuid(value: object) -> uuid.UUID:
    """A UUID in its usual writing, lower case with dashes; raises Malformed."""
    try:
        found = uuid.UUID(value) if isinstance(value, str) else None
    except ValueError:
        found = None
    if found is None or str(found) != value:
        raise Malformed(_("El identificador no es un UUID."))
    return found


def digest_of(body: str) -> str:
    """SHA-256 of a text in UTF-8, hexadecimal; raises Malformed when it is too long or no text."""
    try:
        data = body.encode()
    except UnicodeEncodeError as error:
        raise Malformed(_("El texto tiene un carácter que no se puede guardar.")) from error
    if len(data) > MAX_BODY_BYTES:
        raise Malformed(_("El registro pesa más de 64 KB."))
    return hashlib.sha256(data).hexdigest()


def read_time(value: object) -> dt.datetime | None:
    """A moment in ISO 8601 with its offset; None when it is none: a tablet's clock is never trusted."""
    try:
        moment = dt.datetime.fromisoformat(value) if isinstance(value, str) else None
        return moment.astimezone(dt.UTC) if moment and moment.tzinfo else None
    except (ValueError, OverflowError):
        return None


def explain(error: Malformed | BadCoordinates) -> str:
    """The sentence for the tablet's screen."""
    return str(error)


def _item(record_id: uuid.UUID, sha256: str, body: str, content: dict) -> Item:
    kind = content.get("kind")
    if not isinstance(kind, str) or not 1 <= len(kind) <= 20:
        raise Malformed(_("Falta el tipo del registro."))
    return Item(
        id=record_id,
        sha256=sha256,
        body=body,
        content=content,
        kind=kind,
        walk_id=_optional_uuid(content, "walk"),
        subject_id=_optional_uuid(content, "issue"),
        author_id=_author(content),
        captured_at=read_time(content.get("at")),
        photos=_photos(content.get("photos", [])),
    )


def _lettered(content: dict) -> dict:
    try:
        return {name: entered_deep(value) for name, value in content.items()}
    except TextRefused as refused:
        raise Malformed(str(refused)) from refused


def _optional_uuid(content: dict, key: str) -> uuid.UUID | None:
    return None if content.get(key) is None else read_uuid(content[key])


def _author(content: dict) -> int | None:
    author = content.get("author")
    return author if type(author) is int and 0 < author < 2**31 else None


def _photos(listed: object) -> dict[uuid.UUID, str]:
    if not isinstance(listed, list) or len(listed) > MAX_PHOTOS:
        raise Malformed(_("Un registro lleva hasta 10 fotos."))
    found = {}
    for photo in listed:
        if not isinstance(photo, dict) or not isinstance(photo.get("sha256"), str):
            raise Malformed(_("Cada foto lleva «id» y «sha256»."))
        found[read_uuid(photo.get("id"))] = photo["sha256"]
    return found


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _no_repeats(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("repeated key")
    return found
