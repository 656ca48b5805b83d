"""How a problem enters: one door for walks, gatherings, residents, other systems and the office."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field, replace

from django.contrib.gis.geos import GEOSGeometry, Point
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from uuid6 import uuid7

from accounts.models import User
from core.postgis import identity
from core.text import TextRefused, entered, one_line
from issues.glance.issue import shows_somebody
from issues.index import SCALES, Levels, Weights, index_i3
from issues.life.routing import department_for
from issues.models import (
    Category,
    EntryKind,
    HistoryEntry,
    IndexWeights,
    Issue,
    Origin,
    Privacy,
    Visibility,
)
from issues.workflow import START
from territories.models import Territory

# What nobody but who wrote it down has read when it enters.
LOOKED_AT = (Origin.WALK, Origin.RESIDENT, Origin.OPEN311, Origin.COUNTER, Origin.TELEPHONE)
MAX_TITLE = 140
MAX_DESCRIPTION = 4000
LONGEST = {
    "title": MAX_TITLE,
    "description": MAX_DESCRIPTION,
    "address": 200,
    "levels_evidence": MAX_DESCRIPTION,
}


class IssueRefused(ValueError):
    """A problem that cannot be registered as it is; the text is one sentence for the person.

    `code` is stable for programs: «title», «category_closed», «outside», «text», «levels».
    """

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


@dataclass(frozen=True)
class NewIssue:
    """A new report. `location` is EPSG:4326 (x = longitude, y = latitude); levels are 0–3 or None."""

    title: str
    category: Category
    location: Point
    origin: Origin = Origin.WALK
    description: str = ""
    address: str = ""
    accuracy_m: float | None = None
    moved_by_hand: bool = False
    shape: GEOSGeometry | None = None
    severity: int | None = None
    reach: int | None = None
    duration: int | None = None
    vulnerability: int | None = None
    levels_evidence: str = ""
    reported_at: dt.datetime | None = None
    visibility: Visibility = Visibility.PUBLIC
    id: uuid.UUID = field(default_factory=uuid7)

    @property
    def levels(self) -> tuple[int | None, int | None, int | None, int | None]:
        """Severity, reach, duration, vulnerability."""
        return (self.severity, self.reach, self.duration, self.vulnerability)


@transaction.atomic
def register(new: NewIssue, *, actor: User | None, office: str) -> Issue:
    """Store a problem with its neighbourhood, department, index, reference and first line of history.

    Raises IssueRefused when the text is empty or too long, the category is closed, a level is
    not 0–3 or the point lies in no neighbourhood; then nothing is stored.
    """
    new = as_kept(new)
    territory = territory_of(new.location)
    now = timezone.now()
    issue = _unsaved(new, territory, now)
    issue.created_by = actor
    issue.levels_by = actor if issue.index is not None else None
    with identity.holding(str(issue.pk)):
        issue.save(force_insert=True)
        _first_line(issue, actor, office, now)
    return issue


def as_kept(new: NewIssue) -> NewIssue:
    """The same with its texts as they are stored; raises IssueRefused for what cannot be right in it."""
    told = _texts(new)
    if not told.title:
        raise IssueRefused("title", _("Escribe en una línea cuál es el problema."))
    if any(len(getattr(told, name)) > most for name, most in LONGEST.items()):
        raise IssueRefused(
            "text",
            _(
                "El texto es demasiado largo: 140 letras para el título, 200 para el lugar, "
                "4.000 para el resto."
            ),
        )
    if not told.category.is_open:
        raise IssueRefused("category_closed", _("Esa categoría está cerrada: elige otra."))
    if any(level is not None and level not in (0, 1, 2, 3) for level in told.levels):
        raise IssueRefused("levels", _("Cada nivel del puntaje va de 0 a 3."))
    return told


def territory_of(location: Point) -> Territory:
    """The neighbourhood in force that covers a point (EPSG:4326); raises IssueRefused outside the commune."""
    territory = Territory.objects.current().without_boundary().covering(location).first()
    if territory is None:
        raise IssueRefused(
            "outside", _("El punto queda fuera de los 21 barrios de la comuna. Muévelo y guarda de nuevo.")
        )
    return territory


def index_of(levels: tuple[int | None, int | None, int | None, int | None]) -> int | None:
    """I3 (0–300) by the weights in force; None until all four levels are known."""
    known = [level for level in levels if level is not None]
    return index_i3(Levels(*known), weights_in_force()) if len(known) == len(levels) else None


def weights_in_force() -> Weights:
    """The newest version of the weights, or the published default."""
    row = IndexWeights.objects.values_list(*SCALES).first()
    return Weights(*row) if row else Weights()


def next_reference(year: int) -> str:
    """The next reference of a year, M-2026-000123; the row lock of the counter makes numbers gapless."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO issues_referencecounter (year, last) VALUES (%s, 1) "
            "ON CONFLICT (year) DO UPDATE SET last = issues_referencecounter.last + 1 RETURNING last",
            [year],
        )
        (number,) = cursor.fetchone()
    return f"M-{year}-{number:06d}"


def _texts(new: NewIssue) -> NewIssue:
    try:
        return replace(
            new,
            title=one_line(new.title),
            description=entered(new.description).strip(),
            address=one_line(new.address),
            levels_evidence=entered(new.levels_evidence).strip(),
        )
    except TextRefused as refused:
        raise IssueRefused("text", str(refused)) from refused


def _unsaved(new: NewIssue, territory: Territory, now: dt.datetime) -> Issue:
    levels = dict(zip(SCALES, new.levels, strict=True))
    return Issue(
        id=new.id,
        reference=next_reference(timezone.localtime(now).year),
        title=new.title,
        description=new.description,
        category=new.category,
        location=new.location,
        accuracy_m=new.accuracy_m,
        moved_by_hand=new.moved_by_hand,
        shape=new.shape,
        address=new.address,
        territory=territory,
        reported_territory=territory,
        origin=new.origin,
        visibility=_visibility(new),
        status=START,
        status_since=now,
        department=department_for(new.category, territory.code),
        levels_evidence=new.levels_evidence,
        index=index_of(new.levels),
        reported_at=min(new.reported_at or now, now),
        **levels,
    )


def _visibility(new: NewIssue) -> Visibility:
    if new.visibility != Visibility.PUBLIC:
        return new.visibility
    if new.category.privacy == Privacy.NEVER:
        return Visibility.STAFF
    is_seen_first = new.origin in LOOKED_AT and shows_somebody(new.title, new.description, new.address)
    return Visibility.REVIEW if is_seen_first else Visibility.PUBLIC


def _first_line(issue: Issue, actor: User | None, office: str, now: dt.datetime) -> None:
    HistoryEntry.objects.create(
        issue=issue, kind=EntryKind.STATUS, to_value=START, actor=actor, office=office, at=now
    )
