"""Tablets for tests: records as a tablet makes them."""

from __future__ import annotations

import hashlib
import io
import json
import uuid

import pytest
from django.test import Client
from PIL import Image
from uuid6 import uuid7

from tests.conftest import INSIDE, NORTE
from walks.sync.devices import enrol

HEADERS = {"X-Mapa-Sync": "1"}


@pytest.fixture(autouse=True)
def own_media(settings, tmp_path):
    """Each test keeps its photos in a folder of its own."""
    settings.MEDIA_ROOT = str(tmp_path / "media")


def canonical(content: dict) -> str:
    """JSON with sorted keys and no spaces, as static/js/data/base/canonical.js writes it."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def sha256(data: bytes | str) -> str:
    return hashlib.sha256(data.encode() if isinstance(data, str) else data).hexdigest()


def as_item(content: dict) -> dict:
    """A record as it travels."""
    body = canonical(content)
    return {"id": content["id"], "sha256": sha256(body), "body": body}


def jpeg(colour: str = "olive", size: tuple[int, int] = (64, 48)) -> bytes:
    """A small photo."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG")
    return out.getvalue()


class Tablet:
    """An enrolled tablet with its cookie; `say` sends records and gives the results."""

    def __init__(self, author) -> None:
        self.author = author
        self.client = Client()
        self.enrolment = enrol(author, uuid7(), None)
        self.client.cookies["mapa_tableta"] = self.enrolment.token

    @property
    def device(self):
        return self.enrolment.device

    def record(self, kind: str = "issue", **more) -> dict:
        lng, lat = INSIDE[NORTE]
        common = {
            "schema": 1,
            "id": str(uuid7()),
            "kind": kind,
            "author": self.author.pk,
            "device": str(self.device.pk),
            "walk": None,
            "at": "2026-11-22T15:00:00.000Z",
        }
        issue = {"title": "Hoyo grande", "category": "PAV-01", "lat": lat, "lng": lng, "photos": []}
        return common | (issue if kind == "issue" else {}) | more

    def post(self, payload: object, path: str = "/api/v1/sync/", **headers):
        data = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        sent = HEADERS | headers
        return self.client.post(path, data, content_type="application/json", headers=sent)

    def say(self, *records: dict) -> list[dict]:
        answer = self.post({"records": [as_item(record) for record in records]})
        assert answer.status_code == 200, answer.content
        return answer.json()["results"]

    def put_photo(self, record_id: str, data: bytes, photo_id: str | None = None, **more):
        photo_id = photo_id or str(uuid.uuid4())
        query = "&".join(
            f"{k}={v}" for k, v in ({"record": record_id, "sha256": sha256(data)} | more).items()
        )
        return self.client.put(
            f"/api/v1/sync/photos/{photo_id}?{query}",
            more.pop("raw", data),
            content_type="application/octet-stream",
            headers=HEADERS,
        )


@pytest.fixture
def tablet(town, pothole, facilitator) -> Tablet:
    """The tablet of the facilitator of Norte."""
    return Tablet(facilitator)
