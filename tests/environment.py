"""The environment of every test run, set before Django reads its settings (pyproject.toml loads it)."""

import os

from hypothesis import HealthCheck, settings

os.environ.setdefault("TESTING", "1")
os.environ.setdefault("SECRET_KEY", "only-for-tests")
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

# A busy machine is no fault of the code.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")
