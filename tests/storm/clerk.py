"""An office in the storm: does season after season, and writes down what it was told is done.

`python -m tests.storm.clerk work JOURNAL SEED` until it is killed; `… count JOURNAL…` says how often each
line's fact is there. A line is on the disk before the next act begins, so that a kill forgets none.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.core.exceptions import ObjectDoesNotExist  # noqa: E402
from django.db import Error, connection  # noqa: E402

from tests.storm.acts import FOUND, hire, season  # noqa: E402

# Between two seasons, and after one that the weather ended.
REST_SECONDS = 0.2


def work(journal: Path, seed: int) -> None:
    """Season after season, for ever."""
    dice = random.Random(seed)
    with journal.open("a") as file:
        while True:
            try:
                for kind, key in season(hire(), dice):
                    print(kind, key, file=file, flush=True)
                    os.fsync(file.fileno())
            except (Error, ValueError, ObjectDoesNotExist) as reason:
                print("ended", type(reason).__name__, file=file, flush=True)
            connection.close()
            time.sleep(REST_SECONDS)


def count(lines: Iterable[str]) -> dict[str, dict[str, int]]:
    """For each kind how many were acknowledged, are not there, and are there more than once."""
    found: dict[str, Counter] = {kind: Counter() for kind in FOUND}
    for kind, key in (line.split() for line in lines):
        if kind in FOUND:
            times = FOUND[kind](key)
            found[kind].update(acknowledged=1, lost=times == 0, doubled=times > 1)
    return {
        kind: {name: each[name] for name in ("acknowledged", "lost", "doubled")}
        for kind, each in found.items()
    }


def whole_lines(journal: Path) -> list[str]:
    """The last one may have been cut by the kill: then nobody was told."""
    return journal.read_text().rpartition("\n")[0].splitlines()


if __name__ == "__main__":
    if sys.argv[1] == "work":
        work(Path(sys.argv[2]), int(sys.argv[3]))
    told = [line for name in sys.argv[2:] for line in whole_lines(Path(name))]
    print(json.dumps(count(told)))
