"""How a container is, as an exit status: `web` answers /readyz with 200, `beat FILE` was touched lately."""

import http.client
import os
import sys
import time
from pathlib import Path

SILENT_SECONDS = 60


def is_ready(port: int) -> bool:
    """Ask once, for at most four seconds."""
    try:
        asked = http.client.HTTPConnection("127.0.0.1", port, timeout=4)
        asked.request("GET", "/readyz", headers={"Host": "localhost"})
        return asked.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False


def beats(file: Path) -> bool:
    """Whether the program that touches this file did so within the last minute."""
    try:
        return time.time() - file.stat().st_mtime < SILENT_SECONDS
    except OSError:
        return False


def is_well(arguments: list[str]) -> bool:
    """What the words after the command ask for; without any, `web`."""
    if arguments[:1] == ["beat"]:
        return beats(Path(arguments[1]))
    return is_ready(int(os.environ.get("PORT") or 8000))


if __name__ == "__main__":
    sys.exit(0 if is_well(sys.argv[1:]) else 1)
