"""What the screens of the room know: one document for the projector, one for who conducts."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from gatherings import attendance, ballot, tokens
from gatherings.models import BallotItem, Gathering, GatheringState, Organisation
from issues.index import display
from issues.models import STATUS_LABELS, Issue
from issues.workflow import FINISHED, WITH_DEPARTMENT, Status

SUGGESTED = 40
COMMITMENTS = 30
ANSWERED = frozenset({*WITH_DEPARTMENT, Status.REPORTED_DONE})


def public_state(gathering: Gathering) -> dict[str, object]:
    """What everyone in the room may see on the wall; counts only once they are final."""
    return {
        **_frame(gathering),
        "attendance": _attendance(gathering),
        "commitments": [_commitment(issue) for issue in commitments(gathering)],
        "ballot": [_item(item, gathering, counts=gathering.is_closed) for item in _ballot(gathering)],
    }


def conductor_state(gathering: Gathering) -> dict[str, object]:
    """The same with the counts typed so far, the suggestions for the ballot and the organisations."""
    items = _ballot(gathering)
    return {
        **_frame(gathering),
        "attendance": _attendance(gathering),
        "commitments": [_commitment(issue) for issue in commitments(gathering)],
        "ballot": [_item(item, gathering, counts=True) for item in items],
        "witnesses": gathering.witnesses,
        "candidates": _candidates(gathering, items),
        "organisations": _organisations(gathering),
    }


def commitments(gathering: Gathering) -> QuerySet[Issue]:
    """Problems of the neighbourhood that an office has, and those finished since the gathering before."""
    if not gathering.territory_id:
        return Issue.objects.none()
    since = _gathering_before(gathering)
    standing = Q(status__in=ANSWERED) | Q(status__in=FINISHED, status_since__gte=since)
    here = Issue.objects.public().filter(standing, territory__code=gathering.territory.code)
    told = here.select_related("department").only(
        "reference", "title", "status", "status_since", "committed_date", "department__name"
    )
    return told.order_by("committed_date", "status_since", "id")[:COMMITMENTS]


def _gathering_before(gathering: Gathering) -> object:
    before = Gathering.objects.closed().filter(territory__code=gathering.territory.code)
    earlier = before.filter(starts_at__lt=gathering.starts_at).order_by("-starts_at")
    return earlier.values_list("starts_at", flat=True).first() or gathering.starts_at


def _frame(gathering: Gathering) -> dict[str, object]:
    return {
        "revision": gathering.revision,
        "state": gathering.state,
        "shown": gathering.shown,
        "mode": gathering.mode,
        "voters": gathering.voters,
        "people": gathering.people_present,
        "tokens_each": gathering.tokens_each,
        "tokens_per_issue": gathering.tokens_per_issue,
        "seed": gathering.seed,
        "digest": gathering.digest,
    }


def _attendance(gathering: Gathering) -> dict[str, object]:
    people, voters = attendance.totals(gathering)
    lines = gathering.attendance.select_related("organisation").order_by("organisation__name")
    return {
        "people": people,
        "voters": voters,
        "lines": [
            {
                "organisation": line.organisation_id,
                "name": line.organisation.name if line.organisation_id else "",
                "people": line.people,
                "voters": line.voters,
            }
            for line in lines
        ],
    }


def _commitment(issue: Issue) -> dict[str, object]:
    late = issue.committed_date and issue.status in ANSWERED and issue.committed_date < timezone.localdate()
    return {
        "id": str(issue.pk),
        "reference": issue.reference,
        "title": issue.title,
        "status": issue.status,
        "status_label": str(STATUS_LABELS[issue.status]),
        "department": issue.department.name if issue.department_id else "",
        "committed_date": issue.committed_date.isoformat() if issue.committed_date else None,
        "late": bool(late),
    }


def _ballot(gathering: Gathering) -> list[BallotItem]:
    """The ballot in the order of the screen or, once closed, of the places.

    A problem that was hidden after it came on the ballot keeps its place and loses its words.
    """
    public = Exists(Issue.objects.public().filter(pk=OuterRef("issue_id")))
    items = gathering.ballot.annotate(is_public=public).select_related("issue__category__group")
    return list(items.order_by("place" if gathering.is_closed else "shown_at"))


def _item(item: BallotItem, gathering: Gathering, *, counts: bool) -> dict[str, object]:
    known = issue_words(item.issue) if item.is_public else hidden_words(item.issue)
    told = {**known, "place": item.place if gathering.is_closed else None}
    if counts:
        share = tokens.support(item.tokens or 0, gathering.voters, gathering.tokens_each)
        told |= {"tokens": item.tokens, "people": item.people, "support": round(float(share) * 100, 1)}
    return told


def issue_words(issue: Issue) -> dict[str, object]:
    """A problem as the screens of the room show it; lat and lng in degrees, EPSG:4326."""
    return {
        "issue": str(issue.pk),
        "reference": issue.reference,
        "title": issue.title,
        "category": issue.category.name,
        "icon": issue.category.group.icon,
        "address": issue.address,
        "status": issue.status,
        "index": None if issue.index is None else float(display(issue.index)),
        "lat": round(issue.location.y, 6),
        "lng": round(issue.location.x, 6),
    }


def hidden_words(issue: Issue) -> dict[str, object]:
    """The same problem when it may not be shown any more."""
    nothing = {
        "category": "",
        "icon": "",
        "address": "",
        "status": "",
        "index": None,
        "lat": None,
        "lng": None,
    }
    return {"issue": str(issue.pk), "reference": "", "title": _("Problema que ya no es público"), **nothing}


def _candidates(gathering: Gathering, items: list[BallotItem]) -> list[dict[str, object]]:
    if gathering.state != GatheringState.OPEN:
        return []
    waiting = ballot.candidates(gathering).exclude(pk__in=[item.issue_id for item in items])
    found = list(waiting.select_related("category__group")[:SUGGESTED])
    near = ballot.near_duplicates([*(issue.pk for issue in found), *(item.issue_id for item in items)])
    titles = {issue.pk: issue.title for issue in found} | {item.issue_id: item.issue.title for item in items}
    return [
        {
            **issue_words(issue),
            "like": [{"issue": str(pk), "title": titles[pk]} for pk in near.get(issue.pk, [])],
        }
        for issue in found
    ]


def _organisations(gathering: Gathering) -> list[dict[str, object]]:
    if gathering.state != GatheringState.OPEN:
        return []
    code = gathering.territory.code if gathering.territory_id else None
    here = Organisation.objects.filter(
        Q(territory_code=code) | Q(territory_code__isnull=True), is_active=True
    )
    return list(here.order_by("name").values("id", "name", "kind"))
