"""Who follows a neighbourhood is invited to its gatherings, and told of one that is rained off.

Nobody else is: following was asked for and confirmed by mail, and ends with one click.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gatherings.models import Gathering, GatheringState
from handovers.followers.following import way_out
from handovers.mail import mail
from handovers.models import Follow, Invitation

INVITE_BEFORE = dt.timedelta(days=2)


def invite_followers(now: dt.datetime | None = None) -> int:
    """One mail to each follower of a neighbourhood for each gathering of the next two days, and one more when
    it was moved; returns how many went."""
    now = now or timezone.now()
    planned = Gathering.objects.filter(
        state=GatheringState.PLANNED, territory__isnull=False, starts_at__range=(now, now + INVITE_BEFORE)
    )
    return sum(_invite(gathering) for gathering in planned.with_names())


def tell_called_off() -> int:
    """One mail to each that was invited to a gathering that was called off since; returns how many went."""
    wasted = Invitation.objects.filter(told_off=False, gathering__state=GatheringState.CANCELLED)
    rows = wasted.select_related("gathering__territory", "follow").defer(
        "gathering__territory__boundary", "gathering__territory__outline"
    )
    return sum(_call_off(invitation) for invitation in rows)


def _invite(gathering: Gathering) -> int:
    followers = Follow.objects.confirmed().filter(territory_code=gathering.territory_code)
    invited = Invitation.objects.filter(gathering=gathering, starts_at=gathering.starts_at)
    return sum(_write(follow, gathering) for follow in followers.exclude(pk__in=invited.values("follow")))


@transaction.atomic
def _write(follow: Follow, gathering: Gathering) -> bool:
    # Claimed with the letter: two runs at once never write two.
    _claim, is_new = Invitation.objects.get_or_create(
        follow=follow, gathering=gathering, starts_at=gathering.starts_at
    )
    if is_new:
        subject = _("Reunión barrial en %(host)s") % {"host": gathering.host_name}
        _mail(follow, subject, "handovers/mail/invitation.txt", gathering)
    return is_new


@transaction.atomic
def _call_off(invitation: Invitation) -> bool:
    if not Invitation.objects.filter(pk=invitation.pk, told_off=False).update(told_off=True):
        return False
    gathering = invitation.gathering
    subject = _("Se suspende la reunión barrial en %(host)s") % {"host": gathering.host_name}
    _mail(invitation.follow, subject, "handovers/mail/called_off.txt", gathering)
    return True


def _mail(follow: Follow, subject: str, template: str, gathering: Gathering) -> None:
    out, headers = way_out(follow)
    mail(follow.email, subject, template, {"gathering": gathering, "out": out}, **headers)
