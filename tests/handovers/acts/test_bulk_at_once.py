"""Twenty bulk acts at once on overlapping problems: none given up, none told a false sentence."""

from __future__ import annotations

import datetime as dt
import random
import threading
from itertools import pairwise

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import Role, User
from handovers.acts.bulk_runs import carry_out_due
from handovers.life.delivery import hand_over
from handovers.models import BulkEntry, BulkRun, HandoverItem
from issues.models import EntryKind, Issue
from issues.workflow import Status, is_allowed

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE, PROBLEMS, MARKED = 20, 60, 40


@pytest.fixture
def listed(validated, publish, cabinet) -> list[HandoverItem]:
    """Sixty problems of Operaciones, in two handovers' worth of neighbourhoods."""
    hand_over(publish(*(validated(1 + n % 3) for n in range(PROBLEMS))), cabinet)
    return list(HandoverItem.objects.select_related("issue"))


@pytest.fixture
def team(streets) -> list[User]:
    """Twenty people of Operaciones."""
    return [
        User.objects.create_user(
            f"persona{n}", f"p{n}@example.cl", "x" * 12, role=Role.MANAGER, department=streets
        )
        for n in range(PEOPLE)
    ]


def forms(listed, team) -> list[dict]:
    """What each of the twenty sends: an act in turn, on problems of its own choice and order."""
    dice, day = random.Random(12), timezone.localdate() + dt.timedelta(days=4)
    acts = [
        {"action": "assign", "person": ""},
        {"action": "acknowledge"},
        {"action": "accept", "committed_date": day.isoformat()},
        {"action": "note", "public_text": "Vamos a verlo."},
        {"action": "merge", "into": listed[0].issue.reference},
    ]
    marked = [dice.sample(listed[1:], MARKED) for _person in team]
    return [
        acts[n % len(acts)] | {"reference": [item.issue.reference for item in each]}
        for n, each in enumerate(marked)
    ]


def test_twenty_bulk_acts_at_once_give_up_no_problem(listed, team, settings):
    settings.BULK_WAIT_MINUTES = 0
    start, answers = threading.Barrier(PEOPLE), []

    def send(person: User, form: dict) -> None:
        client = Client(raise_request_exception=False)
        client.force_login(person)
        start.wait(60)
        answer = client.post("/gestion/lote/hacer/", form)
        answers.append((answer.status_code, "no responde" in answer.content.decode()))
        connection.close()

    threads = [
        threading.Thread(target=send, args=pair) for pair in zip(team, forms(listed, team), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(240)
    carry_out_due()
    assert answers == [(302, False)] * PEOPLE
    assert BulkRun.objects.count() == PEOPLE
    left = BulkEntry.objects.filter(is_done=False, refusal="", run__undone_at=None)
    assert left.count() == 0
    refusals = set(BulkEntry.objects.exclude(refusal="").values_list("refusal", flat=True))
    assert not [sentence for sentence in refusals if "No se pudo guardar" in sentence]
    for issue in Issue.objects.all():
        path = list(
            issue.history.filter(kind=EntryKind.STATUS).order_by("pk").values_list("to_value", flat=True)
        )
        assert path[-1] == issue.status
        assert all(is_allowed(Status(a), Status(b)) for a, b in pairwise(path)), path
