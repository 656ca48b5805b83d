"""Everything public about one problem, collected from all apps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.contrib.gis.db.models.functions import Distance
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from gatherings.models import BallotItem, GatheringState
from handovers.followers.repair_questions import tally
from handovers.models import HandoverItem
from issues.life.hiding import may_hide
from issues.models import (
    EntryKind,
    HistoryEntry,
    Issue,
    IssueQuerySet,
    Photo,
    PhotoKind,
    Visibility,
    answer_as_shown,
    line_as_shown,
)
from issues.workflow import Status
from maps.listing import for_list
from rankings.models import ListPlace
from walks.models import Presence

NEARBY_METRES = 300
NEARBY = 4

# What a resident follows; each step stands for the statuses after the one before.
STEPS: tuple[tuple[object, frozenset[Status]], ...] = (
    (_("Registrado"), frozenset({Status.REGISTERED})),
    (_("Validado"), frozenset({Status.VALIDATED})),
    (_("Entregado"), frozenset({Status.HANDED_OVER, Status.ACKNOWLEDGED})),
    (_("Programado"), frozenset({Status.SCHEDULED})),
    (_("En ejecución"), frozenset({Status.IN_PROGRESS, Status.ON_HOLD})),
    (_("Listo"), frozenset({Status.REPORTED_DONE, Status.DONE_UNVERIFIED})),
    (_("Verificado"), frozenset({Status.VERIFIED})),
)


@dataclass(frozen=True)
class Step:
    """One station on the way: «done», «current» or «ahead»."""

    label: str
    state: str


def dossier(issue: Issue, user: User | AnonymousUser) -> dict[str, object]:
    """The content of a problem's page; each part is limited to what this person may see."""
    photos = list(Photo.objects.visible_to(user).filter(issue=issue))
    running = current_handover(issue)
    return {
        "issue": issue,
        "steps": steps(issue.status),
        "history": public_history(issue),
        "photo_pair": (pair := before_and_after(photos)),
        "photos_before": [photo for photo in photos if photo.kind == PhotoKind.BEFORE and photo not in pair],
        "photos_later": [photo for photo in photos if photo.kind != PhotoKind.BEFORE and photo not in pair],
        "place": latest_place(issue),
        "ballots": closed_ballots(issue),
        "handover": running,
        "tally": tally(running),
        "duplicates": related(issue, user),
        "nearby": list(nearby(issue, user)),
        "levels": levels(issue),
        "may_hide": issue.visibility == Visibility.PUBLIC and user.is_authenticated and may_hide(issue, user),
        "present": Presence.objects.most_at(issue),
    }


def before_and_after(photos: Sequence[Photo]) -> list[Photo]:
    """The first picture of how it was and the last of how it was left; nothing unless there are both."""
    before = [photo for photo in photos if photo.kind == PhotoKind.BEFORE][:1]
    after = [photo for photo in photos if photo.kind == PhotoKind.AFTER][-1:]
    return before + after if before and after else []


def steps(status: str) -> list[Step]:
    """The way of a problem as stations; empty for a closed one, which left it."""
    reached = next((at for at, (_label, statuses) in enumerate(STEPS) if status in statuses), None)
    if reached is None:
        return []
    names = ("done", "current", "ahead")
    return [Step(str(label), names[(at >= reached) + (at > reached)]) for at, (label, _s) in enumerate(STEPS)]


def public_history(issue: Issue) -> QuerySet:
    """Lines of interest to residents, newest first: changes of status, answers, progress. No persons."""
    is_public = Q(kind=EntryKind.STATUS) | ~Q(public_text="")
    lines = HistoryEntry.objects.filter(is_public, issue=issue)
    told = lines.only("kind", "to_value", "office", "at", "public_text", "hash").order_by("-id")
    return told.annotate(shown_text=line_as_shown())


def latest_place(issue: Issue) -> ListPlace | None:
    """Where the newest published list that names the problem puts it."""
    places = ListPlace.objects.filter(issue=issue).select_related("ranked_list")
    return places.defer("ranked_list__document").order_by("-ranked_list__number").first()


def closed_ballots(issue: Issue) -> QuerySet:
    """What it got at gatherings whose count is final, newest first."""
    items = BallotItem.objects.filter(issue=issue, gathering__state=GatheringState.CLOSED)
    return (
        items.select_related("gathering__territory")
        .defer("gathering__territory__boundary", "gathering__territory__outline")
        .order_by("-gathering__starts_at")
    )


def current_handover(issue: Issue) -> HandoverItem | None:
    """The running handover: which office has it, since when, until when."""
    items = HandoverItem.objects.current().filter(issue=issue).annotate(shown_text=answer_as_shown())
    running = (
        items.select_related("handover__ranked_list", "department")
        .defer("handover__ranked_list__document")
        .first()
    )
    if running:
        running.issue = issue
    return running


def related(issue: Issue, user: User | AnonymousUser) -> IssueQuerySet:
    """The problem this one repeats, and those that repeat it."""
    both = Q(pk=issue.duplicate_of_id) | Q(duplicate_of=issue)
    return Issue.objects.visible_to(user).filter(both).only("reference", "title")


def nearby(issue: Issue, user: User | AnonymousUser) -> IssueQuerySet:
    """The nearest other problems within NEARBY_METRES."""
    others = Issue.objects.visible_to(user).within_metres(issue.location, NEARBY_METRES)
    return for_list(others.exclude(pk=issue.pk)).order_by(Distance("location", issue.location))[:NEARBY]


def levels(issue: Issue) -> list[tuple[object, int]]:
    """The four levels of the index with their names; empty while one is unknown."""
    names = (_("Gravedad"), _("Alcance"), _("Tiempo"), _("Vulnerabilidad"))
    known = [level for level in issue.levels if level is not None]
    return list(zip(names, known, strict=True)) if len(known) == len(names) else []
