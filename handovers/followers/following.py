"""Following by e-mail: asked for, confirmed by a link (double opt-in), left with one click.

Only the SHA-256 of each secret is kept; the secret itself is derived again for every mail.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Count, Max, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from accounts import ledger
from accounts.bearer import token_digest
from core.postgis import identity
from handovers.mail import mail
from handovers.models import Follow, RepairQuestion
from issues.models import Category, EntryKind, HistoryEntry, Issue, Privacy, Visibility
from issues.workflow import Status
from territories.models import Territory

CONFIRM_WITHIN = dt.timedelta(days=2)
OVER_DAYS, WORDS_DAYS = 365, 730
OVER = (Status.VERIFIED, Status.CLOSED)
MAX_LINES = 50
EVERY = dt.timedelta(days=7)
MAX_FOLLOWS_PER_ADDRESS = 30
NOTIFIED_KINDS = (EntryKind.STATUS, EntryKind.NOTE, EntryKind.ANSWER, EntryKind.DEPARTMENT, EntryKind.MERGE)


class FollowRefused(ValueError):
    """A refused request to follow; the text is one sentence for the person."""


@dataclass(frozen=True)
class Target:
    """What somebody wants to follow: exactly one of the three."""

    issue: Issue | None = None
    territory: Territory | None = None
    category: Category | None = None

    @property
    def fields(self) -> dict[str, object]:
        """As the row stores it."""
        code = self.territory.code if self.territory else None
        return {"issue": self.issue, "territory_code": code, "category": self.category}

    def __str__(self) -> str:
        return str(self.issue.title if self.issue else self.territory or self.category)


def target_of(kind: str, name: str) -> Target:
    """What an address names: a public problem, a neighbourhood in force, a public category.

    Raises FollowRefused.
    """
    found = Target()
    if kind == "problema":
        found = Target(issue=Issue.objects.public().filter(reference=name).first())
    elif kind == "barrio":
        found = Target(territory=Territory.objects.current().without_boundary().filter(slug=name).first())
    elif kind == "categoria":
        found = Target(category=Category.objects.public().filter(code=name).first())
    if found == Target():
        raise FollowRefused(_("Eso no existe o no es público."))
    return found


@transaction.atomic
def ask(target: Target, email: str) -> None:
    """Store a request and send the mail that confirms it; the answer does not reveal who follows what.

    Raises FollowRefused for an address that cannot be one.
    """
    address = _checked(email)
    with identity.holding(identity.key_of(address)):
        _ask(target, address)


def _ask(target: Target, address: str) -> None:
    if Follow.objects.filter(email=address).count() >= MAX_FOLLOWS_PER_ADDRESS:
        return
    follow, is_new = Follow.objects.get_or_create(
        email=address, **target.fields, defaults={"token_digest": token_digest(_fresh_seed(address, target))}
    )
    recently = timezone.now() - follow.asked_at < dt.timedelta(minutes=10)
    if follow.confirmed_at or (recently and not is_new):
        return  # No second mail to somebody who may not have asked.
    if is_new:
        follow.token_digest = token_digest(token_of(follow))
    follow.asked_at = timezone.now()
    follow.save(update_fields=["token_digest", "asked_at"])
    words = {"target": target, "confirm": _link("follow-confirm", follow)}
    mail(
        address,
        _("Confirma que quieres seguir: %(what)s") % {"what": target},
        "handovers/mail/confirm.txt",
        words,
    )


def token_of(follow: Follow) -> str:
    """The secret of a follower's links."""
    return salted_hmac("handovers.follow", f"{follow.pk}:{follow.email}", algorithm="sha256").hexdigest()


def follow_of(token: str) -> Follow | None:
    """Whose link this is; None for a wrong or left one."""
    digest = token_digest(token)
    with identity.holding(digest):
        return Follow.objects.filter(token_digest=digest).first()


def confirm(follow: Follow) -> None:
    """Confirm a request; from now on news are sent."""
    if follow.confirmed_at is None:
        follow.told_until = HistoryEntry.objects.aggregate(last=Max("pk"))["last"] or 0
        follow.confirmed_at = timezone.now()
        with identity.holding(follow.token_digest):
            follow.save(update_fields=["confirmed_at", "told_until"])


@transaction.atomic
def leave(follow: Follow) -> None:
    """Erase the address and its request, for good: a restored backup does not bring it back."""
    ledger.note("follow", follow.token_digest)
    with identity.holding(follow.token_digest):
        follow.delete()


def forget_follow(digest: str) -> int:
    """Erase the request whose secret has this digest; returns how many."""
    return Follow.objects.filter(token_digest=digest).delete()[1].get(Follow._meta.label, 0)


def tell_followers(at: dt.datetime | None = None) -> int:
    """Mail each follower the public news since the last mail, once a week at most; returns how many went."""
    now = at or timezone.now()
    due = Q(told_at__isnull=True) | Q(told_at__lte=now - EVERY)
    follows = Follow.objects.confirmed().filter(due).select_related("issue", "category")
    return sum(_tell(follow, now) for follow in follows)


def forget_followers(at: dt.datetime | None = None) -> int:
    """Erase requests not confirmed within two days, and followers of problems long over; returns how many."""
    now = at or timezone.now()
    unconfirmed = Q(confirmed_at__isnull=True, asked_at__lt=now - CONFIRM_WITHIN)
    ended = Q(issue__status__in=OVER, issue__status_since__lte=now - dt.timedelta(days=OVER_DAYS))
    return Follow.objects.filter(unconfirmed | ended).delete()[1].get(Follow._meta.label, 0)


def forget_words(at: dt.datetime | None = None) -> int:
    """Empty what followers wrote WORDS_DAYS ago on a repair; their yes or no stays. Returns how many."""
    limit = (at or timezone.now()) - dt.timedelta(days=WORDS_DAYS)
    return RepairQuestion.objects.filter(said_at__lte=limit).exclude(text="").update(text="")


def news_for(follow: Follow) -> QuerySet:
    """Public lines of history a follower was not notified of, oldest first."""
    wanted = (
        Q(issue__in=[follow.issue_id, follow.issue.duplicate_of_id or follow.issue_id])
        if follow.issue
        else Q(issue__territory__code=follow.territory_code)
        if follow.territory_code is not None
        else Q(issue__category=follow.category_id)
    )
    return (
        HistoryEntry.objects.filter(wanted, pk__gt=follow.told_until, kind__in=NOTIFIED_KINDS)
        .filter(Q(kind=EntryKind.STATUS) | ~Q(public_text=""))
        .filter(issue__visibility=Visibility.PUBLIC, issue__category__privacy=Privacy.PUBLIC)
        .select_related("issue")
        .order_by("pk")
    )


def _tell(follow: Follow, now: dt.datetime) -> bool:
    news = news_for(follow)
    lines = list(news[:MAX_LINES])
    if not lines:
        return False
    last = news.order_by().aggregate(last=Max("pk"), count=Count("pk"))
    words: dict[str, object] = {"lines": lines, "rest": last["count"] - len(lines), "out": _out(follow)}
    with transaction.atomic():
        Follow.objects.filter(pk=follow.pk).update(told_until=last["last"], told_at=now)
        subject = _("Novedades del Mapa Barrial")
        mail(follow.email, subject, "handovers/mail/news.txt", words, **_way_out(follow))
    return True


def _out(follow: Follow) -> str:
    return _link("follow-leave", follow)


def _way_out(follow: Follow) -> dict[str, str]:
    """What mail programs show as a button (RFC 8058)."""
    return {"List-Unsubscribe": f"<{_out(follow)}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def _link(name: str, follow: Follow) -> str:
    return f"{settings.SITE_URL}{reverse(name, args=[token_of(follow)])}"


def _checked(email: str) -> str:
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError as error:
        raise FollowRefused(_("Ese correo no se ve bien: revísalo.")) from error
    if len(address) > 254:
        raise FollowRefused(_("Ese correo no se ve bien: revísalo."))
    return address


def _fresh_seed(address: str, target: Target) -> str:
    return f"{address}:{sorted((k, str(v)) for k, v in target.fields.items())}:{timezone.now().timestamp()}"
