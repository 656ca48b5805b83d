"""What is done with the bytes of a picture: looked at, made small, stripped, covered. Imports no Django.

Runs in the child process (`issues/photos/child.py`) and nowhere else.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from PIL import Image, ImageFile, ImageFilter, ImageOps, UnidentifiedImageError

MAX_SIDE = 1600
THUMB_SIDE = 400
QUALITY = 82
# A JPEG is decoded small at once; of the others every pixel has to lie in memory.
MAX_PIXELS = {"JPEG": 64_000_000, "PNG": 24_000_000, "WEBP": 24_000_000}
BROKEN = (OSError, ValueError, SyntaxError, EOFError)
Answer = tuple[dict[str, Any], list[bytes]]


class Unusable(Exception):
    """Bytes that become no picture; `code` says why (the words are in `darkroom.REASONS`)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def develop(data: bytes) -> Answer:
    """A clean JPEG, upright, at most 1600 px a side, its small version, and its size in pixels."""
    picture = _fitted(_opened(data))
    return {"size": list(picture.size)}, [_jpeg(picture), _thumb(picture)]


def cover(data: bytes, rectangles: Sequence[Sequence[int]]) -> Answer:
    """A kept picture with rectangles made unreadable, and its small version."""
    picture = Image.open(io.BytesIO(data), formats=("JPEG",)).convert("RGB")
    for rectangle in rectangles:
        _cover_one(picture, rectangle)
    return {}, [_jpeg(picture), _thumb(picture)]


def _opened(data: bytes) -> Image.Image:
    # We say ourselves what is too much, by kind.
    Image.MAX_IMAGE_PIXELS = None
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        picture = Image.open(io.BytesIO(data), formats=tuple(MAX_PIXELS))
    except (UnidentifiedImageError, *BROKEN) as error:
        raise Unusable("no_picture") from error
    if picture.width * picture.height > MAX_PIXELS[_kind_of(picture)]:
        raise Unusable("many_pixels")
    return picture


def _kind_of(picture: Image.Image) -> str:
    # Some phones write several JPEGs into one file, which has a name of its own (MPO).
    return picture.format if picture.format in MAX_PIXELS else "JPEG"


def _fitted(picture: Image.Image) -> Image.Image:
    try:
        picture.draft("RGB", (MAX_SIDE, MAX_SIDE))
        picture.seek(0)
        # Small before upright: turning a large one would need its room a second time.
        exif = picture.getexif()
        small = _shrunk(picture)
        small.getexif().update(exif)
        return _flat(ImageOps.exif_transpose(small))
    except BROKEN as error:
        raise Unusable("broken") from error


def _shrunk(picture: Image.Image) -> Image.Image:
    picture.load()
    if picture.mode in ("P", "1", "I;16", "I", "F"):
        return _shrunk_plain(picture.convert("RGBA" if "transparency" in picture.info else "RGB"))
    return _shrunk_plain(picture)


def _shrunk_plain(picture: Image.Image) -> Image.Image:
    picture.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS, reducing_gap=3.0)
    return picture


def _flat(picture: Image.Image) -> Image.Image:
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        layer = picture.convert("RGBA")
        paper = Image.new("RGBA", layer.size, "white")
        return Image.alpha_composite(paper, layer).convert("RGB")
    return picture.convert("RGB")


def _jpeg(picture: Image.Image) -> bytes:
    clean = Image.new("RGB", picture.size)
    clean.paste(picture)
    out = io.BytesIO()
    clean.save(out, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return out.getvalue()


def _thumb(picture: Image.Image) -> bytes:
    small = picture.copy()
    small.thumbnail((THUMB_SIDE, THUMB_SIDE), Image.Resampling.LANCZOS)
    return _jpeg(small)


def _cover_one(picture: Image.Image, rectangle: Sequence[int]) -> None:
    x, y, width, height = rectangle
    box = (x, y, min(x + width, picture.width), min(y + height, picture.height))
    part = picture.crop(box)
    # Down to 6 cells a side first: a blur alone can be sharpened back, missing pixels cannot.
    coarse = part.resize((6, 6), Image.Resampling.BOX).resize(part.size, Image.Resampling.BILINEAR)
    picture.paste(coarse.filter(ImageFilter.GaussianBlur(8)), box)
