"""Every two answers at the same problem at the same moment: as if one had been after the other.

Each pair is sent by two people over two connections. What came of it (who was taken, the statuses passed, the
office that has it) must be what one of the two orders gives, on a problem like it, one after the other.
"""

from __future__ import annotations

import datetime as dt
import threading
from functools import partial
from io import BytesIO
from itertools import combinations_with_replacement, pairwise

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone
from PIL import Image

from accounts.models import User
from handovers.life import answers, progress
from handovers.life.delivery import hand_over
from handovers.models import HandoverItem
from issues.models import EntryKind, Issue
from issues.workflow import Status, is_allowed

pytestmark = pytest.mark.django_db(transaction=True)
NEVER_SAID = ("La base de datos no responde", "No se pudo guardar", "deadlock")
S = Status


def picture() -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (40, 30)).save(out, "JPEG")
    return SimpleUploadedFile("listo.jpg", out.getvalue(), "image/jpeg")


def in_days(days: int) -> str:
    return (timezone.localdate() + dt.timedelta(days=days)).isoformat()


# What each act sends; `{parks}` and `{kept}` are filled in.
ACTS: dict[str, dict[str, str]] = {
    "acknowledge": {},
    "accept": {"committed_date": in_days(5)},
    "redirect": {"department": "{parks}", "public_text": "Es de áreas verdes."},
    "decide": {"department": "{parks}", "public_text": "Responde áreas verdes."},
    "refuse": {"kind": "no_budget", "public_text": "No alcanza este año."},
    "merge": {"into": "{kept}", "public_text": ""},
    "start": {"public_text": "Partimos."},
    "hold": {"review_date": in_days(9), "kind": "weather"},
    "resume": {"public_text": "Seguimos."},
    "reschedule": {"committed_date": in_days(8), "public_text": "Llueve."},
    "done": {"public_text": "Listo."},
    "note": {"public_text": "Un avance."},
    "assign": {"person": ""},
    "join": {"whole": "{kept}"},
}
# What may be done, and what comes too late, at each status.
AT = {
    S.HANDED_OVER: ("acknowledge", "accept", "redirect", "decide", "refuse", "merge", "join", "note"),
    S.ACKNOWLEDGED: ("accept", "hold", "decide", "refuse", "merge", "acknowledge"),
    S.SCHEDULED: ("start", "hold", "reschedule", "refuse", "merge"),
    S.IN_PROGRESS: ("done", "hold", "reschedule", "refuse"),
    S.ON_HOLD: ("resume", "refuse", "merge"),
}
WAY = {
    S.ACKNOWLEDGED: lambda item, who: answers.acknowledge(item, who),
    S.SCHEDULED: lambda item, who: answers.accept(item, who, committed_date=timezone.localdate()),
    S.IN_PROGRESS: lambda item, who: progress.start(item, who),
    S.ON_HOLD: lambda item, who: progress.hold(
        item, who, review_date=timezone.localdate() + dt.timedelta(days=3), kind="weather"
    ),
}


@pytest.fixture
def problems(validated, publish, cabinet, manager):
    """So many problems of Operaciones, brought to a status in one handover."""

    def make(count: int, status: Status) -> list[HandoverItem]:
        hand_over(publish(*(validated() for _n in range(count))), cabinet)
        items = list(HandoverItem.objects.select_related("issue").order_by("pk"))
        for step, go in WAY.items():
            for item in items if _comes_before(step, status) else ():
                go(item, manager)
                item.refresh_from_db()
        return items

    return make


def _comes_before(step: Status, status: Status) -> bool:
    way = [S.HANDED_OVER, *WAY]
    return way.index(step) <= way.index(status)


@pytest.fixture
def send(manager, cabinet, parks):
    """Sends an act as one (0) or the other (1) of the office, «decide» as the cabinet.

    «done» or «refused», never anything else.
    """
    mate = User.objects.create_user("colega", role=manager.role, department=manager.department)
    clients = [Client(raise_request_exception=False) for _person in range(3)]
    for client, person in zip(clients, (manager, mate, cabinet), strict=True):
        client.force_login(person)

    def sending(who: int, name: str, item: HandoverItem, kept: Issue) -> str:
        words = {"parks": str(parks.pk), "kept": kept.reference}
        form = {field: value.format(**words) for field, value in ACTS[name].items()}
        if name == "done":
            form["photos"] = picture()
        answer = clients[2 if name == "decide" else who].post(
            f"/gestion/{item.issue.reference}/{name}/", form
        )
        page = answer.content.decode()
        assert answer.status_code in (302, 400, 403, 404, 409), (name, answer.status_code)
        assert not any(words in page for words in NEVER_SAID), name
        return "done" if answer.status_code == 302 else "refused"

    return sending


def together(*acts) -> list[str]:
    """Run acts at once, each on a connection of its own; what each came to, in their order."""
    start, said = threading.Barrier(len(acts)), [""] * len(acts)

    def run(place: int) -> None:
        try:
            start.wait(30)
            said[place] = acts[place]()
        except Exception as error:
            said[place] = repr(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return said


def outcome(item: HandoverItem, first: str, second: str) -> tuple:
    """All that tells one course of events from another, but the order in which they were told."""
    item.refresh_from_db()
    issue = Issue.objects.get(pk=item.issue_id)
    lines = issue.history.filter(kind=EntryKind.STATUS).order_by("pk")
    path = list(lines.values_list("to_value", flat=True))
    told = sorted(issue.history.values_list("kind", flat=True))
    assert all(is_allowed(Status(a), Status(b)) for a, b in pairwise(path)), path
    assert path[-1] == issue.status
    place = (issue.department_id, item.department_id, issue.redirects, issue.duplicate_of_id, item.parent_id)
    return first, second, tuple(path), tuple(told), place


@pytest.mark.parametrize("status", AT)
def test_two_at_once_are_as_one_after_the_other(problems, send, make_issue, status):
    pairs = list(combinations_with_replacement(AT[status], 2))
    # Three problems for each pair, and one that all are joined to.
    whole, *items = problems(3 * len(pairs) + 1, status)
    wrong = []
    for one, other in pairs:
        kept = whole.issue
        for_one_first, for_other_first, for_both = (items.pop() for _n in range(3))
        # Deciding who answers is the cabinet's.
        them, others = (1, 0) if one == "decide" else (0, 1)
        first = send(them, one, for_one_first, kept)
        # Or the other was told that meanwhile it had passed on, and nothing of it is stored.
        expected = {outcome(for_one_first, first, "refused")}
        expected.add(outcome(for_one_first, first, send(others, other, for_one_first, kept)))
        second = send(others, other, for_other_first, kept)
        expected.add(outcome(for_other_first, "refused", second))
        expected.add(outcome(for_other_first, send(them, one, for_other_first, kept), second))
        came = together(
            partial(send, them, one, for_both, kept), partial(send, others, other, for_both, kept)
        )
        got = outcome(for_both, *came)
        if got not in expected:
            wrong.append(f"{one} + {other}: {got}, not in {expected}")
    assert not wrong, "\n".join(wrong)


def test_two_problems_joined_to_each_other_at_once_are_joined_once(problems, send):
    one, other = problems(2, S.HANDED_OVER)
    came = together(
        lambda: send(0, "join", one, other.issue),
        lambda: send(1, "join", other, one.issue),
    )
    assert sorted(came) == ["done", "refused"]
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.parent_id is None) != (other.parent_id is None)


def test_two_problems_merged_into_each_other_at_once_leave_one_open(problems, send):
    one, other = problems(2, S.HANDED_OVER)
    came = together(
        lambda: send(0, "merge", one, other.issue),
        lambda: send(1, "merge", other, one.issue),
    )
    assert sorted(came) == ["done", "refused"]
    assert Issue.objects.filter(status=Status.CLOSED).count() == 1


def test_of_the_last_two_receipts_given_at_once_one_completes_the_handover(problems, send):
    for _again in range(3):
        one, other = problems(2, S.HANDED_OVER)[-2:]
        together(
            lambda one=one: send(0, "acknowledge", one, one.issue),
            lambda other=other: send(1, "acknowledge", other, other.issue),
        )
        one.handover.refresh_from_db()
        assert one.handover.received_at is not None
