"""WSGI entry, served by gunicorn."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# Pages have less patience with the database than commands and workers: config/settings.py.
os.environ.setdefault("SERVING", "1")
try:
    site = get_wsgi_application()
    # Models cannot be imported before the line above.
    from core.metrics import on_its_port
    from core.postgis.rights import refuse_to_serve_as_owner
    from demo.guard import refuse_demo_in_earnest

    refuse_demo_in_earnest()
    refuse_to_serve_as_owner()
except ImproperlyConfigured as reason:
    sys.exit(f"The site does not start: {reason}")
application = on_its_port(site)
