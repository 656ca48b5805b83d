#!/usr/bin/env python
"""Django's command-line entry."""

import os
import signal
import sys
import types


def _leave(signum: int, frame: types.FrameType | None) -> None:
    """Before there is anybody who could translate it."""
    os.write(2, b"\nInterrumpido.\n")
    os._exit(128 + signum)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, _leave)  # also for who changes their mind while all is still being loaded

from core.commands import run  # noqa: E402

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    run(sys.argv)
