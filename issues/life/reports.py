"""What waits for a person before it is public: read, published, joined or hidden, never by its author."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib.gis.db.models.functions import Distance
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, TextField, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext as _

from accounts.models import User
from core.postgis.folding import Folded
from issues.glance import danger
from issues.life import duplicates, edits
from issues.life.registration import IssueRefused
from issues.models import HidingReason, Issue, IssueQuerySet, Visibility
from issues.workflow import TransitionRefused

KNOWN_METRES, KNOWN = 60, 4
CORRECTABLE = ("title", "description", "address")


def waiting_for(user: User) -> IssueQuerySet:
    """What this person sees waiting; what was taken back is not published by anybody."""
    if not (user.is_facilitator or user.sees_everything):
        return Issue.objects.none()
    return Issue.objects.editable_by(user).open().filter(visibility=Visibility.REVIEW)


def dangers_first(rows: IssueQuerySet) -> IssueQuerySet:
    """What sounds like danger now, then the others, each the oldest first."""
    told = Folded(Concat("title", Value(" . "), "description", output_field=TextField()))
    dangerous = rows.annotate(told=told, is_dangerous=Q(told__regex=danger.expression()))
    return dangerous.order_by("-is_dangerous", "reported_at", "pk")


@transaction.atomic
def publish(issue: Issue, texts: Mapping[str, str], *, actor: User) -> Issue:
    """Show it, with its texts as the person corrected them.

    Raises IssueRefused for texts that cannot be right, PermissionDenied for who wrote it.
    """
    _require_open(issue, actor)
    changes = {name: texts[name] for name in CORRECTABLE if name in texts}
    edits.correct(issue, changes, actor=actor, office=actor.office)
    return edits.set_visibility(issue, Visibility.PUBLIC, actor=actor, office=actor.office)


@transaction.atomic
def hide(issue: Issue, reason: str, *, actor: User) -> Issue:
    """Never show it, for a reason from the list, which is public. Raises IssueRefused, PermissionDenied."""
    _require_open(issue, actor)
    if reason not in HidingReason:
        raise IssueRefused("reason", _("Elige el motivo de la lista: será público."))
    told = str(HidingReason(reason).label)
    return edits.set_visibility(issue, Visibility.HIDDEN, actor=actor, office=actor.office, reason=told)


def known_near(issue: Issue) -> IssueQuerySet:
    """Open problems that everybody sees, a few steps away: it may be one of these, the nearest first."""
    near = Issue.objects.public().open().within_metres(issue.location, KNOWN_METRES).exclude(pk=issue.pk)
    return near.annotate(distance=Distance("location", issue.location)).order_by("distance", "pk")[:KNOWN]


@transaction.atomic
def join(issue: Issue, reference: str, *, actor: User) -> Issue:
    """It is the problem of that reference, which stays; raises IssueRefused, PermissionDenied."""
    known = Issue.objects.public().open().filter(reference=reference).first()
    if known is None:
        raise IssueRefused("known", _("Elige de la lista el que ya se sabe."))
    duplicates.hold_both(issue.pk, known.pk)
    _require_open(issue, actor)
    try:
        return duplicates.merge(issue, known, actor=actor, office=actor.office)
    except TransitionRefused as refused:
        raise IssueRefused("known", str(refused)) from refused


def _require_open(issue: Issue, actor: User) -> None:
    """Who wrote a text is not the one who looks at it first, and two decide nothing twice."""
    locked = Issue.objects.locked(issue.pk)
    if locked.created_by_id == actor.pk:
        raise PermissionDenied
    if locked.visibility != Visibility.REVIEW or not locked.is_open:
        raise IssueRefused("decided", _("Otra persona ya lo decidió."))
