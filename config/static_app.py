"""Django's staticfiles app, less the files no page of ours asks for."""

from django.contrib.staticfiles.apps import StaticFilesConfig


class StaticFiles(StaticFilesConfig):
    """htmx comes from npm; the copy inside django-htmx has extensions that cannot be given hashed names."""

    ignore_patterns = [*StaticFilesConfig.ignore_patterns, "django_htmx/*"]
