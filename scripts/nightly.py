"""One backup every night at BACKUP_HOUR (UTC, 7 without one), for the backup container; ends on TERM.

BEAT names a file that is touched as long as this is well, for a health check.
"""

import datetime as dt
import os
import time
from pathlib import Path

from scripts import backup
from scripts.house import Trouble, main, say

DEFAULT_HOUR = 7  # the small hours in Santiago
BEAT_SECONDS = 20


def nightly() -> None:
    """Back up, again and again; a night that fails is said in the log and the next one tried."""
    keep = backup.number_to_keep()
    while True:
        hour = int(os.environ.get("BACKUP_HOUR") or DEFAULT_HOUR)
        wait(seconds_until(hour, dt.datetime.now(dt.UTC)))
        try:
            backup.backup()
            backup.prune(backup.folder(), keep)
        except (Trouble, OSError) as trouble:
            say(f"This night's backup failed: {trouble}")


def wait(seconds: float) -> None:
    """Let so many seconds pass with signs of life."""
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        if os.environ.get("BEAT"):
            Path(os.environ["BEAT"]).touch()
        time.sleep(min(left, BEAT_SECONDS))


def seconds_until(hour: int, now: dt.datetime) -> float:
    """Seconds from `now` until the clock of its zone strikes this hour: above 0, at most a day."""
    strike = now.replace(hour=hour, minute=0, second=0, microsecond=0)
    if strike <= now:
        strike += dt.timedelta(days=1)
    return (strike - now).total_seconds()


if __name__ == "__main__":
    main(nightly)
