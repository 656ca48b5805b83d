"""Long files of the desk: asked for, written by a worker, fetched, thrown away."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from time import monotonic

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core.gate import read_query
from core.jobs import Patience, Queue, defer, job
from core.postgis.locks import hold, let_go
from core.room import takes_more
from core.typing import present
from handovers.models import DeskFile, DeskFileQuerySet
from handovers.models.export_jobs import NO_ROOM
from handovers.query.columns import DESK_COLUMNS
from handovers.query.filters import desk, ordering
from issues.models import IssueQuerySet
from issues.photos.intake import has_no_room
from issues.query.files import TooMany
from issues.query.formats import WRITTEN

log = logging.getLogger(__name__)
MOST_AT_A_TIME = 3
LOCK = "handovers_deskfile"
JOB = "handovers.write_desk_file"
# Seconds between two signs of life.
BEAT = 1.0


class FileRefused(ValueError):
    """A file that cannot be made; the text is one sentence for the person."""


def rows_of(user: User, query: str, references: Sequence[str] = ()) -> IssueQuerySet:
    """The problems behind an address of the desk, or only the marked ones, in the order of the page.

    Raises BadFilter.
    """
    params = read_query(query)
    order = ordering(params).expressions(backwards=False)
    if references:
        return desk(user, QueryDict("stage=all")).filter(reference__in=references).order_by(*order)
    return desk(user, params).order_by(*order)


@transaction.atomic
def ask(user: User, kind: str, query: str, references: Sequence[str] = ()) -> DeskFile:
    """Write a wish down, which a worker takes up once that is stored. Raises FileRefused or BadFilter."""
    if kind not in WRITTEN:
        raise FileRefused(_("Ese tipo de archivo no existe."))
    if DeskFile.objects.visible_to(user).unfinished().count() >= MOST_AT_A_TIME:
        raise FileRefused(_("Ya hay tres archivos tuyos en preparación: espera a que termine uno."))
    total = rows_of(user, query, references).order_by().count()
    most = WRITTEN[kind].most
    if most and total > most:
        raise FileRefused(_("Una planilla lleva hasta 1.048.575 filas: filtra un poco más o baja el CSV."))
    made = DeskFile.objects.create(
        owner=user, kind=kind, query=query.lstrip("?"), references=list(references), total=total
    )
    defer(JOB, number=made.pk)
    return made


class NoRoomYet(Exception):
    """The disk is full: the worker comes back to this file."""


@job(JOB, Queue.LONG, retry=Patience(attempts=200, first=5, longest=600))
def write_number(number: int) -> bool:
    """Write the file with this number, as a worker. Raises NoRoomYet, until it is thrown away as too old."""
    made = DeskFile.objects.select_related("owner").filter(pk=number).first()
    is_written = made is not None and write(made)
    if _row_of(number).filter(trouble=NO_ROOM).exists():
        raise NoRoomYet
    return is_written


def write(made: DeskFile) -> bool:
    """Write the file, unless somebody else is at it; False then, and when it could not be written."""
    if not _claim(made):
        return False
    part = made.path.with_suffix(f".part.{made.kind}")
    try:
        part.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
        rows = rows_of(made.owner, made.query, made.references)
        present(WRITTEN[made.kind].write)(part, rows, DESK_COLUMNS, _Beat(made))
        part.replace(made.path)
        _row(made).update(ready_at=timezone.now(), written=made.total, trouble="")
    except Exception as error:  # the libraries that write have faults of their own for a full disk
        log.exception("desk file %s", made.pk)
        with suppress(OSError):
            part.unlink(missing_ok=True)
        _row(made).update(trouble=_trouble(error, part.parent))
    finally:
        let_go(LOCK, made.pk)
    return made.path.exists()


def throw_away_old(at: dt.datetime | None = None) -> int:
    """Delete files, their rows and what broken writers left after EXPORT_HOURS; returns how many rows."""
    limit = (at or timezone.now()) - dt.timedelta(hours=settings.EXPORT_HOURS)
    old = DeskFile.objects.filter(Q(ready_at__lt=limit) | Q(asked_at__lt=limit, ready_at__isnull=True))
    thrown = old.delete()[0]
    for path in _left_behind(limit):
        path.unlink(missing_ok=True)
    return thrown


class _Beat:
    """Tells the database now and then how far the writer is."""

    def __init__(self, made: DeskFile) -> None:
        self.made, self.next = made, 0.0

    def __call__(self, written: int) -> None:
        if monotonic() >= self.next:
            self.next = monotonic() + BEAT
            _row(self.made).update(written=written, beat_at=timezone.now())


def _claim(made: DeskFile) -> bool:
    """Whether this worker is the file's writer."""
    is_mine = hold(LOCK, made.pk)
    if is_mine and not _row(made).unfinished().update(beat_at=timezone.now(), written=0):
        let_go(LOCK, made.pk)
        return False
    return is_mine


def _row(made: DeskFile) -> DeskFileQuerySet:
    return _row_of(made.pk)


def _row_of(number: int) -> DeskFileQuerySet:
    return DeskFile.objects.filter(pk=number)


def _left_behind(limit: dt.datetime) -> list[Path]:
    """What belongs to no row and nobody has touched since: a writer at work keeps notes beside its file."""
    known = {str(name) for name in DeskFile.objects.values_list("name", flat=True)}
    folder = Path(settings.EXPORTS_ROOT)
    found = [path for path in folder.iterdir() if path.is_file()] if folder.is_dir() else []
    old = [path for path in found if path.stat().st_mtime < limit.timestamp()]
    return [path for path in old if path.name.split(".")[0] not in known]


def _trouble(error: Exception, folder: Path) -> str:
    if isinstance(error, TooMany):
        return str(error)[:200]
    if has_no_room(error) or has_no_room(error.__context__) or (folder.is_dir() and not takes_more(folder)):
        return NO_ROOM
    return _("No se pudo escribir el archivo. Pídelo de nuevo.")
