"""By mail what people were told inside: at once, once a day, never in their quiet hours."""

from __future__ import annotations

import datetime as dt
from itertools import groupby

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from handovers.life.deadlines import is_working_day
from handovers.mail import MAX_LISTED, mail
from handovers.models import Holiday, Notification, NotificationChoice, NotificationKind


def mail_notifications(at: dt.datetime | None = None) -> int:
    """Mail each person what is due by their choice, all in one letter; returns how many letters went."""
    now = timezone.localtime(at or timezone.now())
    day = _day_since(now)
    waiting = Notification.objects.to_mail().filter(at__lte=now).order_by("person_id", "at", "pk")
    about = ("person", "item__issue", "handover__department")
    people = groupby(waiting.select_related(*about).defer("item__issue__shape"), key=lambda each: each.person)
    return sum(_mail(NotificationChoice.of(person), list(theirs), now, day) for person, theirs in people)


def _day_since(now: dt.datetime) -> dt.datetime | None:
    """What was told before this moment belongs to the day's letter; None while there is none today."""
    hour = now.replace(hour=settings.DIGEST_HOUR, minute=0, second=0, microsecond=0)
    return hour if now >= hour and is_working_day(now.date(), Holiday.objects.days()) else None


def _mail(
    choice: NotificationChoice, waiting: list[Notification], now: dt.datetime, day: dt.datetime | None
) -> bool:
    told = [each for each in waiting if _is_due(each, choice, now, day)]
    if not told:
        return False
    words: dict[str, object] = {
        "told": told[:MAX_LISTED],
        "rest": max(len(told) - MAX_LISTED, 0),
        "choices": settings.SITE_URL + reverse("notification-choices"),
        "inbox": settings.SITE_URL + reverse("notifications"),
    }
    with transaction.atomic():
        Notification.objects.filter(pk__in=[each.pk for each in told]).update(mailed_at=now)
        mail(choice.person.email, _subject(told), "handovers/mail/inbox.txt", words)
    return True


def _is_due(
    told: Notification, choice: NotificationChoice, now: dt.datetime, day: dt.datetime | None
) -> bool:
    if told.kind == NotificationKind.URGENT and choice.urgent_any_time and told.kind in choice.at_once:
        return True
    if choice.is_quiet(now.time()):
        return False
    return told.kind in choice.at_once or (told.kind in choice.daily and day is not None and told.at < day)


def _subject(told: list[Notification]) -> str:
    if len(told) == 1:
        return f"{told[0].get_kind_display()}: {told[0].about}".rstrip(": ")
    return ngettext("%(n)s aviso del Mapa Barrial", "%(n)s avisos del Mapa Barrial", len(told)) % {
        "n": len(told)
    }
