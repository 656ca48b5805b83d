"""The file of the evening: everything that anyone needs to count it again, sealed when the count closes."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence

from django.utils import timezone

from core.commitments import commit, new_salt
from core.typing import present
from gatherings.models import BallotItem, Gathering, GatheringRecord
from gatherings.room import again, annulled, counters
from gatherings.room.ballots import WHOLE_BALLOTS
from gatherings.room.result import canonical
from issues.life.registration import weights_in_force
from issues.models import EntryKind, HistoryEntry, IndexWeights, Issue

FORMAT = "mapa-barrial/reunion/2"
# Below it a ballot could be guessed to be somebody's: only totals are told. verify.py knows it too.
FEWEST_BALLOTS = 10
Text = dict[str, str]


def seal(gathering: Gathering, items: Sequence[BallotItem]) -> str:
    """Keep the file of a gathering that closes now, and return its digest (SHA-256, in hexadecimal).

    Texts stand inside as salted commitments and beside it in the open, where they can be taken away.
    """
    texts: list[Text] = []
    document = document_of(gathering, items, texts)
    text = canonical(document)
    GatheringRecord.objects.create(gathering=gathering, document=text, texts=texts)
    return hashlib.sha256(text.encode()).hexdigest()


def document_of(gathering: Gathering, items: Sequence[BallotItem], texts: list[Text]) -> dict[str, object]:
    """What the digest is taken over: no person, and no text that could be hidden; those go to `texts`."""
    return {
        "format": FORMAT,
        "number": gathering.number,
        "territory": gathering.territory_code,
        "council": gathering.council,
        "planned": _moment(gathering.starts_at),
        "opened": _moment(gathering.opened_at or gathering.starts_at),
        "closed": _moment(present(gathering.closed_at)),
        "opened_reason": _committed(gathering.opened_reason, texts),
        "attendance": _attendance(gathering),
        "people": gathering.people_present,
        "voters": gathering.voters,
        "mode": gathering.mode,
        "tokens_each": gathering.tokens_each,
        "tokens_per_issue": gathering.tokens_per_issue,
        "seed": gathering.seed,
        "ballot": [item.issue.reference for item in sorted(items, key=lambda item: item.shown_at)],
        "places": [_place(item) for item in sorted(items, key=lambda item: present(item.place))],
        "ballots": _ballots(gathering),
        "ballots_counted": gathering.ballots_counted,
        "ballots_left_out": gathering.ballots_left_out,
        "missing_reason": _committed(gathering.missing_reason, texts),
        "typings": gathering.typings,
        "counters": counters.named(gathering),
        "witnesses": gathering.witnesses,
        "annulled": _annulled(gathering, texts),
        "weights": _weights(),
        "levels": _levels(items, present(gathering.closed_at)),
    }


def _moment(moment: dt.datetime) -> str:
    return timezone.localtime(moment).isoformat(timespec="seconds")


def _committed(text: str, texts: list[Text], salt: str = "") -> str | None:
    """The commitment to a text, which is kept beside with its salt; nothing for no text."""
    if not text:
        return None
    salt = salt or new_salt()
    texts.append({"commitment": commit(salt, text), "salt": salt, "text": text})
    return texts[-1]["commitment"]


def _attendance(gathering: Gathering) -> list[list[object]]:
    lines = gathering.attendance.order_by("organisation__name", "id")
    return [list(line) for line in lines.values_list("organisation__name", "people", "voters")]


def _place(item: BallotItem) -> dict[str, object]:
    return {
        "place": item.place,
        "reference": item.issue.reference,
        "reported_on": timezone.localdate(item.issue.reported_at).isoformat(),
        "tokens": item.tokens,
        "people": item.people,
        "index": item.index_then,
    }


def _weights() -> dict[str, object]:
    """What each scale counts, in hundredths, and since when."""
    row = IndexWeights.objects.first()
    return {**weights_in_force()._asdict(), "since": _moment(row.since) if row else None}


def _levels(items: Sequence[BallotItem], closed_at: dt.datetime) -> list[dict[str, object]]:
    """The levels that two accounts said of each problem, and every change of its index until now."""
    issues = sorted((item.issue for item in items), key=lambda issue: issue.reference)
    changes = _changes(issues, closed_at)
    return [
        {
            "reference": issue.reference,
            "levels": list(issue.levels) if issue.levels_confirmed_by_id else None,
            "changes": changes.get(issue.pk, []),
        }
        for issue in issues
    ]


def _changes(issues: Sequence[Issue], closed_at: dt.datetime) -> dict[object, list[dict[str, object]]]:
    lines = HistoryEntry.objects.filter(kind=EntryKind.LEVELS, issue__in=issues, at__lte=closed_at)
    found: dict[object, list[dict[str, object]]] = {}
    for issue, at, office, before, after in lines.order_by("id").values_list(*_OF_A_CHANGE):
        told = {"at": _moment(at), "office": office, "before": _index(before), "after": _index(after)}
        found.setdefault(issue, []).append(told)
    return found


_OF_A_CHANGE = ("issue", "at", "office", "from_value", "to_value")


def _index(written: str) -> int | None:
    return int(written) if written else None


def _ballots(gathering: Gathering) -> list[dict[str, int]] | None:
    """Every ballot by its content, without number, time or seat; nothing where they are few."""
    if gathering.mode not in WHOLE_BALLOTS or (gathering.ballots_counted or 0) < FEWEST_BALLOTS:
        return None
    return again.by_reference(gathering, gathering.cast.values_list("choices", flat=True))


def _annulled(gathering: Gathering, texts: list[Text]) -> list[dict[str, object]]:
    documents = annulled.documents_of(gathering)
    for count in gathering.annulled.all():
        _committed(count.reason, texts, count.salt)
    return documents
