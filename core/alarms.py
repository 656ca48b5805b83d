"""Alarms: what is ill is told once when it begins, every day while it lasts, and once when it is over."""

from __future__ import annotations

import datetime as dt
import json
from urllib.request import Request, urlopen

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.health import Reading, readings
from core.jobs import Queue, defer, job
from core.models import Alarm
from core.outbox import post

AGAIN = dt.timedelta(days=1)
HOOK = "core.call_webhook"


def watch(at: dt.datetime | None = None) -> int:
    """Look at everything and tell what changed; returns how many sentences were told."""
    now = at or timezone.now()
    found = readings(now)
    with transaction.atomic():
        ill = [_told_now(one, now) for one in found if one.is_ill]
        well = _over({one.name for one in found if not one.is_ill})
        told = [text for text in ill if text] + well
        if told:
            _tell(told)
    return len(told)


@job(HOOK, Queue.MAIL)
def call_webhook(text: str) -> None:
    """Post the sentences as JSON; raises OSError when the address does not take them."""
    body = json.dumps({"text": text}, ensure_ascii=False).encode()
    asked = Request(settings.ALARM_WEBHOOK, body, {"Content-Type": "application/json"})  # noqa: S310 a setting
    with urlopen(asked, timeout=settings.EMAIL_TIMEOUT):  # noqa: S310  # nosec B310 # a setting
        pass


def _told_now(one: Reading, now: dt.datetime) -> str:
    """The sentence of what is ill, when it is time to say it; else nothing."""
    alarm, _is_new = Alarm.objects.get_or_create(name=one.name, defaults={"text": one.text, "since": now})
    if alarm.told_at and now - alarm.told_at < AGAIN:
        # Told in a time to come, by a clock that was wrong: no reason to be silent until then.
        if alarm.told_at - now > 2 * AGAIN:
            Alarm.objects.filter(pk=alarm.pk).update(told_at=now)
        return ""
    alarm.text, alarm.told_at = one.text, now
    alarm.save(update_fields=["text", "told_at"])
    return one.text


def _over(names: set[str]) -> list[str]:
    over = Alarm.objects.filter(name__in=names)
    told = [_("Ya está bien: %(what)s") % {"what": alarm.text} for alarm in over]
    over.delete()
    return told


def _tell(sentences: list[str]) -> None:
    text = "\n".join([*sentences, "", f"{settings.SITE_URL}/admin/salud/"])
    for address in settings.ALARM_EMAIL:
        post(address, _("Mapa Barrial: %(what)s") % {"what": sentences[0]}, text)
    if settings.ALARM_WEBHOOK:
        defer(HOOK, text=text)
