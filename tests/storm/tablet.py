"""A simulated tablet: keeps what it made until the server's receipt carries the right hash."""

from __future__ import annotations

import hashlib
import http.client
import io
import json
import random
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from PIL import Image

HEADERS = {"X-Mapa-Sync": "1", "Accept": "application/json"}
SETTLED = {"stored", "already", "held", "conflict"}
BATCHES = (20, 5, 1)
WHOLE, PART = 256 * 1024, 128 * 1024


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@dataclass
class Photo:
    id: str
    record: str
    data: bytes
    sha256: str


@dataclass
class Tablet:
    """`made` remembers everything by hash; `outbox` and `photos` hold what is not acknowledged yet."""

    name: str
    url: str
    token: str
    author: int
    device: str
    lng: float
    lat: float
    seed: int
    made: dict[str, str] = field(default_factory=dict)
    made_photos: dict[str, str] = field(default_factory=dict)
    outbox: dict[str, str] = field(default_factory=dict)
    photos: dict[str, Photo] = field(default_factory=dict)
    acknowledged: set[str] = field(default_factory=set)
    size: int = 0
    failures: int = 0
    # How often it got which answer; 0 is none.
    answers: Counter[int] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)

    def capture(self) -> None:
        """A problem with a photo or none, as the app writes it."""
        moment = int(time.time() * 1000) << 80
        pk = str(uuid.UUID(int=moment | (7 << 76) | (2 << 62) | self.dice.getrandbits(60)))
        photos = [self._photo(pk)] if self.dice.random() < 0.5 else []
        record = {
            "schema": 1,
            "id": pk,
            "kind": "issue",
            "author": self.author,
            "device": self.device,
            "title": f"Hoyo {len(self.made)} de {self.name}",
            "category": "PAV-01",
            "lat": self.lat + self.dice.uniform(-1e-4, 1e-4),
            "lng": self.lng + self.dice.uniform(-1e-4, 1e-4),
            "photos": [{"id": photo.id, "sha256": photo.sha256} for photo in photos],
        }
        body = json.dumps(record, sort_keys=True, separators=(",", ":"))
        self.made[pk] = sha256(body.encode())
        self.outbox[pk] = body

    def _photo(self, record: str) -> Photo:
        large = self.dice.random() < 0.15
        data = _jpeg(self.dice, (900, 700) if large else (60, 40))
        photo = Photo(str(uuid.UUID(int=self.dice.getrandbits(128))), record, data, sha256(data))
        self.made_photos[photo.id] = photo.sha256
        self.photos[photo.id] = photo
        return photo

    @property
    def waiting(self) -> int:
        return len(self.outbox) + len(self.photos)

    def round(self) -> bool:
        """One attempt to send something; False when it failed."""
        good = self._send_records() if self.outbox else self._send_photo() if self.photos else True
        self.failures = 0 if good else self.failures + 1
        self.size = max(0, self.size - 1) if good else min(self.size + 1, len(BATCHES) - 1)
        return good

    def pause(self) -> float:
        return min(0.2 * 2**self.failures, 3.0) * (0.5 + self.dice.random())

    def _send_records(self) -> bool:
        batch = list(self.outbox)[: BATCHES[self.size]]
        records = [{"id": pk, "sha256": self.made[pk], "body": self.outbox[pk]} for pk in batch]
        status, body = self._ask("POST", "/api/v1/sync/", json.dumps({"records": records}).encode())
        results = body.get("results") if status == 200 and isinstance(body, dict) else None
        if not isinstance(results, list) or len(results) != len(batch):
            return False
        for pk, result in zip(batch, results, strict=True):
            same = result.get("id") == pk and result.get("sha256") == self.made[pk]
            if same and result.get("result") in SETTLED:
                self.acknowledged.add(pk)
                del self.outbox[pk]
        return True

    def _send_photo(self) -> bool:
        photo = min(self.photos.values(), key=lambda one: len(one.data))
        path = f"/api/v1/sync/photos/{photo.id}?record={photo.record}&sha256={photo.sha256}"
        status, body = self._put(photo, path)
        whole = status in (200, 201) and isinstance(body, dict) and body.get("complete")
        if not whole or body.get("sha256") != photo.sha256:
            return False
        self.acknowledged.add(photo.id)
        del self.photos[photo.id]
        return True

    def _put(self, photo: Photo, path: str) -> tuple[int, object]:
        if len(photo.data) <= WHOLE:
            return self._ask("PUT", path, photo.data)
        parts = -(-len(photo.data) // PART)
        status, body = self._ask("GET", path)
        there = set(body.get("parts", [])) if isinstance(body, dict) else set()
        for part in [n for n in range(parts) if n not in there] or [0]:
            data = photo.data[part * PART : (part + 1) * PART]
            status, body = self._ask("PUT", f"{path}&part={part}&parts={parts}", data)
            if status not in (200, 201, 202):
                break
        return status, body

    def _ask(self, method: str, path: str, body: bytes | None = None) -> tuple[int, object]:
        target = urlsplit(self.url)
        link = http.client.HTTPConnection(target.hostname, target.port, timeout=10)
        status = 0
        kind = "application/json" if method == "POST" else "application/octet-stream"
        try:
            headers = HEADERS | {"Cookie": f"mapa_tableta={self.token}", "Content-Type": kind}
            link.request(method, path, body, headers)
            answer = link.getresponse()
            status = answer.status
            return status, json.loads(answer.read())
        except (OSError, ValueError, http.client.HTTPException):
            return 0, None
        finally:
            self.answers[status] += 1
            link.close()


def _jpeg(dice: random.Random, size: tuple[int, int]) -> bytes:
    out = io.BytesIO()
    noise = Image.frombytes("RGB", size, dice.randbytes(size[0] * size[1] * 3))
    noise.save(out, "JPEG", quality=80)
    return out.getvalue()
