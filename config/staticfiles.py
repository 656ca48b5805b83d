"""Where static files come from and how they are named."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal, overload

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.storage import HashedFilesMixin
from django.core.checks import CheckMessage
from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

# The only files of node_modules a browser may ask for.
ALLOWED = (
    "@noble/hashes/_md.js",
    "@noble/hashes/_u64.js",
    "@noble/hashes/sha2.js",
    "@noble/hashes/utils.js",
    "idb/build/index.js",
    "leaflet/dist/leaflet-src.esm.js",
    "leaflet/dist/leaflet.css",
    "leaflet/dist/leaflet.js",
    "leaflet/dist/images/*.png",
    "pmtiles/dist/index.js",
    "point-in-polygon-hao/dist/pointInPolygon.min.js",
    "protomaps-leaflet/dist/protomaps-leaflet.js",
)
SOURCE_MAP = re.compile(rb"\n?(//|/\*)# sourceMappingURL=[^\n]*")
# Whole lines of comment, which types and explanations are; what a licence asks to be kept is kept.
COMMENT = re.compile(
    rb"^[ \t]*(?://[^\n]*|/\*(?!!)(?:(?!\*/|@preserve|@license).)*\*/[ \t]*)\n", re.MULTILINE | re.DOTALL
)


class NodeModulesFinder(BaseFinder):
    """Finds an allow-list of browser libraries that npm installed."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        self.root = Path(settings.BASE_DIR) / "node_modules"
        self.storage = FileSystemStorage(location=str(self.root))

    def check(self, **kwargs: object) -> list[CheckMessage]:
        return []

    @overload
    def find(self, path: str, find_all: Literal[False] = False) -> str | None: ...

    @overload
    def find(self, path: str, find_all: Literal[True]) -> list[str]: ...

    def find(self, path: str, find_all: bool = False) -> list[str] | str | None:
        """Return the file's place on disk when the allow-list names it, else an empty list."""
        if path not in set(self._names()):
            return []
        found = str(self.root / path)
        return [found] if find_all else found

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        """Yield every allowed file with its storage, for collectstatic."""
        for name in self._names():
            yield name, self.storage

    def _names(self) -> Iterator[str]:
        for pattern in ALLOWED:
            for file in sorted(self.root.glob(pattern)):
                yield file.relative_to(self.root).as_posix()


def as_served(name: str, content: bytes) -> bytes:
    """The bytes of a static file that a browser gets."""
    if name.endswith(".js"):
        content = COMMENT.sub(b"", content)
    return SOURCE_MAP.sub(b"", content) if name.endswith((".js", ".css")) else content


def _statements_only() -> tuple[str, tuple[tuple[str, str], ...]]:
    """Django's import patterns at the beginning of a line: an example in a comment is no import."""
    # Django keeps them to itself.
    extension, patterns = vars(HashedFilesMixin)["_js_module_import_aggregation_patterns"]
    return extension, tuple(
        (pattern if r"import\(" in pattern else f"(?m)^{pattern}", template) for pattern, template in patterns
    )


class HashedStorage(CompressedManifestStaticFilesStorage):
    """Content-hashed names, also inside `import` statements; no comments, no names of absent source maps."""

    support_js_module_import_aggregation = True
    max_post_process_passes = 12  # as deep as modules may import one another
    _js_module_import_aggregation_patterns = _statements_only()
    # Django's own patterns less sourceMappingURL: those files are not served, and looking for them fails.
    patterns = (("*.css", HashedFilesMixin.patterns[0][1][:2]),)

    def _save(self, name: str, content: File[bytes]) -> str:
        if name.endswith((".js", ".css")):
            content = ContentFile(as_served(name, b"".join(content.chunks())))
        return super()._save(name, content)
