"""Published lists and handed-over problems in the drawn town."""

from __future__ import annotations

import hashlib
import json

import pytest
from django.utils import timezone

from handovers.life import answers, progress
from handovers.life.delivery import hand_over
from handovers.models import HandoverItem
from issues.life.lifecycle import Change, move
from issues.models import Issue, Photo
from issues.workflow import Status
from rankings.models import ListPlace, RankedList


@pytest.fixture
def validated(make_issue):
    """Registers an issue and has it validated by a gathering."""

    def make(territory: int = 1, **more) -> Issue:
        issue = make_issue(territory, **more)
        return move(issue, Change(to=Status.VALIDATED), actor=None, office="Reunión barrial")

    return make


@pytest.fixture
def publish(cabinet):
    """Publishes issues as a list, in the given order, one round for each neighbourhood's turn."""

    def make(*issues: Issue, track: str = "gestion") -> RankedList:
        last = RankedList.objects.first()
        number = last.number + 1 if last else 1
        digest = hashlib.sha256(str(number).encode()).hexdigest()
        items = [{"reference": issue.reference} for issue in issues]
        # Each list of a world of its own: the database refuses two of one.
        document = {"number": number, "track": track, "digest": digest, "items": items, "world": number}
        made = RankedList.objects.create(
            number=number,
            track=track,
            published_at=timezone.now(),
            published_by=cabinet,
            office=cabinet.office,
            document=json.dumps(document),
            digest=digest,
            previous_digest=last.digest if last else "",
        )
        seen: dict[int, int] = {}
        for place, issue in enumerate(issues, 1):
            seen[issue.territory_id] = seen.get(issue.territory_id, 0) + 1
            ListPlace.objects.create(**_place(made, place, issue, seen[issue.territory_id]))
        return made

    return make


def _place(made: RankedList, place: int, issue: Issue, turn: int) -> dict:
    return {
        "ranked_list": made,
        "place": place,
        "rule_place": place,
        "round": turn,
        "issue": issue,
        "territory": issue.territory,
        "position_in_territory": turn,
        "k": turn,
        "index": issue.index,
        "is_provisional": False,
        "department": issue.department,
        "reason": f"Es el N.º {turn} de su barrio.",
    }


@pytest.fixture
def handed(validated, publish, cabinet):
    """Hands over one validated problem and returns its item."""

    def make(territory: int = 1, **more) -> HandoverItem:
        issue = validated(territory, **more)
        hand_over(publish(issue), cabinet)
        return HandoverItem.objects.get(issue=issue)

    return make


@pytest.fixture
def item(handed) -> HandoverItem:
    """A problem just handed over to Operaciones."""
    return handed()


@pytest.fixture
def photo_after():
    """Gives an item's issue a photo of how it was left."""

    def make(item: HandoverItem, kind: str = "after") -> Photo:
        count = Photo.objects.count()
        digest = hashlib.sha256(f"{item.pk}-{count}".encode()).hexdigest()
        photo = Photo(issue=item.issue, kind=kind, received_sha256=digest, width=4, height=3)
        photo.file.name = f"photos/{photo.id}.jpg"
        return Photo.objects.bulk_create([photo])[0]

    return make


@pytest.fixture
def bring_to(item, manager, photo_after):
    """Moves the item along the manager's way to a status."""

    def go(status: Status) -> HandoverItem:
        steps = {
            Status.ACKNOWLEDGED: lambda: answers.acknowledge(item, manager),
            Status.SCHEDULED: lambda: answers.accept(item, manager, committed_date=timezone.localdate()),
            Status.IN_PROGRESS: lambda: progress.start(item, manager),
            Status.REPORTED_DONE: lambda: progress.report_done(item, manager, photos=[photo_after(item)]),
        }
        for step, act in steps.items():
            if item.issue.status == status:
                break
            act()
            item.refresh_from_db()
            assert item.issue.status == step
        return item

    return go
