"""What of it comes by mail: at once, once a day, in one letter, and never in somebody's quiet hours."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from handovers.inbox_mail import mail_notifications
from handovers.models import Notification, NotificationChoice
from handovers.models import NotificationKind as Kind

CHILE = ZoneInfo("America/Santiago")


def at(text: str) -> dt.datetime:
    """A moment of the week of Monday 2026-11-23, in Chile."""
    return dt.datetime.fromisoformat(f"2026-11-{text}").replace(tzinfo=CHILE)


@pytest.fixture
def reader(manager):
    """A manager with an address."""
    manager.email = "jefa@example.cl"
    manager.save()
    return manager


def tell(person, kind: Kind, when: str, **more) -> None:
    Notification.objects.create(person=person, kind=kind, at=at(when), **more)


@pytest.mark.parametrize(
    ("kind", "written", "asked", "goes"),
    [
        (Kind.CHARGE, "23 10:00", "23 10:01", True),
        (Kind.CHARGE, "23 21:00", "23 21:01", False),
        (Kind.CHARGE, "23 21:00", "24 07:59", False),
        (Kind.CHARGE, "23 21:00", "24 08:00", True),
        (Kind.URGENT, "23 03:00", "23 03:01", True),
        (Kind.DELIVERY, "23 12:00", "23 18:00", False),
        (Kind.DELIVERY, "23 12:00", "24 10:00", True),
        (Kind.DELIVERY, "20 18:00", "21 12:00", False),
        (Kind.DELIVERY, "20 18:00", "23 10:00", True),
    ],
)
def test_when_a_thing_told_is_mailed(post, reader, kind, written, asked, goes):
    tell(reader, kind, written)
    assert mail_notifications(at(asked)) == goes
    assert len(post.mails) == goes


def test_all_of_it_goes_in_one_letter_and_once(post, reader, item):
    Notification.objects.all().delete()
    tell(reader, Kind.CHARGE, "23 10:00", item=item)
    tell(reader, Kind.MENTION, "23 10:05")
    assert [mail_notifications(at("23 10:06")) for _time in range(2)] == [1, 0]
    (posted,) = post.mails
    assert posted["Subject"] == "2 avisos del Mapa Barrial"
    assert f"/gestion/{item.issue.reference}/" in posted.get_content()
    assert "/avisos/opciones/" in posted.get_content()


def test_what_was_read_inside_is_not_mailed(post, reader):
    tell(reader, Kind.CHARGE, "23 10:00", read_at=at("23 10:01"))
    assert mail_notifications(at("23 10:02")) == 0


@pytest.mark.parametrize("change", [{"email": ""}, {"is_active": False}])
def test_who_left_or_has_no_address_is_not_mailed(post, reader, change):
    tell(reader, Kind.CHARGE, "23 10:00")
    type(reader).objects.filter(pk=reader.pk).update(**change)
    assert mail_notifications(at("23 10:02")) == 0


@pytest.mark.parametrize(
    ("choice", "kind", "goes"),
    [
        ({"at_once": []}, Kind.CHARGE, False),
        ({"at_once": [Kind.DELIVERY]}, Kind.DELIVERY, True),
        ({"at_once": [Kind.URGENT], "urgent_any_time": False}, Kind.URGENT, False),
        ({"at_once": [Kind.CHARGE], "quiet_from": dt.time(0), "quiet_until": dt.time(0)}, Kind.CHARGE, True),
    ],
)
def test_each_person_chooses(post, reader, choice, kind, goes):
    NotificationChoice.objects.create(person=reader, **choice)
    tell(reader, kind, "23 22:00" if "quiet_from" in choice or kind == Kind.URGENT else "23 10:00")
    asked = "23 22:01" if "quiet_from" in choice or kind == Kind.URGENT else "23 10:01"
    assert mail_notifications(at(asked)) == goes


@pytest.mark.parametrize(
    ("ends", "now", "quiet"),
    [
        (("20:00", "08:00"), "19:59", False),
        (("20:00", "08:00"), "20:00", True),
        (("20:00", "08:00"), "07:59", True),
        (("20:00", "08:00"), "08:00", False),
        (("13:00", "15:00"), "14:00", True),
        (("13:00", "15:00"), "15:00", False),
        (("00:00", "00:00"), "03:00", False),
    ],
)
def test_quiet_hours_reach_over_midnight(ends, now, quiet):
    start, end = (dt.time.fromisoformat(each) for each in ends)
    assert NotificationChoice(quiet_from=start, quiet_until=end).is_quiet(dt.time.fromisoformat(now)) == quiet
