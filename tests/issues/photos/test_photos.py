"""A picture is looked at, re-encoded and stripped; what is not a picture is refused."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image, ImageFile

from issues.models import HistoryEntry, Issue, Photo, PhotoReview
from issues.photos.darkroom import PhotoRefused
from issues.photos.intake import MAX_BYTES, add_photo, blur, develop, review


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def picture(size=(800, 600), mode="RGB", kind="JPEG", colour=None, **more) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, colour).save(out, kind, **more)
    return out.getvalue()


def with_exif() -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned a quarter
    exif[0x010F] = "SECRETO"
    exif.get_ifd(0x8825)[2] = (33.0, 30.0, 0.0)
    return picture((800, 600), exif=exif)


def lying_png(width: int, height: int) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))


def text_bomb() -> bytes:
    text = b"zTXtComment\x00\x00" + zlib.compress(b"x" * 200_000_000)
    chunk = struct.pack(">I", len(text) - 4) + text + struct.pack(">I", zlib.crc32(text))
    plain = picture(kind="PNG")
    return plain[:33] + chunk + plain[33:]


REFUSED = {
    "empty": b"",
    "text": b"hola",
    "html": b"<html><script>alert(1)</script></html>",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "php": b"<?php system('id'); ?>",
    "fits": b"SIMPLE  =                    T" + b" " * 2850,
    "gif": picture(kind="GIF"),
    "tiff": picture(kind="TIFF"),
    "truncated": picture((1200, 900))[:900],
    "50,000 x 50,000": lying_png(50_000, 50_000),
    "108 MP": lying_png(12_000, 9_000),
    "zTXt bomb": text_bomb(),
    "too heavy": b"\xff\xd8\xff" + b"\x00" * MAX_BYTES,
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_a_usable_picture_is_refused_with_a_sentence(issue, name):
    with pytest.raises(PhotoRefused) as refusal:
        add_photo(issue, REFUSED[name], actor=None, office="Prueba")
    assert str(refusal.value).endswith(".")
    assert (Photo.objects.count(), HistoryEntry.objects.filter(kind="photo").count()) == (0, 0)


@pytest.mark.parametrize("name", ["truncated", "zTXt bomb"])
def test_a_library_that_makes_pillow_lenient_changes_nothing(issue, monkeypatch, name):
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    with pytest.raises(PhotoRefused):
        add_photo(issue, REFUSED[name], actor=None, office="Prueba")


@pytest.mark.parametrize(
    "data",
    [picture(mode="CMYK"), picture(kind="PNG", mode="RGBA"), picture(kind="PNG", mode="P"),
     picture(kind="WEBP"), picture(mode="L"), picture(kind="PNG", mode="I;16"), picture((1, 1))],
    ids=["cmyk", "rgba", "palette", "webp", "grey", "16 bit", "one pixel"],
)  # fmt: skip
def test_odd_pictures_become_plain_jpegs(data):
    result = Image.open(io.BytesIO(develop(data).jpeg))
    assert (result.format, result.mode) == ("JPEG", "RGB")


def test_nothing_but_pixels_is_kept(issue):
    script = b"<script>alert(1)</script>"
    photo = add_photo(issue, with_exif() + script, actor=None, office="Prueba")
    kept = Path(photo.file.path).read_bytes()
    assert not any(secret in kept for secret in (b"SECRETO", b"Exif", b"<script>"))
    assert not Image.open(io.BytesIO(kept)).getexif()


def test_a_turned_picture_stands_upright_and_is_at_most_1600_pixels_a_side(issue):
    photo = add_photo(issue, with_exif(), actor=None, office="Prueba")
    assert (photo.width, photo.height) == (600, 800)
    wide = add_photo(issue, picture((4000, 1000)), actor=None, office="Prueba")
    assert (wide.width, wide.height) == (1600, 400)


def test_the_same_bytes_again_are_the_same_photo(issue):
    first = add_photo(issue, picture(), actor=None, office="Prueba")
    assert add_photo(issue, picture(), actor=None, office="Prueba") == first


def test_a_photo_is_public_only_after_review(client, issue, administrator):
    photo = add_photo(issue, picture(), actor=None, office="Prueba")
    paths = [f"/fotos/{photo.pk}.jpg", f"/fotos/{photo.pk}-mini.jpg", f"/fotos/{photo.pk}-original.jpg"]
    assert [client.get(path).status_code for path in paths] == [404, 404, 404]
    review(photo, PhotoReview.APPROVED, actor=administrator, office="Administración")
    answers = [client.get(path) for path in paths]
    assert [answer.status_code for answer in answers] == [200, 200, 404]
    assert answers[0]["Content-Type"] == "image/jpeg"
    assert answers[0]["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("visibility", ["draft", "review", "staff", "hidden"])
def test_an_approved_photo_of_a_problem_that_is_not_public_is_404(client, issue, administrator, visibility):
    photo = add_photo(issue, picture(), actor=None, office="Prueba")
    review(photo, PhotoReview.APPROVED, actor=administrator, office="Administración")
    Issue.objects.filter(pk=issue.pk).update(visibility=visibility, hidden_reason="motivo")
    assert client.get(f"/fotos/{photo.pk}.jpg").status_code == 404


def test_a_blurred_part_is_gone_for_people_and_restorable_for_the_office(client, issue, administrator):
    half = Image.new("RGB", (800, 600), "white")
    half.paste("black", (100, 100, 300, 300))
    out = io.BytesIO()
    half.save(out, "JPEG")
    photo = add_photo(issue, out.getvalue(), actor=None, office="Prueba")
    review(photo, PhotoReview.APPROVED, actor=administrator, office="Administración")
    before = b"".join(client.get(f"/fotos/{photo.pk}.jpg"))
    blur(photo, [[50, 50, 300, 300]], actor=administrator, office="Administración")
    assert b"".join(client.get(f"/fotos/{photo.pk}.jpg")) != before
    client.force_login(administrator)
    assert b"".join(client.get(f"/fotos/{photo.pk}-original.jpg")) == before
    blur(photo, [], actor=administrator, office="Administración")
    assert b"".join(client.get(f"/fotos/{photo.pk}.jpg")) == before


@pytest.mark.parametrize(
    "wrong", [[1, 2, 3], [-1, 0, 5, 5], [0, 0, 0, 5], [9999, 0, 5, 5], ["0", 0, 5, 5], 7]
)
def test_a_blur_outside_the_picture_is_refused(issue, administrator, wrong):
    photo = add_photo(issue, picture(), actor=None, office="Prueba")
    with pytest.raises(PhotoRefused):
        blur(photo, [wrong], actor=administrator, office="Administración")
