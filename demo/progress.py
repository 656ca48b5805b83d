"""A progress bar of our own: a line that moves on a terminal, a line for each step elsewhere."""

from __future__ import annotations

import time
from typing import TextIO

from django.core.management.base import OutputWrapper

WIDTH = 28


class Progress:
    """Writes the progress of a long task to a stream."""

    def __init__(self, stream: TextIO | OutputWrapper, *, quiet: bool = False) -> None:
        self.stream = stream
        self.quiet = quiet
        self.moves = bool(getattr(stream, "isatty", lambda: False)())
        self.started = time.monotonic()

    def step(self, what: str) -> None:
        """A new part of the work begins."""
        self._write(f"{what} …", end="\n")

    def part(self, done: int, total: int) -> None:
        """So many of so many are done; drawn only where the line can move, and at the end."""
        share = done / total if total else 1.0
        if self.moves or share >= 1:
            bar = "█" * round(share * WIDTH) + "·" * (WIDTH - round(share * WIDTH))
            seconds = time.monotonic() - self.started
            end = "\n" if share >= 1 or not self.moves else "\r"
            self._write(f"  {bar} {done:,} / {total:,}  {seconds:.0f} s".replace(",", "."), end=end)

    def _write(self, text: str, end: str) -> None:
        if not self.quiet:
            self.stream.write(text + end)
            self.stream.flush()
