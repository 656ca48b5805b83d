"""One thing of each row of the register that the clock ends, made now; each returns «is it there?»."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from collections.abc import Callable
from pathlib import Path

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.gis.geos import LineString
from django.contrib.sessions.models import Session
from django.utils import timezone
from uuid6 import uuid7

from accounts.models import Attempt, User
from core.models import DoneAct, Letter, LetterState
from gatherings.models import Attendance, Counter, CounterName, Gathering, Organisation, Side
from gatherings.room.counters import NAME_DAYS
from handovers.life.delivery import hand_over
from handovers.models import DeskFile, Follow, Notification, RepairQuestion
from issues.life.lifecycle import Change, move
from issues.models import Issue, Reporter
from issues.workflow import Status
from maps.models import PersonRequest
from maps.open311.posting import KEEP_REPORTER
from rankings.publishing import publish
from walks.models import Device, DeviceSignIn, PhotoPart, SyncPhoto, SyncRecord, TrackSegment
from walks.sync.arrivals import store_durably

IsThere = Callable[[], bool]


def reporters(issue: Issue, **_: object) -> IsThere:
    Reporter.objects.create(issue=issue, name="Rosa", expires_on=timezone.localdate() + KEEP_REPORTER)
    return Reporter.objects.exists


def followers(issue: Issue, user: User, **_: object) -> IsThere:
    Follow.objects.create(email="rosa@example.cl", issue=issue, token_digest="f", confirmed_at=timezone.now())
    over = Change(to=Status.CLOSED, closing_kind="withdrawn", public_text="Ya no está.")
    move(issue, over, actor=user, office="Territorio")
    return Follow.objects.exists


def follower_words(issue: Issue, cabinet: User, **_: object) -> IsThere:
    move(issue, Change(to=Status.VALIDATED), actor=None, office="Reunión barrial")
    (handover,) = hand_over(publish("gestion", actor=cabinet), cabinet)
    now, asked = timezone.now(), {"round": "done", "token_digest": "q"}
    RepairQuestion.objects.create(
        item=handover.items.get(), finished_at=now, said="no", said_at=now, text="Falta", **asked
    )
    return RepairQuestion.objects.exclude(text="").exists


def originals(user: User, **_: object) -> IsThere:
    data = os.urandom(40)
    digest = hashlib.sha256(data).hexdigest()
    SyncPhoto.objects.create(photo_id=uuid7(), record_id=uuid7(), sha256=digest, size=40, sender=user)
    return store_durably(digest, data).exists


def inbox(user: User, **_: object) -> IsThere:
    record = _record(user, "issue")
    return SyncRecord.objects.filter(pk=record.pk).exclude(body="").exists


def parts(**_: object) -> IsThere:
    PhotoPart.objects.create(photo_id=uuid7(), sha256="0" * 64, number=0, data=b"x")
    return PhotoPart.objects.exists


def tracks(user: User, **_: object) -> IsThere:
    record = _record(user, "track")
    TrackSegment.objects.create(record=record, walk_id=uuid7(), path=LineString((0, 0), (1, 1), srid=4326))
    body = SyncRecord.objects.filter(pk=record.pk).exclude(body="")
    return lambda: TrackSegment.objects.exists() or body.exists()


def tablets(user: User, **_: object) -> IsThere:
    device = Device.objects.create(token_sha256="0" * 64, expires_at=timezone.now())
    DeviceSignIn.objects.create(device=device, user=user)
    return DeviceSignIn.objects.exists


def letters(**_: object) -> IsThere:
    Letter.objects.create(address="rosa@example.cl", subject="x", message_id="<1>", state=LetterState.SENT)
    return Letter.objects.exists


def exports(user: User, **_: object) -> IsThere:
    made = DeskFile.objects.create(owner=user, kind="csv", total=1, ready_at=timezone.now())
    made.path.parent.mkdir(parents=True, exist_ok=True)
    made.path.write_text("x")
    os.utime(made.path, (timezone.now().timestamp(),) * 2)
    return lambda: DeskFile.objects.exists() or made.path.exists()


def told(user: User, **_: object) -> IsThere:
    Notification.objects.create(person=user, kind="setup")
    return Notification.objects.exists


def sessions(user: User, **_: object) -> IsThere:
    until = timezone.now() + dt.timedelta(seconds=settings.SESSION_COOKIE_AGE)
    Session.objects.create(session_key="s", session_data="", expire_date=until)
    UserSession.objects.create(user=user, session_key="s", ip="127.0.0.1", user_agent="Netscape")
    return lambda: Session.objects.exists() or UserSession.objects.exists()


def tries(**_: object) -> IsThere:
    now = timezone.now()
    Attempt.objects.create(key="k", count=1, next_at=now, forget_at=now + dt.timedelta(minutes=15))
    return Attempt.objects.exists


def pressed(user: User, **_: object) -> IsThere:
    LogEntry.objects.create(user=user, object_repr="x", action_flag=1)
    return LogEntry.objects.exists


def _gathering(issue: Issue, user: User) -> Gathering:
    now = timezone.now()
    return Gathering.objects.create(
        number=1,
        territory=issue.territory,
        place="Sede",
        starts_at=now,
        ends_at=now + dt.timedelta(hours=2),
        facilitator=user,
    )


def counters(issue: Issue, user: User, **_: object) -> IsThere:
    counter = Counter.objects.create(gathering=_gathering(issue, user), side=Side.SECOND, user=user)
    until = timezone.localdate() + dt.timedelta(days=NAME_DAYS)
    CounterName.objects.create(counter=counter, name="Rosa", expires_on=until)
    return CounterName.objects.exists


def forms(user: User, **_: object) -> IsThere:
    DoneAct.objects.create(key=uuid7(), person=user.pk, path="/gestion/", digest="f" * 64)
    return DoneAct.objects.exists


def bodies(issue: Issue, user: User, **_: object) -> IsThere:
    gathering = _gathering(issue, user)
    body = Organisation.objects.create(name="Rosa y sus primas", kind="x", is_provisional=True)
    Attendance.objects.create(gathering=gathering, organisation=body, people=2, voters=0)
    return Organisation.objects.filter(name="Rosa y sus primas").exists


def rights(user: User, **_: object) -> IsThere:
    day = timezone.localdate()
    PersonRequest.objects.create(
        kind="access", person="Rosa", asked_on=day, due_on=day, taken_by=user, answered_at=timezone.now()
    )
    return lambda: PersonRequest.objects.get().person == "Rosa"


def logs(folder: Path, **_: object) -> IsThere:
    turned = folder / "worker.log.1"
    turned.write_text("x")
    settings.LOG_FILE = str(folder / "worker.log")
    return turned.exists


def _record(user: User, kind: str) -> SyncRecord:
    body = '{"title": "Rosa"}'
    digest = hashlib.sha256(body.encode()).hexdigest()
    return SyncRecord.objects.create(id=uuid7(), kind=kind, body=body, sha256=digest, author=user)
