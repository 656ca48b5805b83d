"""The same problem reported twice: found by distance and category, merged with links both ways."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.contrib.gis.db.models.functions import Distance
from django.contrib.gis.geos import Point
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from accounts.models import User
from core.postgis import identity
from issues.life.lifecycle import Change, move
from issues.models import Category, EntryKind, HistoryEntry, Issue, IssueQuerySet, Support
from issues.workflow import ClosingKind, Status, TransitionRefused

NEAR_METRES = 50.0


def likely_duplicates(
    among: IssueQuerySet, category: Category, location: Point, metres: float = NEAR_METRES
) -> QuerySet:
    """Open problems of a category within so many metres (geodesic) of a point in EPSG:4326, nearest first.

    Each has `.distance`. `among` says which may be shown at all.
    """
    near = among.open().filter(category=category).within_metres(location, metres)
    return near.annotate(distance=Distance("location", location)).order_by("distance", "reference")


@transaction.atomic
def merge(
    duplicate: Issue,
    into: Issue,
    *,
    actor: User | None,
    office: str,
    at: dt.datetime | None = None,
    public_text: str = "",
) -> Issue:
    """Close a problem as duplicate of another; its supports go over, each counted once. Returns `into`.

    What had been joined to it before leads to `into` too: `duplicate_of` is always the one that stays.
    Raises TransitionRefused when the two are the same, the other is itself a duplicate or the table
    does not allow the closing.
    """
    now = at or timezone.now()
    with identity.behind("joining"):
        return _merge(duplicate, into, actor, office, now, public_text)


def _merge(
    duplicate: Issue, into: Issue, actor: User | None, office: str, now: dt.datetime, public_text: str
) -> Issue:
    hold_both(duplicate.pk, into.pk)
    kept = _checked(duplicate, into)
    change = Change(
        to=Status.CLOSED,
        closing_kind=ClosingKind.DUPLICATE,
        duplicate_of=kept,
        public_text=public_text
        or _("Es el mismo problema que %(reference)s.") % {"reference": kept.reference},
    )
    move(duplicate, change, actor=actor, office=office, at=now)
    _tell(kept, duplicate, _("Se le une %(reference)s."), actor, office, now)
    _carry_joined(duplicate, kept, actor, office, now)
    _carry_supports(duplicate, kept)
    return kept


def hold_both(duplicate: UUID, into: UUID) -> None:
    """Lock all that joining two problems will write, in the one order; called before any other lock."""
    joined = Issue.objects.filter(duplicate_of=duplicate).values_list("pk", flat=True)
    with identity.behind("joining"):
        Issue.objects.lock_in_order({duplicate, into, *joined})


def support(issue: Issue, supporter: str) -> bool:
    """Count «me sumo» once for each supporter (any stable text); True when it is new.

    Only a keyed digest of the supporter is kept.
    """
    with transaction.atomic(), identity.holding(str(issue.pk)):
        _support, is_new = Support.objects.get_or_create(issue=issue, supporter=_digest(supporter))
        if is_new:
            Issue.objects.filter(pk=issue.pk).update(
                support_count=F("support_count") + 1, updated_at=timezone.now()
            )
    return is_new


def is_supported_by(issue: Issue, supporter: str) -> bool:
    """Whether this supporter counts already."""
    with identity.holding(str(issue.pk)):
        return issue.supports.filter(supporter=_digest(supporter)).exists()


def _digest(supporter: str) -> str:
    return salted_hmac("issues.support", supporter, algorithm="sha256").hexdigest()


def _checked(duplicate: Issue, into: Issue) -> Issue:
    kept = Issue.objects.locked(into.pk)
    if kept.pk == duplicate.pk:
        raise TransitionRefused(_("Un problema no puede ser duplicado de sí mismo."))
    if kept.duplicate_of_id or kept.status == Status.CLOSED:
        raise TransitionRefused(_("El otro problema está cerrado: elige uno que siga abierto."))
    return kept


def _tell(
    issue: Issue, other: Issue, sentence: str, actor: User | None, office: str, now: dt.datetime
) -> None:
    HistoryEntry.objects.create(
        issue=issue,
        kind=EntryKind.MERGE,
        to_value=other.reference,
        actor=actor,
        office=office,
        at=now,
        public_text=sentence % {"reference": other.reference},
    )


def _carry_joined(duplicate: Issue, kept: Issue, actor: User | None, office: str, now: dt.datetime) -> None:
    """What was joined to the duplicate earlier follows it, each with its line of history."""
    joined = list(duplicate.duplicates.select_for_update(no_key=True).order_by("pk"))
    for each in joined:
        _tell(each, kept, _("Ahora se sigue en %(reference)s."), actor, office, now)
    duplicate.duplicates.update(duplicate_of=kept, updated_at=now)


def _carry_supports(duplicate: Issue, kept: Issue) -> None:
    supporters = duplicate.supports.values_list("supporter", flat=True)
    Support.objects.bulk_create(
        [Support(issue=kept, supporter=supporter) for supporter in supporters], ignore_conflicts=True
    )
    Issue.objects.filter(pk=kept.pk).update(support_count=kept.supports.count(), updated_at=timezone.now())
