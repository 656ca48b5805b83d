"""A change proposed on a walk: compared with the problem, then applied by the office or not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from django.contrib.gis.geos import Point
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from issues.life.edits import correct, relocate
from issues.life.lifecycle import Change, move
from issues.life.registration import IssueRefused
from issues.models import Category, Issue
from issues.statuses import STATUS_LABELS
from issues.workflow import ClosingKind, Status, TransitionRefused
from territories.geo import parse_point
from walks.models import HoldReason, SyncRecord
from walks.sync.projection import Hold

FIELDS = (
    ("title", gettext_lazy("Problema")),
    ("category", gettext_lazy("Categoría")),
    ("place", gettext_lazy("Lugar (latitud, longitud)")),
    ("status", gettext_lazy("Estado")),
)
WITHOUT_DEPARTMENT = (Status.REGISTERED, Status.VALIDATED)


class Line(NamedTuple):
    """One field of a proposal: as the tablet saw it, as it is, as it would become."""

    field: str
    seen: str
    now: str
    then: str

    @property
    def is_changed(self) -> bool:
        """Whether accepting changes this field."""
        return bool(self.then) and self.then != self.now

    @property
    def is_stale(self) -> bool:
        """Whether the office or somebody else changed it after the tablet last looked."""
        return bool(self.seen) and self.seen != self.now


def wanted(content: Mapping[str, object], correction: Mapping[str, object]) -> dict[str, object]:
    """What is asked for, corrected by the office: title, category code, lat and lng, gone."""
    changes = content.get("changes")
    return {**(changes if isinstance(changes, dict) else {}), **correction}


def side_by_side(content: Mapping[str, object], issue: Issue) -> list[Line]:
    """The fields of a proposal that the tablet named, with what they are and would become."""
    seen, now = _words(content.get("seen")), _stored(issue)
    then = _words(wanted(content, {}))
    if then.get("place") or seen.get("place"):
        now["place"] = _place(issue.location.y, issue.location.x)
    lines = [
        Line(str(label), *(words.get(name, "") for words in (seen, now, then))) for name, label in FIELDS
    ]
    return [line for line in lines if line.seen or line.then]


def apply(
    record: SyncRecord, content: Mapping[str, object], correction: Mapping[str, object], *, by: User
) -> bool:
    """Change the problem as proposed, each step a line of its history; False when nothing differs.

    Raises Hold when the problem is not there, IssueRefused and TransitionRefused with a sentence.
    """
    issue, asked = _subject(record), wanted(content, correction)
    reason = _reason(record, content)
    steps: list[Callable[[Issue, Mapping[str, object], User, str], bool]] = [_correct, _relocate, _close]
    done = [step(issue, asked, by, reason) for step in steps]
    return any(done)


def _correct(issue: Issue, asked: Mapping[str, object], by: User, reason: str) -> bool:
    changes: dict[str, object] = {"title": asked["title"]} if asked.get("title") else {}
    if asked.get("category"):
        changes["category"] = _category(str(asked["category"]))
    differs = any(value != getattr(issue, name) for name, value in changes.items())
    if differs:
        correct(issue, changes, actor=by, office=by.office, reason=reason)
    return differs


def _relocate(issue: Issue, asked: Mapping[str, object], by: User, reason: str) -> bool:
    if asked.get("lat") is None:
        return False
    point = parse_point(lat=asked.get("lat"), lng=asked.get("lng"))
    if _place(point.y, point.x) == _place(issue.location.y, issue.location.x):
        return False
    relocate(issue, Point(point.x, point.y, srid=4326), actor=by, office=by.office, reason=reason)
    return True


def _close(issue: Issue, asked: Mapping[str, object], by: User, reason: str) -> bool:
    if asked.get("gone") is not True:
        return False
    if issue.status not in WITHOUT_DEPARTMENT:
        raise TransitionRefused(
            _("Ya lo tiene una dirección: que informe el arreglo y lo verifique la reunión del barrio.")
        )
    change = Change(
        to=Status.CLOSED,
        closing_kind=ClosingKind.WITHDRAWN,
        public_text=_("Visto en una caminata: ya no está."),
        reason=reason,
    )
    move(issue, change, actor=by, office=by.office)
    return True


def _subject(record: SyncRecord) -> Issue:
    rows = Issue.objects.select_related("duplicate_of", "category", "territory")
    issue = rows.filter(Q(pk=record.subject_id)).first()
    if issue is None:
        raise Hold(HoldReason.SUBJECT)
    return issue.duplicate_of or issue


def _category(code: str) -> Category:
    category = Category.objects.filter(code=code).first()
    if category is None or not category.is_open:
        raise IssueRefused("category_closed", _("La categoría «%(code)s» no está abierta.") % {"code": code})
    return category


def _reason(record: SyncRecord, content: Mapping[str, object]) -> str:
    facts = {"who": record.author or "—", "text": str(content.get("text", "")).strip()}
    return _("Propuesto en una caminata (%(who)s): %(text)s") % facts


def _words(proposed: object) -> dict[str, str]:
    if not isinstance(proposed, dict):
        return {}
    words = {name: str(proposed[name]) for name in ("title", "category") if proposed.get(name)}
    if isinstance(proposed.get("lat"), int | float) and isinstance(proposed.get("lng"), int | float):
        words["place"] = _place(proposed["lat"], proposed["lng"])
    status = _("ya no está: cerrado") if proposed.get("gone") is True else proposed.get("label")
    return words | ({"status": str(status)} if status else {})


def _stored(issue: Issue) -> dict[str, str]:
    return {"title": issue.title, "category": issue.category.code, "status": str(STATUS_LABELS[issue.status])}


def _place(lat: float, lng: float) -> str:
    return f"{lat:.6f}, {lng:.6f}"
