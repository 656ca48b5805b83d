"""The base map's archive, read by ranges of bytes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from territories.basemap.byte_ranges import OutOfReach, asked_range
from territories.basemap.source import own_archive
from territories.media_types import MEDIA_TYPES

BLOCK = 64 * 1024
TYPE = MEDIA_TYPES["pmtiles"]


@require_safe
def file(request: HttpRequest, name: str) -> HttpResponseBase:
    """The archive or one range of it; an address belongs to one content for ever. 404 for another."""
    archive = own_archive()
    if archive is None or archive.name != name:
        raise Http404
    etag = f'"{archive.sha256}"'
    try:
        part = asked_range(_range_of(request, etag), archive.size)
    except OutOfReach:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{archive.size}"})
    response = _answer(archive.path, part, archive.size)
    response["ETag"] = etag
    if request.method == "HEAD":
        # Not every server leaves out the body by itself.
        response.streaming_content = ()
    return response


def _range_of(request: HttpRequest, etag: str) -> str:
    """The range asked for; none when the asker holds a part of another file."""
    if request.headers.get("If-Range", etag) != etag:
        return ""
    return request.headers.get("Range", "")


def _answer(path: Path, part: tuple[int, int] | None, size: int) -> StreamingHttpResponse:
    start, length = part or (0, size)
    response = StreamingHttpResponse(_blocks(path, start, length), TYPE, status=206 if part else 200)
    response["Content-Length"] = str(length)
    response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    if part:
        response["Content-Range"] = f"bytes {start}-{start + length - 1}/{size}"
    return response


def _blocks(path: Path, start: int, length: int) -> Iterator[bytes]:
    with path.open("rb") as opened:
        opened.seek(start)
        while length > 0 and (block := opened.read(min(BLOCK, length))):
            length -= len(block)
            yield block
