"""What must not stand in a log: addresses, links that open something, what people wrote."""

from __future__ import annotations

import logging
import re

# In this order: the words of the database about a row end the line, whatever they hold.
HIDDEN = (
    (re.compile(r"^((?:DETAIL|CONTEXT|PARAMETERS|STATEMENT):).*$", re.MULTILINE), r"\1 …"),
    (re.compile(r"(Failing row contains|Key )\s*\(.*$", re.MULTILINE), r"\1(…)"),
    (re.compile(r"[\w.+'%-]+@[\w-]+(?:\.[\w-]+)+"), "…@…"),
    # A part of a path or a value that nobody could guess is a key to something.
    (re.compile(r"(?<=[/=])[A-Za-z0-9_:-]{20,}(?=[/?&#\s'\"<>)\],;]|$)"), "…"),
    (re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b"), "…"),
    (re.compile(r"\b(?:[0-9a-fA-F]{1,4}:)(?:[0-9a-fA-F]{0,4}:){2,6}[0-9a-fA-F]{0,4}"), "…"),
    (re.compile(r"\b\d{1,2}\.?\d{3}\.?\d{3}-[\dkK]\b"), "…"),
    (re.compile(r"(?<![\w.])\+?56[ -]?\d(?:[ -]?\d){8}\b"), "…"),
)


def masked(text: str) -> str:
    """The same text without e-mail and network addresses, RUT and telephone numbers, and secret links."""
    for found, instead in HIDDEN:
        text = found.sub(instead, text)
    return text


def told_of(error: BaseException) -> str:
    """Kind and first line of a fault, masked, for a column of 300 letters."""
    first = (str(error).strip() or "").split("\n", 1)[0]
    return masked(f"{type(error).__name__}: {first}" if first else type(error).__name__)[:300]


class Discreet(logging.Filter):
    """Masks the whole of what a record says, its traceback included."""

    words = logging.Formatter()

    def filter(self, record: logging.LogRecord) -> bool:
        """Every record passes; none as it came."""
        record.msg, record.args = masked(record.getMessage()), ()
        if record.exc_info and not record.exc_text:
            record.exc_text = self.words.formatException(record.exc_info)
        record.exc_text = record.exc_text and masked(record.exc_text)
        return True
