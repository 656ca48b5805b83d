"""Who agreed to it by mail is invited to gatherings once, and told of one that is rained off."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from core.models import Letter
from gatherings.calendar import planner
from gatherings.models import Gathering
from handovers.followers import following
from handovers.followers.invitations import invite_followers, tell_called_off
from handovers.models import Follow, Invitation
from territories.models import Territory
from tests.roles import owner

BOARD = "junta4@example.cl"


@pytest.fixture
def planned(norte, facilitator) -> Gathering:
    starts = timezone.now() + dt.timedelta(days=1)
    return Gathering.objects.create(
        number=1, territory=norte, place="Sede vecinal", starts_at=starts,
        ends_at=starts + dt.timedelta(hours=2), facilitator=facilitator,
    )  # fmt: skip


@pytest.fixture
def follow(norte):
    """An organisation that asked for it and confirmed."""
    following.ask(following.Target(territory=norte), BOARD)
    asked = Follow.objects.get(email=BOARD)
    following.confirm(asked)
    Letter.objects.all().delete()
    return asked


def letters() -> list[tuple[str, str]]:
    with owner():
        return list(Letter.objects.order_by("id").values_list("address", "body"))


def test_who_agreed_is_invited_once(planned, follow):
    assert (invite_followers(), invite_followers()) == (1, 0)
    ((address, body),) = letters()
    assert address == BOARD
    assert "Sede vecinal" in body
    assert "/seguir/" in body


def test_the_invitation_says_what_the_place_offers(planned, follow):
    planned.has_ramp = planned.has_child_care = True
    planned.save()
    invite_followers()
    ((_address, body),) = letters()
    assert "En el lugar: se entra sin escalones; se cuida a niñas y niños mientras tanto." in body
    assert "intérprete" not in body


def test_who_did_not_confirm_left_or_follows_another_neighbourhood_is_not(planned, follow):
    sur = Territory.objects.current().exclude(code=planned.territory.code).first()
    following.ask(following.Target(territory=sur), "club@example.cl")
    following.confirm(Follow.objects.get(email="club@example.cl"))
    following.ask(following.Target(territory=planned.territory), "asked@example.cl")
    following.leave(follow)
    assert invite_followers() == 0


@pytest.mark.parametrize("away", [dt.timedelta(days=3), dt.timedelta(hours=-1)])
def test_only_two_days_before(planned, follow, away):
    starts = timezone.now() + away
    Gathering.objects.update(starts_at=starts, ends_at=starts + dt.timedelta(hours=2))
    assert invite_followers() == 0


def test_one_that_was_moved_is_told_again(planned, follow):
    invite_followers()
    moved = planned.starts_at + dt.timedelta(hours=1)
    planner.move(planned, {"starts_at": moved, "ends_at": moved + dt.timedelta(hours=2)})
    assert invite_followers() == 1


def test_an_evening_that_is_rained_off_tells_the_invited_once_and_why(planned, follow):
    invite_followers()
    planner.cancel(planned, "llueve a cántaros")
    assert (tell_called_off(), tell_called_off()) == (1, 0)
    assert "llueve a cántaros" in letters()[-1][1]


def test_one_that_nobody_heard_of_is_called_off_in_silence(planned, follow):
    planner.cancel(planned, "llueve a cántaros")
    assert (invite_followers(), tell_called_off()) == (0, 0)


def test_what_leaves_takes_its_invitations_along(planned, follow):
    invite_followers()
    following.leave(follow)
    assert not Invitation.objects.exists()
