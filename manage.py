#!/usr/bin/env python
"""Django's command-line entry."""

import os
import sys

from core.commands import run

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    run(sys.argv)
