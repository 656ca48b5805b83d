"""Two people answer the same problem at the same moment: one is stored, the other gets a sentence."""

from __future__ import annotations

import threading

import pytest
from django.db import connection
from django.utils import timezone

from handovers.life import answers
from handovers.life.answers import Refusal
from handovers.life.delivery import DeliveryRefused, hand_over
from handovers.models import Handover, HandoverItem, RefusalKind
from issues.workflow import Status, TransitionRefused

pytestmark = pytest.mark.django_db(transaction=True)


def together(*acts) -> list[str]:
    """Run acts at once, each on a connection of its own; the sentences of those refused, sorted."""
    start, said = threading.Barrier(len(acts)), []

    def run(act) -> None:
        try:
            start.wait()
            act()
            said.append("")
        except (TransitionRefused, DeliveryRefused) as refusal:
            said.append(str(refusal))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return sorted(said)


def test_of_two_answers_at_once_one_is_stored(item, manager, department_head):
    day = timezone.localdate()
    said = together(
        lambda: answers.accept(item, manager, committed_date=day),
        lambda: answers.refuse(item, department_head, Refusal(RefusalKind.NO_BUDGET, "No alcanza.")),
    )
    item.refresh_from_db()
    # Accepting first still leaves a refusal possible; refusing first leaves nothing to accept.
    assert said[0] == ""
    assert item.issue.status == Status.CLOSED
    assert item.issue.history.filter(to_value=Status.CLOSED).count() == 1


def test_of_two_receipts_at_once_one_is_stored(item, manager, department_head):
    said = together(
        lambda: answers.acknowledge(item, manager), lambda: answers.acknowledge(item, department_head)
    )
    assert said[0] == ""
    assert "no puede pasar" in said[1]
    assert item.issue.history.filter(to_value=Status.ACKNOWLEDGED).count() == 1


def test_of_two_redirects_at_once_one_is_stored(item, manager, parks):
    said = together(
        *[lambda: answers.redirect(item, manager, department=parks, public_text="Suyo.") for _n in range(2)]
    )
    assert said[0] == ""
    assert said[1]
    item.refresh_from_db()
    assert (item.issue.redirects, item.department) == (1, parks)


def test_a_list_handed_over_by_two_at_once_goes_once(validated, publish, cabinet):
    ranked_list = publish(*(validated(code) for code in (1, 2, 3)))
    said = together(lambda: hand_over(ranked_list, cabinet), lambda: hand_over(ranked_list, cabinet))
    assert said == ["", "No queda nada que entregar de esta lista."]
    assert (Handover.objects.count(), HandoverItem.objects.count()) == (1, 3)
