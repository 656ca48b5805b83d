"""How everything here is logged: discreet, as lines or as JSON, on the console or in a file that turns over.

Read before Django is ready, and by gunicorn without it.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

FILE_BYTES = 10 * 1024 * 1024
FILES = 5
DAYS = 30
LINE = {"format": "{asctime} {levelname} {name} {message}", "style": "{"}


class Json(logging.Formatter):
    """One JSON object for each record."""

    def format(self, record: logging.LogRecord) -> str:
        """Time in UTC, level, logger, words, and the traceback when there is one."""
        told = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "process": record.process,
            "message": record.getMessage(),
        }
        trace = record.exc_text or (self.formatException(record.exc_info) if record.exc_info else "")
        return json.dumps(told | ({"traceback": trace} if trace else {}), ensure_ascii=False)


def logging_config(*, level: str, format: str, file: str, quiet: Iterable[str] = ()) -> dict[str, Any]:
    """The dictionary for Python's logging: `format` is "line" or "json"; without `file` the console."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"discreet": {"()": "core.discretion.Discreet"}},
        "formatters": {"words": {"()": "core.logs.Json"} if format == "json" else LINE},
        "handlers": {
            "words": _handler(file),
            "count": {"class": "core.errors.CountFaults", "level": "ERROR"},
        },
        "root": {"handlers": ["words", "count"], "level": level},
        "loggers": {name: {"level": "WARNING"} for name in quiet},
    }


def formatter(format: str) -> logging.Formatter:
    """The same for who sets its handlers itself."""
    return Json() if format == "json" else logging.Formatter(LINE["format"], style="{")


def forget_old(file: str, now: datetime) -> int:
    """Delete what turned over DAYS ago in the folder of the log; returns how many files."""
    turned = Path(file).parent.glob("*.log.[0-9]*") if file else ()
    limit = (now - timedelta(days=DAYS)).timestamp()
    old = [path for path in turned if path.stat().st_mtime <= limit]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _handler(file: str) -> dict[str, Any]:
    told: dict[str, Any] = {"formatter": "words", "filters": ["discreet"]}
    if not file:
        return told | {"class": "logging.StreamHandler"}
    turns = {"filename": file, "maxBytes": FILE_BYTES, "backupCount": FILES, "delay": True}
    return told | turns | {"class": "logging.handlers.RotatingFileHandler", "encoding": "utf-8"}
