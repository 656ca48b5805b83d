"""Decisions of the office about held and conflicting items; the received bytes stay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from core.duties import Act, require
from core.postgis import identity
from core.typing import present
from issues.life.edits import correct as correct_issue
from issues.life.registration import IssueRefused
from issues.models import Category, Issue
from issues.workflow import TransitionRefused
from territories.geo import BadCoordinates, parse_point
from walks.models import Decision, DecisionKind, Held, HoldReason, RecordKind
from walks.office.proposals import apply as apply_proposal
from walks.sync.arrivals import attach_anyway, attach_photos
from walks.sync.envelope import Malformed, read_content
from walks.sync.inbox import item_of
from walks.sync.projection import Case, Hold, SignIn, check_shape, project

CORRECTABLE = ("title", "category", "lat", "lng")


class DecisionRefused(ValueError):
    """The decision cannot be carried out; the text is one sentence."""


@transaction.atomic
def accept(
    held: Held, *, by: User, correction: Mapping[str, object] | None = None, reason: str = ""
) -> Decision:
    """Apply a held item to the domain, corrected or as it is. Raises DecisionRefused."""
    changed = {name: value for name, value in (correction or {}).items() if name in CORRECTABLE}
    decision = _decide(held, DecisionKind.CORRECT if changed else DecisionKind.ACCEPT, by, reason, changed)
    try:
        _carry_out(held, changed, by)
    except Hold as hold:
        raise DecisionRefused(str(hold)) from hold
    except (Malformed, BadCoordinates, IssueRefused, TransitionRefused) as error:
        raise DecisionRefused(str(error)) from error
    return decision


@transaction.atomic
def reject(held: Held, *, by: User, reason: str) -> Decision:
    """Reject a held item, with a written reason. Raises DecisionRefused without one."""
    if not reason.strip():
        raise DecisionRefused(_("Escribe por qué se rechaza."))
    return _decide(held, DecisionKind.REJECT, by, reason.strip(), {})


def _decide(held: Held, kind: DecisionKind, by: User, reason: str, correction: dict) -> Decision:
    require(by.post, Act.INBOX)
    try:
        with transaction.atomic():
            return Decision.objects.create(
                held=held, kind=kind, decided_by=by, reason=reason, correction=correction
            )
    except IntegrityError as error:
        raise DecisionRefused(_("Otra persona ya lo decidió.")) from error


def _carry_out(held: Held, correction: dict, by: User) -> None:
    if held.reason == HoldReason.CONFLICT:
        _take_variant(held, correction, by)
    elif held.photo_id:
        attach_anyway(present(held.photo))
    elif present(held.record).kind == RecordKind.CHANGE and _apply_proposal(held, correction, by):
        pass
    else:
        _project(held, correction)


def _apply_proposal(held: Held, correction: dict, by: User) -> bool:
    """False when a proposal brings words only: those become a note."""
    record = present(held.record)
    return apply_proposal(record, item_of(record).content, correction, by=by)


def _project(held: Held, correction: dict) -> None:
    record = present(held.record)
    item = item_of(record)
    check_shape(replace(item, content=item.content | correction))
    signed_in = SignIn(record.device, record.sender)
    with identity.behind("inbox"):
        project(Case(record, item, signed_in, forced=True, correction=correction))
        attach_photos(record, item.photos)


def _take_variant(held: Held, correction: dict, by: User) -> None:
    """The other body is the right one: title, description and category of the problem follow it."""
    issue = Issue.objects.filter(Q(pk=held.record_id)).first()
    if issue is None:
        raise Hold(HoldReason.SUBJECT, _("El primer envío no llegó a ser un problema: decídelo antes."))
    content = read_content(present(held.variant).body) | correction
    changes = {name: content[name] for name in ("title", "description", "address") if content.get(name)}
    category = Category.objects.filter(code=content.get("category")).first()
    if category:
        changes["category"] = category
    correct_issue(issue, changes, actor=by, office=by.office, reason=_("Se tomó la otra versión recibida."))


def read_correction(data: Mapping[str, str]) -> dict[str, object]:
    """The filled-in fields of the correction form; raises BadCoordinates for half or impossible positions."""
    texts = {name: data.get(name, "").strip() for name in ("title", "category")}
    found: dict[str, object] = {name: text for name, text in texts.items() if text}
    lat, lng = data.get("lat", "").strip(), data.get("lng", "").strip()
    if lat or lng:
        point = parse_point(lat=lat, lng=lng)
        found |= {"lat": point.y, "lng": point.x}
    return found
