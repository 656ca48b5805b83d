"""The environment of every test run, set before Django reads its settings (pyproject.toml loads it)."""

import os
import re

from hypothesis import HealthCheck, settings

os.environ.setdefault("TESTING", "1")
os.environ.setdefault("SECRET_KEY", "only-for-tests")
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
# Everybody signs in as the owner and takes the serving role at once, so that what the owner alone may do
# (make and empty the test's database, try what triggers refuse) needs no other connection: tests/roles.py.
_url, _owner = os.environ.get("DATABASE_URL", ""), os.environ.pop("DATABASE_OWNER_URL", "")
os.environ.pop("DATABASE_WORKER_URL", None)
os.environ |= {"DATABASE_URL": _owner or _url, "DATABASE_ROLE": "mapa_web"}
# As pages and backups really sign in; with one address alone, beside it and with the same password.
_serving = _url if _owner else re.sub("//[^:]+:", "//mapa_web:", _url)
os.environ.setdefault("DATABASE_SERVING_URL", _serving)
if not os.environ.get("DATABASE_BACKUP_URL"):
    os.environ["DATABASE_BACKUP_URL"] = re.sub("//[^:]+:", "//mapa_backup:", _url)

# A busy machine is no fault of the code.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")
