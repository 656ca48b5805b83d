"""Passing a problem to an outside body, which answers on a personal page: no account, and it expires."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.bearer import new_token, token_digest
from accounts.models import User
from core.duties import Act, require
from handovers.life import inbox
from handovers.life.answers import AnswerRefused, lock
from handovers.mail import mail
from handovers.models import Forward, HandoverItem, Notice, NoticeKind, NotificationKind
from issues.models import EntryKind, HistoryEntry, Visibility

VALID_FOR = dt.timedelta(days=60)
SILENT_AFTER = dt.timedelta(days=15)
FURTHEST_PROMISE = dt.timedelta(days=5 * 366)


@transaction.atomic
def forward(item: HandoverItem, actor: User, *, body: str, email: str, message: str) -> Forward:
    """Write to an outside body with a link to the problem's own page for it.

    The problem stays with its department, which answers for it. Raises AnswerRefused; without a mail
    server nothing is stored.
    """
    locked = lock(item, actor)
    token = new_token()
    made = Forward.objects.create(
        item=locked,
        body=" ".join(body.split()),
        email=email,
        message=message.strip(),
        token_digest=token_digest(token),
        sent_by=actor,
        expires_at=timezone.now() + VALID_FOR,
    )
    text = _("Se pidió a %(body)s que responda.") % {"body": made.body}
    _tell(made, actor, actor.office, text)
    _send(made, token)
    return made


def problem_behind(token: str) -> str:
    """The number of the problem that a link opens; empty for a wrong or finished one."""
    found = Forward.objects.open().filter(token_digest=token_digest(token))
    return str(found.values_list("item__issue_id", flat=True).first() or "")


def forward_of(token: str) -> Forward | None:
    """The forward behind a link that still answers; None for a wrong, expired, withdrawn or hidden one."""
    return (
        Forward.objects.open()
        .filter(token_digest=token_digest(token))
        .exclude(item__issue__visibility=Visibility.HIDDEN)
        .select_related("item__issue__territory", "item__issue__category", "item__department")
        .defer("item__issue__territory__boundary", "item__issue__territory__outline")
        .first()
    )


def opened(forwarded: Forward) -> None:
    """Remember when the body first looked."""
    Forward.objects.filter(pk=forwarded.pk, opened_at__isnull=True).update(opened_at=timezone.now())


@transaction.atomic
def answer(forwarded: Forward, *, text: str, promised_on: dt.date | None = None) -> Forward:
    """Take the body's answer, once, into the public history of the problem. Raises AnswerRefused."""
    locked = (
        Forward.objects.select_for_update(of=("self",)).select_related("item__issue").get(pk=forwarded.pk)
    )
    cleaned = text.strip()
    if locked.answered_at:
        raise AnswerRefused(_("Ya recibimos tu respuesta. Para corregirla, escribe a la municipalidad."))
    if not cleaned:
        raise AnswerRefused(_("Escribe tu respuesta."))
    _check_promise(promised_on)
    locked.answer, locked.promised_on, locked.answered_at = cleaned, promised_on, timezone.now()
    locked.save(update_fields=["answer", "promised_on", "answered_at"])
    promise = _(" Fecha que prometen: %(day)s.") % {"day": f"{promised_on:%d-%m-%Y}"} if promised_on else ""
    _tell(locked, None, locked.body, cleaned + promise)
    inbox.tell(NotificationKind.OUTSIDE, inbox.concerned(locked.item), item=locked.item)
    return locked


def tell_silent(at: dt.datetime | None = None) -> int:
    """Tell who is in charge, once for each, that a body is silent since SILENT_AFTER; returns how many."""
    now = at or timezone.now()
    silent = Forward.objects.open().filter(answered_at__isnull=True, sent_at__lte=now - SILENT_AFTER)
    return sum(_tell_silent(each) for each in silent.select_related("item__department", "item__assigned_to"))


@transaction.atomic
def _tell_silent(forwarded: Forward) -> bool:
    _notice, is_new = Notice.objects.get_or_create(
        kind=NoticeKind.SILENT,
        address=forwarded.email,
        item=forwarded.item,
        day=timezone.localdate(forwarded.sent_at),
    )
    if is_new:
        inbox.tell(NotificationKind.SILENT, inbox.concerned(forwarded.item), item=forwarded.item)
    return is_new


@transaction.atomic
def withdraw(forwarded: Forward, actor: User) -> None:
    """Close the page of an unanswered forward; a second time changes nothing.

    Raises PermissionDenied for whose duty it is not, AnswerRefused when it was answered.
    """
    require(actor.post, Act.ANSWER)
    locked = (
        Forward.objects.select_for_update(of=("self",)).select_related("item__issue").get(pk=forwarded.pk)
    )
    if locked.answered_at:
        raise AnswerRefused(_("Ya respondieron: la respuesta queda en la historia."))
    if locked.withdrawn_at:
        return
    locked.withdrawn_at = timezone.now()
    locked.save(update_fields=["withdrawn_at"])
    _tell(locked, actor, actor.office, _("Se retiró el pedido a %(body)s.") % {"body": locked.body})


def _check_promise(day: dt.date | None) -> None:
    today = timezone.localdate()
    if day and not today <= day <= today + FURTHEST_PROMISE:
        raise AnswerRefused(_("La fecha debe ser desde hoy y dentro de cinco años."))


def _tell(forwarded: Forward, actor: User | None, office: str, text: str) -> None:
    HistoryEntry.objects.create(
        issue=forwarded.item.issue,
        kind=EntryKind.ANSWER,
        actor=actor,
        office=office,
        at=timezone.now(),
        public_text=text,
    )


def _send(made: Forward, token: str) -> None:
    words = {
        "forward": made,
        "issue": made.item.issue,
        "department": made.item.department,
        "link": f"{settings.SITE_URL}{reverse('outside', args=[token])}",
    }
    subject = _("%(commune)s pide su respuesta: %(title)s") % {
        "commune": settings.COMMUNE_NAME,
        "title": made.item.issue.title,
    }
    mail(made.email, subject, "handovers/mail/forward.txt", words)
