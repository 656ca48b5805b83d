"""What every test run is told before Django reads its settings; loaded first by pytest (pyproject.toml)."""

import os

os.environ.setdefault("TESTING", "1")
os.environ.setdefault("SECRET_KEY", "only-for-tests")
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
