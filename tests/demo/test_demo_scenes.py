"""Drawn photos: every scene before and after, small, always the same bytes."""

import io

import pytest
from PIL import Image

from demo import scenes


@pytest.mark.parametrize("mended", [False, True])
@pytest.mark.parametrize("scene", sorted(scenes.SCENES))
def test_each_scene_is_a_small_jpeg_without_metadata(scene, mended):
    data = scenes.photo(scene, mended=mended, variant=1)
    image = Image.open(io.BytesIO(data))
    assert (image.format, image.size) == ("JPEG", (1200, 900))
    assert len(data) <= scenes.MAX_BYTES
    assert not image.getexif()


def test_the_same_scene_gives_the_same_bytes_and_before_differs_from_after():
    before = scenes.photo("pothole", mended=False, variant=2)
    scenes.photo.cache_clear()
    assert scenes.photo("pothole", mended=False, variant=2) == before
    assert scenes.photo("pothole", mended=True, variant=2) != before
