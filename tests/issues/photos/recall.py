"""How many faces are found: three people, five sizes, five angles, before drawn streets.

python -m tests.issues.photos.recall
"""

from __future__ import annotations

import io
import math
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

PEOPLE = Path(__file__).parent / "people"
# The head in the photograph: left, top, right, bottom.
HEADS = {
    "astronaut": (177, 60, 270, 190),
    "hopper": (190, 95, 330, 300),
    "cameraman": (195, 105, 265, 195),
}
# Height of the head in pixels of the kept picture, and how far it is turned, in degrees.
SIZES, ANGLES = (16, 24, 40, 72, 140), (-40, -20, 0, 20, 40)
STREETS = ("pothole", "crossing", "plaza", "car", "stop")
WIDTH, HEIGHT = 800, 600


@dataclass(frozen=True)
class Try:
    """One picture with one face: who, how high, how far turned, and where its middle lies."""

    person: str
    size: int
    angle: int
    data: bytes
    middle: tuple[float, float]

    def is_found(self, faces: list[list[int]]) -> bool:
        """Whether a proposal holds the middle of the head, and is neither a speck nor half the picture."""
        x, y = self.middle
        return any(
            left <= x <= left + width and top <= y <= top + height and 0.4 < height / self.size < 3
            for left, top, width, height, _sure in faces
        )


def tries(sizes: tuple[int, ...] = SIZES) -> Iterator[Try]:
    """All of them: 3 × 5 × 5."""
    for person, head in HEADS.items():
        photograph = Image.open(PEOPLE / f"{person}.jpg").convert("RGB")
        for size in sizes:
            for place, angle in enumerate(ANGLES):
                yield _one(person, photograph, head, size, angle, STREETS[place])


def street(scene: str) -> Image.Image:
    """A drawn street without people."""
    from demo import scenes  # noqa: PLC0415 # the demo's own pictures

    data = scenes.photo(scene, mended=False, variant=0)
    return Image.open(io.BytesIO(data)).convert("RGB").resize((WIDTH, HEIGHT))


def _one(
    person: str, photograph: Image.Image, head: tuple[int, ...], size: int, angle: int, scene: str
) -> Try:
    left, top, right, bottom = head
    scale = size / (bottom - top)
    small = photograph.resize((round(photograph.width * scale), round(photograph.height * scale)))
    turned = small.convert("RGBA").rotate(angle, expand=True, resample=Image.Resampling.BICUBIC)
    picture = street(scene)
    corner = ((WIDTH - turned.width) // 2, (HEIGHT - turned.height) // 2)
    picture.paste(turned, corner, turned)
    away = ((left + right) / 2 * scale - small.width / 2, (top + bottom) / 2 * scale - small.height / 2)
    cos, sin = math.cos(math.radians(-angle)), math.sin(math.radians(-angle))
    middle = (WIDTH / 2 + away[0] * cos - away[1] * sin, HEIGHT / 2 + away[0] * sin + away[1] * cos)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=82)
    return Try(person, size, angle, out.getvalue(), middle)


def measured() -> dict[int, tuple[int, int]]:
    """For each size: how many were found, of how many."""
    from issues.photos.darkroom import face_room  # noqa: PLC0415 # after Django is set up

    found: dict[int, list[bool]] = {size: [] for size in SIZES}
    for one in tries():
        facts, _made = face_room.ask("faces", one.data)
        found[one.size].append(one.is_found(facts["faces"]))
    return {size: (sum(hits), len(hits)) for size, hits in found.items()}


def table(found: dict[int, tuple[int, int]]) -> str:
    """What was measured, as the decision page has it."""
    rows = [f"| {size} px | {hits} of {of} |" for size, (hits, of) in found.items()]
    hits, of = (sum(part) for part in zip(*found.values(), strict=True))
    return "\n".join(["| height of the head | found |", "| --- | --- |", *rows, f"| all | {hits} of {of} |"])


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    print(table(measured()))
