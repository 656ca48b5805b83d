"""Coordinate reference systems as text: compared by us before any library sees them. Imports no Django."""

from __future__ import annotations

import re
from pathlib import Path

from pyproj import CRS
from pyproj.exceptions import CRSError

from territories.importing.refusal import FileRefused

MAX_WKT = 16_000
_WKT = re.compile(
    r"^\s*(PROJCS|GEOGCS|COMPD_CS|PROJCRS|PROJECTEDCRS|GEOGCRS|GEOGRAPHICCRS|GEODCRS|COMPOUNDCRS|BOUNDCRS)"
    r"\s*[\[(]",
    re.I,
)
# Definitions that name files or addresses: grids and parameter files are never fetched.
_NAMES_A_FILE = re.compile(r"nadgrids|geoidgrids|PARAMETERFILE|\+init|/vsi|file:", re.I)
_EPSG = re.compile(
    r"^(?:urn:(?:x-)?ogc:def:crs:EPSG:[\d.]*:|https?://www\.opengis\.net/def/crs/EPSG/\d+/|EPSG:{1,2})?(\d{4,6})$",
    re.I,
)
_CRS84 = re.compile(r"CRS:?84$", re.I)


def from_prj(path: Path) -> CRS:
    """The system a .prj file defines; raises FileRefused when it is no definition."""
    text = path.read_bytes()[: MAX_WKT + 1].decode("utf-8", errors="replace").lstrip("\ufeff")
    return from_wkt(text)


def from_wkt(text: str) -> CRS:
    """The system a WKT text defines; raises FileRefused for addresses, files and nonsense."""
    if len(text) > MAX_WKT or not _WKT.match(text) or _NAMES_A_FILE.search(text):
        raise FileRefused("bad_crs", text=" ".join(text.split())[:80])
    return _two_dimensional(text)


def from_name(text: str) -> CRS:
    """The system of «EPSG:32719», a URN, CRS84 or a WKT text; raises FileRefused for anything else."""
    text = text.strip()
    if _CRS84.search(text) and len(text) < 80:
        return CRS.from_epsg(4326)
    if found := _EPSG.match(text):
        return _two_dimensional(int(found[1]))
    return from_wkt(text)


def label(crs: CRS) -> str:
    """What to call a system in the report: its EPSG code when it has one, else its name."""
    code = crs.to_epsg(min_confidence=70)
    return f"EPSG:{code}" if code else crs.name[:200]


def _two_dimensional(definition: str | int) -> CRS:
    try:
        crs = CRS.from_user_input(definition)
        crs = crs.sub_crs_list[0] if crs.is_compound else crs
    except CRSError as error:
        raise FileRefused("bad_crs", text=" ".join(str(definition).split())[:80]) from error
    if not (crs.is_geographic or crs.is_projected):
        raise FileRefused("bad_crs", text=crs.name[:80])
    return crs
