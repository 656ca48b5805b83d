"""`/reuniones.ics`, byte by byte as RFC 5545 asks, also around Chile's changes of the clock."""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from gatherings.calendar import planner
from gatherings.calendar.feed_views import calendar_of
from gatherings.models import Gathering

SANTIAGO = ZoneInfo("America/Santiago")
LINE = re.compile(r"(?P<name>[A-Z-]+)(?P<params>(;[A-Z-]+=[^;:]+)*):(?P<value>.*)", re.DOTALL)
UTC_MOMENT = re.compile(r"\d{8}T\d{6}Z")
ODD = [
    "Sede, patio; sala 2",
    "Salón \\ barra",
    "Primera línea\nSegunda línea",
    "Ñuñoa 🌳 " * 30,
    "e\u0301".join("Peñalolén" * 9),
    "مركز الحي",
    "BEGIN:VEVENT",
    "Sede\r\nEND:VCALENDAR",
    "Sede\x0b\x0c\u2028 al fondo",
]


def content_lines(raw):
    """The unfolded lines of a feed; asserts what RFC 5545 asks of the folded ones."""
    assert raw.endswith(b"\r\n")
    folded = raw[:-2].split(b"\r\n")
    for line in folded:
        assert len(line) <= 75
        assert b"\r" not in line
        assert b"\n" not in line
        assert line.strip()
        line.decode()  # no letter is cut in two
    lines: list[str] = []
    for line in (each.decode() for each in folded):
        if line.startswith(" "):
            lines[-1] += line[1:]
        else:
            lines.append(line)
    return lines


def events(raw):
    """The events of a feed as name → value, after the frame around them was checked."""
    lines = content_lines(raw)
    assert (lines[0], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    found, current = [], None
    for line in lines[1:-1]:
        assert not re.search(r"[\x00-\x08\x0a-\x1f\x7f]", line), line
        read = LINE.fullmatch(line)
        assert read, line
        if line == "BEGIN:VEVENT":
            assert current is None
            current = {}
        elif line == "END:VEVENT":
            found.append(current)
            current = None
        elif current is not None:
            assert read["name"] not in current, line
            current[read["name"]] = read["value"]
    assert current is None
    return found


def unescaped(text):
    """A TEXT value as a calendar program reads it; a lone separator would be an error."""
    assert not re.search(r"(?<!\\)(\\\\)*[,;]", text), text
    return re.sub(r"\\(.)", lambda found: {"n": "\n", "N": "\n"}.get(found[1], found[1]), text)


def moment(text):
    assert UTC_MOMENT.fullmatch(text), text
    return dt.datetime.strptime(text, "%Y%m%dT%H%M%S%z")


def feed(client):
    answer = client.get("/reuniones.ics")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    return answer.content


def test_an_empty_agenda_is_a_calendar_too(client, town):
    assert events(feed(client)) == []


def test_each_event_has_what_calendar_programs_need(client, make_gathering):
    tomorrow = timezone.now() + dt.timedelta(days=1)
    make_gathering(starts_at=tomorrow, walk_at=tomorrow - dt.timedelta(hours=3), walk_from="Plaza")
    make_gathering(starts_at=tomorrow, state="cancelled", cancelled_reason="Lluvia")
    found = events(feed(client))
    assert len({event["UID"] for event in found}) == len(found) == 3
    for event in found:
        assert moment(event["DTSTART"]) < moment(event["DTEND"])
        assert moment(event["DTSTAMP"]) <= timezone.now() + dt.timedelta(seconds=1)
        assert event["SEQUENCE"].isdigit()
        assert event["SUMMARY"]
    assert sorted(event["STATUS"] for event in found) == ["CANCELLED", "CONFIRMED", "CONFIRMED"]


@pytest.mark.parametrize("place", ODD)
def test_any_text_is_folded_escaped_and_read_back(client, make_gathering, place):
    make_gathering(starts_at=timezone.now() + dt.timedelta(days=1), place=place[:200])
    (event,) = events(feed(client))
    right = place[:200].replace("\r\n", "\n").strip()
    assert unescaped(event["LOCATION"]).strip() in (right, re.sub(r"[\x0b\x0c]+", " ", right))


# Clocks go back in April and forward in September; seven in the evening stays seven.
@pytest.mark.parametrize(
    ("day", "hour_utc"),
    [
        (dt.date(2026, 4, 2), 22),
        (dt.date(2026, 4, 7), 23),
        (dt.date(2026, 9, 3), 23),
        (dt.date(2026, 9, 8), 22),
        (dt.date(2027, 4, 1), 22),
        (dt.date(2027, 4, 6), 23),
        (dt.date(2027, 9, 2), 23),
        (dt.date(2027, 9, 7), 22),
    ],
)
def test_seven_in_the_evening_is_seven_on_both_sides_of_a_change_of_the_clock(
    norte, facilitator, day, hour_utc
):
    planner.accept(day, norte, facilitator)
    (event,) = events(calendar_of(list(Gathering.objects.with_names())).to_ical())
    starts = moment(event["DTSTART"])
    assert (starts.hour, starts.astimezone(SANTIAGO).hour, starts.astimezone(SANTIAGO).date()) == (
        hour_utc,
        19,
        day,
    )
    assert moment(event["DTEND"]) - starts == dt.timedelta(hours=2)


def test_the_night_that_lacks_an_hour_and_the_one_that_has_it_twice(make_gathering):
    # 6 September 2026, 00:00 does not exist; 4 April 2026, 23:30 comes twice.
    for starts in (dt.datetime(2026, 9, 6, 4, tzinfo=dt.UTC), dt.datetime(2026, 4, 5, 3, 30, tzinfo=dt.UTC)):
        make_gathering(starts_at=starts, walk_at=starts - dt.timedelta(hours=2))
    found = events(calendar_of(list(Gathering.objects.with_names())).to_ical())
    assert all(moment(event["DTEND"]) - moment(event["DTSTART"]) == dt.timedelta(hours=2) for event in found)


def test_a_walk_that_starts_with_the_gathering_still_takes_time(client, make_gathering):
    tomorrow = timezone.now() + dt.timedelta(days=1)
    make_gathering(starts_at=tomorrow, walk_at=tomorrow)
    walk = next(event for event in events(feed(client)) if "walk" in event["UID"])
    assert moment(walk["DTEND"]) - moment(walk["DTSTART"]) == dt.timedelta(hours=2)


def test_a_moved_gathering_keeps_its_uid_and_counts_on(client, make_gathering):
    room = make_gathering(starts_at=timezone.now() + dt.timedelta(days=1))
    (before,) = events(feed(client))
    planner.move(room, {"place": "Otra sede"})
    (after,) = events(feed(client))
    assert after["UID"] == before["UID"]
    assert int(after["SEQUENCE"]) > int(before["SEQUENCE"])


def test_one_that_nobody_opened_leaves_its_neighbourhood_its_turn(town, cabinet, make_gathering):
    now = timezone.now()
    for code, days, state in ((2, 60, "closed"), (3, 50, "closed")):
        territory = next(each for each in town.territories.all() if each.code == code)
        ago = now - dt.timedelta(days=days)
        make_gathering(territory=territory, starts_at=ago, state=state, closed_at=ago)
    make_gathering(starts_at=now - dt.timedelta(days=90), state="closed", closed_at=now)
    make_gathering(starts_at=now - dt.timedelta(days=3))
    found = planner.proposals(cabinet)
    assert [proposal.territory.code for proposal in found[:3]] == [1, 2, 3]
