"""One backup every night at BACKUP_HOUR (UTC, 7 without one), for the backup container; ends on TERM."""

import datetime as dt
import os
import time

from scripts import backup
from scripts.house import Trouble, main, say

DEFAULT_HOUR = 7  # the small hours in Santiago


def nightly() -> None:
    """Back up, again and again; a night that fails is said in the log and the next one tried."""
    keep = backup.number_to_keep()
    while True:
        time.sleep(seconds_until(int(os.environ.get("BACKUP_HOUR") or DEFAULT_HOUR), dt.datetime.now(dt.UTC)))
        try:
            backup.backup()
            backup.prune(backup.folder(), keep)
        except Trouble as trouble:
            say(f"This night's backup failed: {trouble}")


def seconds_until(hour: int, now: dt.datetime) -> float:
    """Seconds from `now` until the clock of its zone strikes this hour: above 0, at most a day."""
    strike = now.replace(hour=hour, minute=0, second=0, microsecond=0)
    if strike <= now:
        strike += dt.timedelta(days=1)
    return (strike - now).total_seconds()


if __name__ == "__main__":
    main(nightly)
