"""From a record to the domain: each kind of record has one function.

A check of the domain raises Hold: the record then waits for a person. A record that no tablet of
ours would make raises Malformed or BadCoordinates before anything is stored (`check_shape`).
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from django.contrib.gis.geos import LineString, Point
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core.duties import Act
from core.typing import present
from issues.index import SCALES
from issues.life.lifecycle import Change, move
from issues.life.registration import IssueRefused, NewIssue, register, territory_of
from issues.models import Category, EntryKind, HistoryEntry, Issue, Origin
from issues.workflow import ClosingKind, Status, TransitionRefused
from territories.geo import parse_point
from territories.models import BoundarySet
from walks.models import Device, HoldReason, Presence, RecordKind, SyncRecord, TrackSegment, Walk
from walks.sync.envelope import Item, Malformed, read_uuid

# How refusals of issues.life.registration read in the inbox.
REFUSALS = {
    "title": HoldReason.TEXT,
    "text": HoldReason.TEXT,
    "category_closed": HoldReason.CATEGORY,
    "outside": HoldReason.OUTSIDE,
    "levels": HoldReason.LEVELS,
}
OLDEST = dt.timedelta(days=400)
# A clock may be wrong by so much; a walk lasts a day at most.
AHEAD = dt.timedelta(hours=1)
LONGEST_WALK = dt.timedelta(days=1)
MOST_PEOPLE = 200
# What a tablet without a walk tells is of its author's day.
DAYS = uuid.UUID("6f1b6c62-5a3e-4c0c-9a53-1b0f5f7d5a10")


class Hold(Exception):
    """This record waits for a person."""

    def __init__(self, reason: HoldReason, sentence: str = "") -> None:
        super().__init__(sentence or reason.label)
        self.reason = reason


class SignIn(NamedTuple):
    """Who was on which tablet."""

    device: Device | None
    sender: User | None
    # In a file that the office took in: the tablet is the one the record names.
    is_import: bool = False


@dataclass(frozen=True)
class Case:
    """A record on its way into the domain; `forced` once a person of the office accepted it."""

    record: SyncRecord
    item: Item
    signed_in: SignIn
    forced: bool = False
    correction: dict = field(default_factory=dict)

    @property
    def author(self) -> User | None:
        """Who made it."""
        return self.record.author

    @property
    def office(self) -> str:
        """The office named in the history."""
        return _("Caminata")


def check_shape(item: Item) -> None:
    """Raise Malformed or BadCoordinates for a body that cannot be understood at all."""
    if item.content.get("device") is not None:
        read_uuid(item.content["device"])
    check = _SHAPES.get(item.kind)
    if check:
        check(item.content)


def project(case: Case) -> None:
    """Apply a record to the domain; raises Hold when a person has to look first."""
    if not case.forced:
        _check_author(case)
    _KINDS.get(case.item.kind, _unknown_kind)(case)


def _check_author(case: Case) -> None:
    device, author = _device(case), case.author
    if device is not None and device.is_revoked:
        raise Hold(HoldReason.DEVICE)
    if device is not None and device.is_idle and case.signed_in.sender is None:
        raise Hold(HoldReason.IDLE)
    if author is None or not _knows(device, case.signed_in.sender, author):
        raise Hold(HoldReason.AUTHOR)
    if not author.may_walk:
        raise Hold(HoldReason.ROLE)


def _device(case: Case) -> Device | None:
    device_id = case.item.content.get("device")
    if not case.signed_in.is_import or not isinstance(device_id, str):
        return case.signed_in.device
    return Device.objects.filter(pk=read_uuid(device_id)).first()


def _knows(device: Device | None, sender: User | None, author: User) -> bool:
    if sender is not None and sender.pk == author.pk:
        return True
    return device is not None and device.sign_ins.filter(user=author).exists()


# --- A new problem ----------------------------------------------------------------------------
def _new_issue(case: Case) -> None:
    new = _described(case)
    if not case.forced:
        _check_place(case, new.location)
        _check_walk(case)
    try:
        register(new, actor=case.author, office=case.office)
    except IssueRefused as refused:
        raise Hold(REFUSALS[refused.code], str(refused)) from refused


def _described(case: Case) -> NewIssue:
    content = case.item.content | case.correction
    levels = _levels(case, content)
    return NewIssue(
        id=case.record.id,
        title=content["title"],
        description=content.get("description") or "",
        address=content.get("address") or "",
        category=_category(content["category"]),
        location=_location(content),
        accuracy_m=content.get("accuracy_m"),
        moved_by_hand=bool(content.get("moved_by_hand")),
        origin=Origin.WALK,
        levels_evidence=content.get("levels_evidence") or "",
        reported_at=_believable(case.record.captured_at),
        severity=levels.get("severity"),
        reach=levels.get("reach"),
        duration=levels.get("duration"),
        vulnerability=levels.get("vulnerability"),
    )


def _levels(case: Case, content: dict) -> Mapping[str, int | None]:
    """The levels as they came; none of an author whose duty they are not, even once accepted."""
    rates = case.author is not None and case.author.may(Act.SET_LEVELS)
    return (rates and content.get("levels")) or {}


def _category(code: str) -> Category:
    category = Category.objects.select_related("department", "group").filter(code=code).first()
    if category is None:
        raise Hold(HoldReason.CATEGORY, _("La categoría «%(code)s» no existe.") % {"code": code})
    return category


def _check_place(case: Case, location: Point) -> None:
    try:
        code = territory_of(location).code
    except IssueRefused as refused:
        raise Hold(HoldReason.OUTSIDE, str(refused)) from refused
    hinted, hinted_set = case.item.content.get("territory"), case.item.content.get("boundary_set")
    if hinted is not None and hinted != code and hinted_set != _set_in_force():
        raise Hold(HoldReason.BOUNDARIES)
    if not present(case.author).works_in(code):
        raise Hold(HoldReason.TERRITORY)


def _check_walk(case: Case) -> None:
    walk = Walk.objects.filter(pk=case.record.walk_id).first() if case.record.walk_id else None
    if walk is None or walk.ended_at is None or case.record.captured_at is None:
        return
    if case.record.captured_at > walk.ended_at:
        raise Hold(HoldReason.WALK)


def _when(case: Case) -> dt.datetime:
    """When a record was made; of a clock that cannot be right, when it came."""
    return _believable(case.record.captured_at) or case.record.received_at


def _set_in_force() -> int | None:
    return BoundarySet.objects.in_force().values_list("pk", flat=True).first()


def _believable(moment: dt.datetime | None) -> dt.datetime | None:
    """A tablet's clock within reason; else None, which means the time of arrival."""
    now = timezone.now()
    return moment if moment and now - OLDEST < moment < now + AHEAD else None


# --- About a problem that is known ------------------------------------------------------------
def _remark(case: Case) -> None:
    _note(_subject(case), case, reason=case.item.content["text"].strip())


def _still_there(case: Case) -> None:
    _note(_subject(case), case, public_text=_("Visto en una caminata: sigue ahí."))


def _support(case: Case) -> None:
    # Nobody is asked for a name on the street: one number for each walk and problem, and the last counts.
    issue, at = _subject(case), _when(case)
    walk_id = _walk(case).pk if case.record.walk_id else _own_day(case, at)
    told = {"people": case.item.content.get("people") or 1, "told_at": at}
    # The problem before the counter of references, as all that write about problems.
    Issue.objects.locked(issue.pk)
    present, made = Presence.objects.get_or_create(walk_id=walk_id, issue=issue, defaults=told)
    if not made and present.told_at <= at:
        Presence.objects.filter(pk=present.pk).update(**told)


def _own_day(case: Case, at: dt.datetime) -> uuid.UUID:
    return uuid.uuid5(DAYS, f"{case.author.pk if case.author else ''}:{timezone.localdate(at)}")


def _withdraw(case: Case) -> None:
    issue = _subject(case)
    if issue.created_by_id != case.record.author_id and not case.forced:
        raise Hold(HoldReason.STALE, _("Lo registró otra persona."))
    change = Change(
        to=Status.CLOSED,
        closing_kind=ClosingKind.WITHDRAWN,
        public_text=_("Retirado por quien lo registró, el mismo día."),
    )
    try:
        if issue.status != Status.REGISTERED:
            raise TransitionRefused(_("El problema ya avanzó: no se puede deshacer."))
        move(issue, change, actor=case.author, office=case.office)
    except TransitionRefused as refused:
        raise Hold(HoldReason.STALE, str(refused)) from refused


def _change(case: Case) -> None:
    if not case.forced:
        raise Hold(HoldReason.PROPOSAL, case.item.content["text"].strip())
    _note(_subject(case), case, reason=case.item.content["text"].strip())


def _subject(case: Case) -> Issue:
    issue = (
        Issue.objects.filter(Q(pk=case.record.subject_id))
        .select_related("territory", "duplicate_of__territory")
        .first()
    )
    if issue is None:
        raise Hold(HoldReason.SUBJECT)
    # Merged while the tablet was away: what was told goes to the problem that stayed.
    kept = issue.duplicate_of or issue
    if not case.forced:
        _check_reach(case, kept)
    return kept


def _check_reach(case: Case, issue: Issue) -> None:
    """One tells only of what one may see and act on; what cannot be seen is as if it were not."""
    author = present(case.author)
    if not Issue.objects.visible_to(author).filter(pk=issue.pk).exists():
        raise Hold(HoldReason.SUBJECT)
    if issue.created_by_id == author.pk:
        return
    if not author.works_in(issue.territory.code if issue.territory else None):
        raise Hold(HoldReason.TERRITORY, _("El problema es de otro barrio."))


def _note(issue: Issue, case: Case, *, reason: str = "", public_text: str = "") -> None:
    HistoryEntry.objects.create(
        issue=issue,
        kind=EntryKind.NOTE,
        actor=case.author,
        office=case.office,
        at=timezone.now(),
        reason=reason,
        public_text=public_text,
        evidence=[f"record:{case.record.id}"],
    )


# --- The walk itself --------------------------------------------------------------------------
def _walk(case: Case) -> Walk:
    """The walk of a record, made on first sight: its pieces may come in any order. It is its author's."""
    if case.author is None:
        raise Hold(HoldReason.AUTHOR)
    walk, _made = Walk.objects.get_or_create(
        pk=present(case.record.walk_id),
        defaults={"author": case.author, "device": case.record.device, "started_at": _when(case)},
    )
    if walk.author_id != case.record.author_id:
        raise Hold(HoldReason.AUTHOR, _("La caminata es de otra persona."))
    return walk


def _walk_start(case: Case) -> None:
    code, walk = case.item.content.get("territory"), _walk(case)
    if code is not None and not case.forced and not present(case.author).works_in(code):
        raise Hold(HoldReason.TERRITORY, _("La caminata es de otro barrio."))
    walk.territory_code, walk.started_at = code, _when(case)
    _check_length(case, walk)
    walk.save(update_fields=["territory_code", "started_at"])


def _track(case: Case) -> None:
    walk = _walk(case)
    points = [(lng, lat) for lng, lat, *_more in case.item.content["points"]]
    path = LineString(points if len(points) > 1 else points * 2, srid=4326)
    TrackSegment.objects.create(record=case.record, walk_id=walk.pk, path=path)


def _walk_end(case: Case) -> None:
    walk = _walk(case)
    walk.ended_at, walk.captured = _when(case), case.item.content.get("captured")
    _check_length(case, walk)
    walk.save(update_fields=["ended_at", "captured"])


def _check_length(case: Case, walk: Walk) -> None:
    if walk.ended_at is None or case.forced:
        return
    if not dt.timedelta() <= walk.ended_at - walk.started_at <= LONGEST_WALK:
        raise Hold(HoldReason.TIME, _("La caminata terminaría antes de empezar, o duraría más de un día."))


def _unknown_kind(case: Case) -> None:
    raise Hold(HoldReason.KIND)


# --- Shapes -----------------------------------------------------------------------------------
def _issue_shape(content: dict) -> None:
    _texts(content, required=("title", "category"), optional=("description", "address", "levels_evidence"))
    _location(content)
    _levels_shape(content.get("levels") or {})
    accuracy = content.get("accuracy_m")
    if accuracy is not None and not (type(accuracy) in (int, float) and 0 <= accuracy < 1e7):
        raise Malformed(_("La precisión va en metros."))
    _whole(content, "territory")


def _levels_shape(levels: object) -> None:
    if not isinstance(levels, dict):
        raise Malformed(_("Los niveles del puntaje vienen mal escritos."))
    if any(type(levels.get(name)) not in (int, type(None)) for name in SCALES):
        raise Malformed(_("Cada nivel del puntaje va de 0 a 3."))


def _location(content: dict) -> Point:
    return parse_point(lat=content.get("lat"), lng=content.get("lng"))


def _subject_shape(content: dict) -> None:
    if content.get("issue") is None:
        raise Malformed(_("Falta el problema al que se refiere."))


def _support_shape(content: dict) -> None:
    _subject_shape(content)
    _whole(content, "people")
    if not 1 <= (content.get("people") or 1) <= MOST_PEOPLE:
        raise Malformed(_("En una caminata caben hasta 200 personas."))


def _text_shape(content: dict) -> None:
    _subject_shape(content)
    _texts(content, required=("text",))


def _change_shape(content: dict) -> None:
    _text_shape(content)
    changes = content.get("changes") or {}
    if not isinstance(changes, dict):
        raise Malformed(_("El cambio propuesto viene mal escrito."))
    _texts(changes, required=tuple({"title", "category"} & {*changes}))
    if changes.get("lat") is not None or changes.get("lng") is not None:
        _location(changes)


def _walk_shape(content: dict) -> None:
    if content.get("walk") is None:
        raise Malformed(_("Falta la caminata."))
    _whole(content, "territory")
    _whole(content, "captured")


def _track_shape(content: dict) -> None:
    _walk_shape(content)
    points = content.get("points")
    if not isinstance(points, list) or not 1 <= len(points) <= 500:
        raise Malformed(_("Un tramo lleva entre 1 y 500 puntos."))
    for point in points:
        if not isinstance(point, list) or len(point) < 2:
            raise Malformed(_("Cada punto lleva longitud y latitud."))
        parse_point(lat=point[1], lng=point[0])


def _texts(content: dict, required: tuple[str, ...], optional: tuple[str, ...] = ()) -> None:
    for name in required:
        if not isinstance(content.get(name), str) or not content[name].strip():
            raise Malformed(_("Falta «%(name)s».") % {"name": name})
    if any(not isinstance(content.get(name) or "", str) for name in optional):
        raise Malformed(_("Un texto viene mal escrito."))


def _whole(content: dict, name: str) -> None:
    value = content.get(name)
    if value is not None and not (type(value) is int and 0 <= value < 2**31):
        raise Malformed(_("«%(name)s» debe ser un número entero.") % {"name": name})


_SHAPES: dict[str, Callable[[dict], None]] = {
    RecordKind.ISSUE: _issue_shape,
    RecordKind.REMARK: _text_shape,
    RecordKind.CHANGE: _change_shape,
    RecordKind.STILL_THERE: _subject_shape,
    RecordKind.SUPPORT: _support_shape,
    RecordKind.WITHDRAW: _subject_shape,
    RecordKind.WALK_START: _walk_shape,
    RecordKind.TRACK: _track_shape,
    RecordKind.WALK_END: _walk_shape,
}
_KINDS: dict[str, Callable[[Case], None]] = {
    RecordKind.ISSUE: _new_issue,
    RecordKind.REMARK: _remark,
    RecordKind.STILL_THERE: _still_there,
    RecordKind.SUPPORT: _support,
    RecordKind.CHANGE: _change,
    RecordKind.WITHDRAW: _withdraw,
    RecordKind.WALK_START: _walk_start,
    RecordKind.TRACK: _track,
    RecordKind.WALK_END: _walk_end,
}
