"""An outbox brought as a file: it is received like any batch, so nothing is stored twice."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.models import User
from walks.sync.arrivals import MAX_PHOTO_BYTES, Arrival, receive_photo
from walks.sync.envelope import MAX_ITEMS, BadHash, Malformed, read_uuid
from walks.sync.inbox import Result, receive
from walks.sync.projection import SignIn

FORMAT = "mapa-barrial-outbox"
MAX_FILE_BYTES = 300 * 1024 * 1024


@dataclass(frozen=True)
class Imported:
    """The results of an imported file."""

    results: list[Result]
    photos_new: int
    photos_known: int
    photos_bad: int

    def count(self, *kinds: str) -> int:
        """Records that ended in one of these results."""
        return sum(result.result in kinds for result in self.results)


def import_outbox(raw: bytes, *, by: User) -> Imported:
    """Take in an exported outbox. Raises Malformed for a file that is none; items are judged one by one.

    Whoever imports is the sender; authors stay those of the records, and wait for the office when
    they are not known on the tablet they name.
    """
    outbox = _read(raw)
    signed_in = SignIn(None, by, is_import=True)
    results = []
    for start in range(0, len(outbox["records"]), MAX_ITEMS):
        results += receive(outbox["records"][start : start + MAX_ITEMS], signed_in)
    photos = [_photo(photo, signed_in) for photo in outbox["photos"]]
    return Imported(results, photos.count("new"), photos.count("known"), photos.count("bad"))


def _read(raw: bytes) -> dict:
    try:
        outbox = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise Malformed(_("El archivo no es una bandeja exportada desde una tableta.")) from error
    if not isinstance(outbox, dict) or outbox.get("format") != FORMAT:
        raise Malformed(_("El archivo no es una bandeja exportada desde una tableta."))
    if not isinstance(outbox.get("records"), list) or not isinstance(outbox.get("photos"), list):
        raise Malformed(_("Al archivo le faltan los registros o las fotos."))
    return outbox


def _photo(photo: object, signed_in: SignIn) -> str:
    if not isinstance(photo, dict):
        return "bad"
    try:
        data = base64.b64decode(photo["data"], validate=True)
        arrival = Arrival(read_uuid(photo["id"]), str(photo["sha256"]), read_uuid(photo["record"]))
        if len(data) > MAX_PHOTO_BYTES or len(arrival.sha256) != 64:
            return "bad"
        return "new" if receive_photo(arrival, data, signed_in) else "known"
    except (KeyError, TypeError, binascii.Error, ValueError, Malformed, BadHash):
        return "bad"
