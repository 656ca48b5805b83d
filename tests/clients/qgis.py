"""QGIS as a client (`make weekly`): it comes from packages that a server does not need.

QGIS_PYTHON names the interpreter that can `import qgis`; Debian's is /usr/bin/python3 (python3-qgis).
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from issues.models import Issue
from tests.conftest import CENTRO, NORTE

READER = Path(__file__).with_name("qgis_reader.py")
PYTHON = os.environ.get("QGIS_PYTHON", "/usr/bin/python3")
# West, south, east, north, EPSG:4326: well inside the neighbourhood of the centre.
BOX = "-70.779,-33.519,-70.761,-33.501"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def seen(live_server, make_issue, insecurity) -> dict:
    """What QGIS makes of three public problems and one that is public in numbers only."""
    make_issue(territory=NORTE)
    make_issue(territory=CENTRO)
    make_issue(territory=CENTRO)
    make_issue(territory=CENTRO, category=insecurity)
    # -I: this folder's own qgis.py must not be what the reader imports.
    command = [PYTHON, "-I", str(READER), live_server.url, BOX]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.strip().splitlines()[-1])


def test_qgis_reads_collections_files_and_tiles(seen):
    assert seen["ogc"]["issues"] | {"first": ""} == {
        "valid": True,
        "count": Issue.objects.public().count(),
        "crs": "EPSG:4326",
        "broken": 0,
        "first": "",
    }
    assert seen["ogc"]["territories"]["count"] == 3
    assert seen["inside"] == 2
    assert seen["problemas.gpkg"]["count"] == seen["problemas.geojson"]["count"] == 3
    assert seen["barrios.geojson"] == {
        "valid": True,
        "count": 3,
        "crs": "EPSG:4326",
        "broken": 0,
        "first": "",
    }
    assert seen["tiles"]["issues"] > 1
    assert seen["tiles"]["territories"] > 1
