"""Start-up, tests and safekeeping of one installation, with nothing but Python's own library."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036  said in a sentence instead of failing on newer syntax
    sys.exit(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]} ({sys.executable}).")
