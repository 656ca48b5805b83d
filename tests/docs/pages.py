"""The pages of the project, and what they name: settings, commands, targets, files, other pages."""

import re
import subprocess
from collections.abc import Iterator
from typing import NamedTuple

from scripts.house import ROOT

FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#{1,6} +(.+)$", re.MULTILINE)
# What happened once names what was there then.
HISTORY = {"CHANGELOG.md"}
UPGRADING = "docs/upgrading.md"


class Page(NamedTuple):
    """One Markdown file: its path from the root, and its text."""

    path: str
    text: str

    @property
    def code(self) -> str:
        """Code spans and code blocks, one after another, a line each."""
        blocks = [block.strip("`") for block in FENCE.findall(self.text)]
        return "\n".join([*blocks, *self.spans])

    @property
    def spans(self) -> list[str]:
        return SPAN.findall(FENCE.sub("", self.text))

    @property
    def links(self) -> list[str]:
        """Targets of links within the project."""
        found = LINK.findall(FENCE.sub("", self.text))
        return [target for target in found if "://" not in target and not target.startswith("mailto:")]

    @property
    def anchors(self) -> set[str]:
        """Its headings as an address names them, repeated ones numbered as forges do."""
        seen: list[str] = [slug(heading) for heading in HEADING.findall(FENCE.sub("", self.text))]
        return {f"{one}-{seen[:at].count(one)}" if one in seen[:at] else one for at, one in enumerate(seen)}


def slug(heading: str) -> str:
    """A heading as forges turn it into an anchor: small letters, no punctuation, spaces to hyphens."""
    words = re.sub(r"[`*]|\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
    return re.sub(r"[^\w\- ]", "", words).replace(" ", "-")


def tracked(*patterns: str) -> list[str]:
    """Files of the project, with those not yet added, by patterns of git."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns]
    listed = subprocess.check_output(command, cwd=ROOT, text=True).splitlines()
    return sorted(path for path in listed if (ROOT / path).is_file())


def pages() -> list[Page]:
    return [Page(path, (ROOT / path).read_text()) for path in tracked("*.md")]


def present() -> list[Page]:
    """The pages that tell how things are now."""
    return [page for page in pages() if page.path not in HISTORY | {UPGRADING}]


def paths_of(page: Page) -> Iterator[str]:
    """What its code spans name of the project's own files and folders, braces opened."""
    tops = {path.split("/")[0] for path in tracked()}
    for span in page.spans:
        word = re.split(r"[: ]", span)[0].rstrip("/")
        if "/" in word and word.split("/")[0] in tops and not set(word) & set("<>…"):
            yield from _opened(word)


def _opened(path: str) -> list[str]:
    before, brace, rest = path.partition("{")
    if not brace:
        return [path]
    inside, _, after = rest.partition("}")
    return [f"{before}{word.strip()}{after}" for word in inside.split(",")]


def exists(path: str) -> bool:
    """Whether it is there; a migration may be named by its number alone."""
    pattern = f"{path}_*" if re.search(r"/migrations/\d+$", path) else path
    return any(ROOT.glob(pattern))
