"""Open what the site offers with QGIS, without a screen, and print what QGIS made of it as JSON.

Runs in the interpreter that QGIS brings (`/usr/bin/python3`), not in the project's:
`python3 qgis_reader.py http://127.0.0.1:8000`
"""

import json
import os
import sys
import tempfile
import urllib.request
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from qgis.core import (
    Qgis,
    QgsApplication,
    QgsFeatureRequest,
    QgsMapRendererSequentialJob,
    QgsMapSettings,
    QgsRectangle,
    QgsVectorLayer,
    QgsVectorTileLayer,
)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor

FILES = ("problemas.gpkg", "problemas.geojson", "barrios.geojson")
# EPSG:3857, metres: the commune.
VIEW = QgsRectangle(-7_898_000, -3_972_000, -7_870_000, -3_955_000)


def features(base: str, collection: str, **options: str) -> QgsVectorLayer:
    """A collection of the OGC API as a layer."""
    given = {"url": f"{base}/ogc/", "typename": collection} | options
    return QgsVectorLayer(" ".join(f"{key}='{value}'" for key, value in given.items()), collection, "OAPIF")


def facts_of(layer: QgsVectorLayer) -> dict[str, object]:
    """What QGIS knows of a layer."""
    if not layer.isValid():
        return {"valid": False, "error": layer.error().message()}
    found = list(layer.getFeatures())
    return {
        "valid": True,
        "count": len(found),
        "crs": layer.crs().authid(),
        "broken": sum(not one.geometry().isGeosValid() for one in found),
        "first": found[0].geometry().asPoint().toString(4) if layer.geometryType() == 0 and found else "",
    }


def inside(layer: QgsVectorLayer, box: QgsRectangle) -> int:
    """How many features lie in a rectangle (EPSG:4326), as the server answers it."""
    return sum(1 for _ in layer.getFeatures(QgsFeatureRequest().setFilterRect(box)))


def colours(base: str, layer: str) -> int:
    """How many colours the drawn tiles of a layer have: one is an empty picture."""
    tiles = QgsVectorTileLayer(f"type=xyz&url={base}/tiles/{layer}/{{z}}/{{x}}/{{y}}.mvt&zmax=16", layer)
    settings = QgsMapSettings()
    settings.setLayers([tiles])
    settings.setDestinationCrs(tiles.crs())
    settings.setOutputSize(QSize(600, 400))
    settings.setBackgroundColor(QColor("white"))
    settings.setExtent(VIEW)
    job = QgsMapRendererSequentialJob(settings)
    job.start()
    job.waitForFinished()
    picture = job.renderedImage()
    return len({picture.pixel(x, y) for x in range(0, 600, 2) for y in range(0, 400, 2)})


def main(base: str, box: list[float]) -> None:
    """Print the report."""
    application = QgsApplication([], False)
    application.initQgis()
    report = {"version": Qgis.QGIS_VERSION}
    report["ogc"] = {name: facts_of(features(base, name)) for name in ("issues", "territories")}
    asked = features(base, "issues", restrictToRequestBBOX="1")
    report["inside"] = inside(asked, QgsRectangle(*box))
    report["tiles"] = {name: colours(base, name) for name in ("issues", "territories")}
    with tempfile.TemporaryDirectory() as folder:
        for name in FILES:
            file = Path(folder, name)
            urllib.request.urlretrieve(f"{base}/datos/{name}", file)
            report[name] = facts_of(QgsVectorLayer(str(file), name, "ogr"))
    print(json.dumps(report), flush=True)
    # QGIS 3.22 tears itself down noisily; the report is out.
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1], [float(number) for number in sys.argv[2].split(",")])
