"""b was joined to a, later a to c: who follows b, and what a tablet says of b, reaches c."""

from __future__ import annotations

import pytest
from django.utils import timezone

from handovers.followers.following import news_for
from handovers.models import Follow
from issues.life.duplicates import merge, support
from issues.models import HistoryEntry, Issue
from tests.walks.conftest import Tablet
from walks.models import Presence


@pytest.fixture
def chain(make_issue) -> tuple[Issue, Issue, Issue]:
    b, a, c = (make_issue(title=title) for title in ("Hoyo", "Bache", "Socavón"))
    merge(b, a, actor=None, office="Oficina")
    merge(a, c, actor=None, office="Oficina")
    return tuple(Issue.objects.get(pk=each.pk) for each in (b, a, c))


@pytest.mark.parametrize("followed", [0, 1, 2])
def test_whoever_follows_any_of_them_hears_of_the_survivor(chain, followed):
    survivor = chain[2]
    last = HistoryEntry.objects.latest("pk").pk
    follow = Follow.objects.create(
        email="ana@example.cl", issue=chain[followed], token_digest="0" * 64, told_until=last,
        confirmed_at=timezone.now(),
    )  # fmt: skip
    HistoryEntry.objects.create(
        issue=survivor, kind="note", office="Operaciones", at=timezone.now(), public_text="Parte el lunes."
    )
    assert [line.public_text for line in news_for(follow)] == ["Parte el lunes."]


@pytest.mark.parametrize("seen", [0, 1])
def test_what_a_tablet_says_of_an_earlier_one_reaches_the_survivor(chain, facilitator, seen):
    tablet, survivor = Tablet(facilitator), chain[2]
    remark = tablet.record("remark", issue=str(chain[seen].pk), text="Ahora es más hondo")
    voice = tablet.record("support", issue=str(chain[seen].pk))
    assert [each["result"] for each in tablet.say(remark, voice)] == ["stored", "stored"]
    assert survivor.history.filter(reason="Ahora es más hondo").exists()
    assert Presence.objects.get().issue == survivor


def test_a_voice_that_knew_two_of_them_counts_once(make_issue):
    b, c = make_issue(), make_issue(title="Socavón")
    support(b, "club")
    support(c, "club")
    merge(b, c, actor=None, office="Oficina")
    assert Issue.objects.get(pk=c.pk).support_count == 1
