"""Django's staticfiles app without the files that our pages never ask for."""

from django.contrib.staticfiles.apps import StaticFilesConfig


class StaticFiles(StaticFilesConfig):
    """Leave out what installed apps bring for pages we do not have, and what only a debugger reads."""

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        "rest_framework/*",
        "*.map",
        "leaflet/leaflet-src.js",
        "leaflet/draw/leaflet.draw-src.js",
    ]
