"""What waits for a person before it is public: read, corrected, published or hidden, never by its author."""

from __future__ import annotations

from collections.abc import Mapping

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from issues.life import edits
from issues.life.registration import IssueRefused
from issues.models import HidingReason, Issue, IssueQuerySet, Visibility

CORRECTABLE = ("title", "description", "address")


def waiting_for(user: User) -> IssueQuerySet:
    """What this person sees waiting; what was taken back is not published by anybody."""
    if not (user.is_facilitator or user.sees_everything):
        return Issue.objects.none()
    return Issue.objects.editable_by(user).open().filter(visibility=Visibility.REVIEW)


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


def _require_open(issue: Issue, actor: User) -> None:
    """Who wrote a text is not the one who looks at it first, and two decide nothing twice."""
    locked = Issue.objects.locked(issue.pk)
    if locked.created_by_id == actor.pk:
        raise PermissionDenied
    if locked.visibility != Visibility.REVIEW:
        raise IssueRefused("decided", _("Otra persona ya lo decidió."))
