"""XML and JSON as GeoReport v2 wants them.

JSON follows the Spark convention: a container of one repeated child is a bare array, also with one
element; nothing is null. XML has no namespace, and empty values are empty elements.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping, Sequence
from xml.etree import ElementTree as ET  # nosec B405 # it only writes

from django.http import HttpResponse

FORMATS = ("xml", "json")
CONTENT_TYPES = {"xml": "text/xml; charset=utf-8", "json": "application/json; charset=utf-8"}
# What XML 1.0 cannot hold.
NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# The name of the repeated child of each container.
CHILDREN = {
    "services": "service",
    "service_requests": "request",
    "attributes": "attribute",
    "values": "value",
    "endpoints": "endpoint",
    "formats": "format",
    "notes": "note",
    "errors": "error",
}


class Refused(Exception):
    """A request that cannot be answered: HTTP status, and sentences for the person."""

    def __init__(self, status: int, *sentences: str) -> None:
        super().__init__(" ".join(sentences))
        self.status, self.sentences = status, sentences


def answer(form: str, root: str, content: Sequence | Mapping, status: int = 200) -> HttpResponse:
    """A list or an object under its root name, in the asked format."""
    write = _xml if form == "xml" else _json
    return HttpResponse(write(root, content), CONTENT_TYPES[form], status)


def refusal(form: str, refused: Refused) -> HttpResponse:
    """The errors of a refused request, in the asked format."""
    errors = [{"code": str(refused.status), "description": each} for each in refused.sentences]
    return answer(form, "errors", errors, refused.status)


def moment(at: dt.datetime | None) -> str | None:
    """ISO 8601 with seconds and zone."""
    return at.isoformat(timespec="seconds") if at else None


def _json(_root: str, content: Sequence | Mapping) -> str:
    return json.dumps(content, ensure_ascii=False)


def _xml(root: str, content: Sequence | Mapping) -> bytes:
    element = _element(root, content)
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(element, encoding="utf-8")


def _element(name: str, value: object) -> ET.Element:
    element = ET.Element(name)
    if isinstance(value, Mapping):
        element.extend(_element(key, each) for key, each in value.items())
    elif isinstance(value, list | tuple):
        element.extend(_element(CHILDREN[name], each) for each in value)
    elif value is not None:
        element.text = _text(value)
    return element


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else NOT_XML.sub("\ufffd", str(value))
