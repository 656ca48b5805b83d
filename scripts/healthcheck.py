"""Whether this machine's web server is ready (/readyz answers 200), as an exit status for containers."""

import http.client
import os
import sys


def is_ready(port: int) -> bool:
    """Ask once, for at most four seconds."""
    try:
        asked = http.client.HTTPConnection("127.0.0.1", port, timeout=4)
        asked.request("GET", "/readyz", headers={"Host": "localhost"})
        return asked.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False


if __name__ == "__main__":
    sys.exit(0 if is_ready(int(os.environ.get("PORT") or 8000)) else 1)
