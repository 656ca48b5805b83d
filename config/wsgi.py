"""WSGI entry, served by gunicorn."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
try:
    application = get_wsgi_application()
    # Models cannot be imported before the line above.
    from demo.guard import refuse_demo_in_earnest

    refuse_demo_in_earnest()
except ImproperlyConfigured as reason:
    sys.exit(f"The site does not start: {reason}")
