"""WSGI entry, served by gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# Pages have less patience with the database than commands and workers: config/settings.py.
os.environ.setdefault("SERVING", "1")
site = get_wsgi_application()

from core.metrics import on_its_port  # noqa: E402  needs the apps, which are ready only now

application = on_its_port(site)
