"""Which requests wait for each other: tablets and desk, public pages and files have threads of their own."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Lane:
    """Threads and waiting places in one process; `seats`: what one caller may have in all, 0: no limit."""

    name: str
    threads: int
    waiting: int
    seats: int


# What must answer always and never takes long: health, metrics, static files, refusals.
HOUSE = "house"
# Tablets, rooms, desk, cabinet, administration, and whatever else a browser of staff asks for.
WORK = "work"
PUBLIC = "public"
# Tables and papers, for everyone and for staff.
FILES = "files"
PAPERS = "papers"

_HOUSE = re.compile(r"/(static/|mapa-base/|(healthz|readyz|favicon\.ico)$)")
_FILES = re.compile(r"/datos/.|.*\.(csv|xlsx|gpkg|pdf|kml)$")
_WORK = re.compile(
    r"/(gestion|alcaldia|caminata|admin|accounts|entrar|invitacion|inicio|por-enviar|verificar|votar)/|/api/v1/sync/"
    r"|/reuniones/(nueva|calendario)/|/reuniones/[^/]+/(sala|cambiar|codigos)/"
)


def lanes(threads: int) -> list[Lane]:
    """The lanes of one process in which so many threads work for tablets and desk."""
    return [
        Lane(HOUSE, threads=2, waiting=256, seats=0),
        Lane(WORK, threads=threads, waiting=64, seats=32),
        Lane(PUBLIC, threads=max(1, threads // 2), waiting=32, seats=12),
        Lane(FILES, threads=1, waiting=4, seats=2),
        Lane(PAPERS, threads=1, waiting=8, seats=4),
    ]


def lane_of(path: str, *, is_staff: bool) -> str:
    """The name of the lane of a path, asked for by a browser of staff or by anybody."""
    if _HOUSE.match(path):
        return HOUSE
    if _FILES.match(path):
        return PAPERS if is_staff else FILES
    return WORK if is_staff or _WORK.match(path) else PUBLIC
