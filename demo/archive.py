"""Problems beyond the lively ones: their whole life is written at once, by the same table.

Only what needs no gathering and no list: urgent problems go to their department at once, of the
others some were closed. So no vote, verdict or published place has to be invented.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import random
import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from django.db import connection
from django.db.models import Max
from django.utils import timezone

from accounts.models import User
from core.typing import present
from demo import scenes
from demo.album import CAPTIONS, Album
from demo.deliveries import CLOSINGS
from demo.people import Staff
from demo.problems import Draft, Line, copy, store
from demo.words import answers as words
from gatherings.models import Gathering
from handovers.life.deadlines import URGENT, DueDates, due_dates
from handovers.life.delivery import SYSTEM_OFFICE
from handovers.models import Answer, CostClass, Handover
from issues.models import EntryKind, PhotoKind, PhotoReview, Privacy, Track, Visibility
from issues.workflow import UNVERIFIED_AFTER_DAYS, UNVERIFIED_AT_MOST_DAYS, ClosingKind, Status
from rankings.asking import NOBODY

CLOSED = 0.22
STOPS = (
    Status.HANDED_OVER, Status.ACKNOWLEDGED, Status.SCHEDULED, Status.IN_PROGRESS, Status.REPORTED_DONE,
)  # fmt: skip
# How many of the urgent ones stop at each of them.
STOP_SHARES = (6, 10, 14, 12, 58)
STEP_DAYS = {
    Status.ACKNOWLEDGED: (1, 2), Status.SCHEDULED: (1, 3), Status.IN_PROGRESS: (1, 3),
    Status.REPORTED_DONE: (1, 6),
}  # fmt: skip
HANDOVER_COLUMNS = (
    "id", "number", "department_id", "memo", "handed_at", "handed_by_id", "received_at", "received_by_id",
    "asked_by", "asker",
)  # fmt: skip
ITEM_COLUMNS = (
    "handover_id", "issue_id", "department_id", "expected_result", "receipt_due", "answer_due",
    "written_answer_due", "received_at", "received_by_id", "answer", "answered_at", "refusal_kind",
    "public_text", "committed_date", "finished_at", "cost_class", "cost_spent",
)  # fmt: skip


PHOTO_COLUMNS = (
    "id", "issue_id", "file", "width", "height", "received_sha256", "kind", "review", "blurs", "caption",
    "added_at", "added_by_id", "looked_by",
)  # fmt: skip
LOOKED_AT = dt.timedelta(minutes=1)


class Ledger:
    """Writes chunks of the archive; numbers its handovers after those there are."""

    def __init__(self, staff: Staff, album: Album, luck: random.Random, now: dt.datetime) -> None:
        self.staff, self.album, self.luck, self.now = staff, album, luck, now
        self.photos: list[tuple[object, ...]] = []
        self.number = Handover.objects.aggregate(last=Max("number"))["last"] or 0
        self.key = Handover.objects.aggregate(last=Max("pk"))["last"] or 0
        self.due_on: dict[dt.date, DueDates] = {}
        self.rooms: defaultdict[int, list[tuple[dt.datetime, dt.datetime]]] = defaultdict(list)
        held = Gathering.objects.closed().filter(territory__isnull=False)
        for code, opened, closed in held.values_list("territory__code", "opened_at", "closed_at"):
            self.rooms[code].append((present(opened), present(closed)))

    def store(self, drafts: Sequence[Draft]) -> None:
        """Write a chunk of problems with their histories and handovers."""
        handed = [self._live(draft) for draft in drafts]
        store(drafts)
        rows = [row for row in handed if row]
        copy("handovers_handover", HANDOVER_COLUMNS, [row[0] for row in rows])
        copy("handovers_handoveritem", ITEM_COLUMNS, [row[1] for row in rows])
        copy("issues_photo", PHOTO_COLUMNS, self.photos)
        self.photos.clear()
        self._settle()

    def _live(self, draft: Draft) -> tuple[tuple[object, ...], tuple[object, ...]] | None:
        if draft.is_urgent:
            return self._hand_over(draft)
        if self.luck.random() < CLOSED or draft.category.track == Track.REFERRAL:
            self._close(draft)
        return None

    def _close(self, draft: Draft) -> None:
        referred = draft.category.track == Track.REFERRAL
        kind = ClosingKind.OTHER_BODY if referred else self.luck.choice(list(CLOSINGS))
        at = draft.created_at + dt.timedelta(days=self.luck.randint(2, 60))
        if at < self.now:
            draft.status, draft.closing_kind = Status.CLOSED, kind
            draft.lines.append(self._line(draft, Status.CLOSED, at, self._say(CLOSINGS[kind])))

    def _hand_over(self, draft: Draft) -> tuple[tuple[object, ...], tuple[object, ...]] | None:
        at = draft.created_at + dt.timedelta(minutes=self.luck.randint(12, 55))
        if at >= self.now:
            return None
        self.number, self.key = self.number + 1, self.key + 1
        self._urgent_lines(draft, at)
        when = self._steps(draft, at)
        return self._handover_row(draft, at, when), self._item_row(draft, at, when)

    def _urgent_lines(self, draft: Draft, at: dt.datetime) -> None:
        department = present(draft.category.department).name
        text = f"Entrega urgente N.º {self.number} a {department}."
        risk = "Riesgo para la vida: va por la vía urgente, sin esperar la votación."
        self._advance(draft, Status.VALIDATED, at, risk, SYSTEM_OFFICE, None)
        self._advance(draft, Status.HANDED_OVER, at, text, SYSTEM_OFFICE, None)

    def _steps(self, draft: Draft, at: dt.datetime) -> dict[str, dt.datetime]:
        stop = self.luck.choices(STOPS, STOP_SHARES)[0]
        manager = self._manager(draft)
        when: dict[str, dt.datetime] = {}
        for status, span in STEP_DAYS.items():
            at += dt.timedelta(days=self.luck.randint(*span), minutes=self.luck.randint(0, 59))
            if stop == Status.HANDED_OVER or at >= self.now:
                break
            evidence = [self._photo(draft, at, manager)] if status == Status.REPORTED_DONE else []
            office = self.staff.office_of(manager)
            self._advance(draft, status, at, self._say(status), office, manager.pk, evidence)
            when[status] = at
            if status == stop:
                break
        if draft.status == Status.REPORTED_DONE:
            self._expire(draft, at)
        return when

    def _expire(self, draft: Draft, told: dt.datetime) -> None:
        """No room judges the archive: each repair expires when its neighbourhood's time has passed."""
        told = told.astimezone(dt.UTC)  # On the wall a day may have 23 hours.
        is_public = draft.visibility == Visibility.PUBLIC and draft.category.privacy == Privacy.PUBLIC
        ends = [closed for opened, closed in self.rooms[draft.hood.code] if is_public and opened >= told]
        latest = told + dt.timedelta(days=UNVERIFIED_AT_MOST_DAYS)
        soonest = told + dt.timedelta(days=UNVERIFIED_AFTER_DAYS)
        due = min(latest, max(soonest, min(ends, default=latest))) + LOOKED_AT
        if due < self.now:
            text = self._say(Status.DONE_UNVERIFIED)
            self._advance(draft, Status.DONE_UNVERIFIED, due, text, SYSTEM_OFFICE, None)

    def _advance(
        self,
        draft: Draft,
        to: str,
        at: dt.datetime,
        text: str,
        office: str,
        actor_id: int | None,
        evidence: Sequence[str] = (),
    ) -> None:
        draft.lines.append(Line(draft.status, to, at, office, actor_id, text, evidence=evidence))
        draft.status = to

    def _photo(self, draft: Draft, done: dt.datetime, manager: User) -> str:
        """A picture of the repair, reviewed before it was reported as done, and its lines; returns its id."""
        key, at = uuid.UUID(int=self.luck.getrandbits(128), version=4), done - 2 * LOOKED_AT
        name, reviewer = self.album.shared(draft), self.staff.facilitator_of(draft.hood.code)
        reported = (
            Line("", PhotoKind.AFTER, at, self.staff.office_of(manager), manager.pk),
            Line(PhotoReview.PENDING, PhotoReview.APPROVED, at + LOOKED_AT, self.staff.office_of(reviewer),
                 reviewer.pk),
        )  # fmt: skip
        draft.lines += [replace(line, kind=EntryKind.PHOTO, evidence=[str(key)]) for line in reported]
        digest = hashlib.sha256(key.bytes).hexdigest()
        self.photos.append(
            (key, draft.id, name, scenes.WIDTH, scenes.HEIGHT, digest, PhotoKind.AFTER, PhotoReview.APPROVED,
             [], CAPTIONS[PhotoKind.AFTER], at, manager.pk, "")
        )  # fmt: skip
        return str(key)

    def _line(self, draft: Draft, to: str, at: dt.datetime, text: str) -> Line:
        cabinet = self.staff.cabinet
        return Line("registered", to, at, self.staff.office_of(cabinet), cabinet.pk, text)

    def _manager(self, draft: Draft) -> User:
        return self.staff.managers[present(draft.category.department_id)]

    def _handover_row(
        self, draft: Draft, at: dt.datetime, when: dict[str, dt.datetime]
    ) -> tuple[object, ...]:
        received = when.get(Status.ACKNOWLEDGED)
        by = self._manager(draft).pk if received else None
        return (self.key, self.number, draft.category.department_id, "", at, None, received, by, *NOBODY)

    def _item_row(self, draft: Draft, at: dt.datetime, when: dict[str, dt.datetime]) -> tuple[object, ...]:
        due = self._due(timezone.localdate(at))
        received, accepted = when.get(Status.ACKNOWLEDGED), when.get(Status.SCHEDULED)
        committed = timezone.localdate(accepted) + dt.timedelta(days=12) if accepted else None
        draft.committed_date = committed
        draft.due_date = _next_deadline(draft.status, due, committed)
        finished = when.get(Status.REPORTED_DONE)
        return (
            self.key, draft.id, draft.category.department_id, "", due.receipt, due.answer, due.written,
            received, self._manager(draft).pk if received else None,
            Answer.ACCEPT if accepted else "", accepted, "", self._say(Status.SCHEDULED) if accepted else "",
            committed, finished, CostClass.C1 if accepted else "",
            self.luck.randint(40, 500) * 1000 if finished else None,
        )  # fmt: skip

    def _due(self, day: dt.date) -> DueDates:
        if day not in self.due_on:
            self.due_on[day] = due_dates(day, terms=URGENT)
        return self.due_on[day]

    def _say(self, moment: str) -> str:
        return self.luck.choice(words()[moment])

    def _settle(self) -> None:
        """Check all deferred constraints of the chunk now, and let the next ids follow ours."""
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence(%s, 'id'), greatest(%s, 1))",
                [Handover._meta.db_table, self.key],
            )


def _next_deadline(status: str, due: DueDates, committed: dt.date | None) -> dt.date | None:
    ends: dict[str, dt.date | None] = {
        Status.HANDED_OVER: due.receipt,
        Status.ACKNOWLEDGED: due.answer,
        Status.SCHEDULED: committed,
        Status.IN_PROGRESS: committed,
    }
    return ends.get(status)
