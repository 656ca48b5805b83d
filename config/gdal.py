"""Find a GDAL that can block network access.

Debian 12 ships GDAL 3.6, which follows links inside hostile files. The pyogrio
wheel carries 3.9 or newer; GeoDjango is pointed at that copy. GEOS stays the system's.
"""

import os
from importlib.util import find_spec
from pathlib import Path


def bundled_library() -> str | None:
    """Return the path of the libgdal inside the pyogrio wheel, or None if it was built from source."""
    package = _package_folder()
    found = sorted((package.parent / "pyogrio.libs").glob("libgdal*.so*"))
    return str(found[0]) if found else None


def point_to_bundled_data() -> None:
    """Tell GDAL and PROJ where pyogrio keeps their tables; an existing setting wins."""
    package = _package_folder()
    os.environ.setdefault("GDAL_DATA", str(package / "gdal_data"))
    os.environ.setdefault("PROJ_DATA", str(package / "proj_data"))
    os.environ.setdefault("CPL_VSIL_CURL_ALLOWED_EXTENSIONS", ".disabled")


def _package_folder() -> Path:
    spec = find_spec("pyogrio")
    if spec is None or spec.origin is None:
        raise RuntimeError("pyogrio is not installed")
    return Path(spec.origin).parent
