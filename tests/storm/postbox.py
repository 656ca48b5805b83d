"""The mail server of the storm: notes the Message-ID of all it takes; sometimes it hangs up after that."""

from __future__ import annotations

import os
import random
import sys
import time
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from tests.smtp import MailServer  # noqa: E402


def main(port_file: Path, journal: Path, seed: int) -> None:
    """Take mails until killed; every fifth is taken without an answer, some seconds turn all away."""
    dice = random.Random(seed)
    server = MailServer()

    def note() -> None:
        with journal.open("a") as file:
            print(server.taken[-1]["Message-ID"], file=file, flush=True)
        server.says = {"END": ""} if dice.random() < 0.2 else {}

    server.on_taking = note
    port_file.write_text(str(server.server_address[1]))
    while True:
        server.refuses = dice.random() < 0.2
        time.sleep(1)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
