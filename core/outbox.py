"""Letters: written as rows in the open transaction, sent by a worker once that is stored.

No page waits for a mail server, and nothing that was rolled back is ever mailed. A letter keeps its
Message-ID through all attempts. When an attempt ends without anybody knowing whether the server took it
(a kill or a time-out between its 250 and our note), it is sent once more, and never a third time.
"""

from __future__ import annotations

import datetime as dt
import smtplib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from email.utils import make_msgid
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone

from core.discretion import told_of
from core.jobs import LONGEST_WAIT, Patience, Queue, defer, job
from core.models import Letter, LetterState
from core.postgis.locks import hold, let_go

JOB = "core.deliver"
LOCK = "core_letter"
# Half a minute after the first fault, at the end every three hours: a day in all, as mail servers do it.
PATIENCE = Patience(attempts=16, first=30, longest=LONGEST_WAIT)


class NotSent(Exception):
    """The server did not take it, for certain, and may take it later."""


class StillAtWork(Exception):
    """Another worker is at it, perhaps one that was given up for dead."""


class Refused(Exception):
    """The server does not want it, now or later."""


@transaction.atomic
def post(address: str, subject: str, body: str, headers: Mapping[str, str] | None = None) -> Letter:
    """Write one plain letter; it leaves when the open transaction is stored, and not at all without it."""
    letter = Letter.objects.create(
        address=address,
        subject=" ".join(subject.split())[:300],
        body=body,
        headers=dict(headers or {}),
        message_id=make_msgid(domain=urlsplit(settings.SITE_URL).hostname or "localhost"),
    )
    defer(JOB, number=letter.pk)
    return letter


@transaction.atomic
def post_again(letter: Letter) -> bool:
    """Try a stranded letter anew, on a person's word; False when it is not stranded."""
    fresh = {"state": LetterState.WAITING, "attempts": 0, "doubts": 0, "last_error": ""}
    if not Letter.objects.stranded().filter(pk=letter.pk).update(**fresh):
        return False
    defer(JOB, number=letter.pk)
    return True


@job(JOB, Queue.MAIL, retry=PATIENCE)
def deliver(number: int) -> bool:
    """Try to send one letter; False when there is nothing to do.

    Raises what went wrong while another attempt makes sense, for the queue to come back later, and
    StillAtWork where another worker has the letter.
    """
    if not hold(LOCK, number):
        raise StillAtWork
    try:
        letter = _claimed(number)
        return letter is not None and _attempt(letter)
    finally:
        let_go(LOCK, number)


def forget_old(at: dt.datetime | None = None) -> int:
    """Erase letters written LETTER_DAYS ago that will not leave any more; returns how many."""
    limit = (at or timezone.now()) - dt.timedelta(days=settings.LETTER_DAYS)
    waiting = Letter.objects.on_their_way().values("pk")
    return Letter.objects.filter(written_at__lt=limit).exclude(pk__in=waiting).delete()[0]


@transaction.atomic
def _claimed(number: int) -> Letter | None:
    """The letter, noted as being sent before anything is; None when it shall not be sent (any more)."""
    letter = Letter.objects.select_for_update().on_their_way().filter(pk=number).first()
    if letter is None:
        return None
    # Nobody noted how the attempt before ended.
    letter.doubts += letter.state == LetterState.SENDING
    letter.attempts += letter.doubts < 2
    letter.state = LetterState.SENDING if letter.doubts < 2 else LetterState.DOUBTFUL
    letter.tried_at = timezone.now()
    letter.save()
    return letter if letter.state == LetterState.SENDING else None


def _attempt(letter: Letter) -> bool:
    try:
        _send(letter)
    except Refused as error:
        return _note(letter, LetterState.REFUSED, error)
    except NotSent as error:
        if letter.attempts >= PATIENCE.attempts:
            return _note(letter, LetterState.GIVEN_UP, error)
        _note(letter, LetterState.WAITING, error)
        raise
    except OSError as error:
        _note(letter, LetterState.SENDING, error)
        raise
    Letter.objects.filter(pk=letter.pk).update(
        state=LetterState.SENT, sent_at=timezone.now(), body="", headers={}, last_error=""
    )
    return True


def _note(letter: Letter, state: LetterState, error: Exception) -> bool:
    Letter.objects.filter(pk=letter.pk).update(state=state, last_error=told_of(error.__cause__ or error))
    return False


def _send(letter: Letter) -> None:
    """Raises Refused or NotSent when that is sure, and another OSError when nobody knows."""
    with _open_line() as line:
        try:
            line.send_messages([_message(letter, line)])
        except smtplib.SMTPRecipientsRefused as error:
            raise _verdict({code for code, _ in error.recipients.values()}) from error
        except smtplib.SMTPResponseException as error:
            raise _verdict({error.smtp_code}) from error
        except ValueError as error:  # a header that is none
            raise Refused from error


@contextmanager
def _open_line() -> Iterator[BaseEmailBackend]:
    line = get_connection()
    try:
        line.open()
    except OSError as error:
        raise NotSent from error
    try:
        yield line
    finally:
        with suppress(OSError):  # what was said goodbye to badly was sent all the same
            line.close()


def _verdict(codes: set[int]) -> Exception:
    return Refused() if codes and min(codes) >= 500 else NotSent()


def _message(letter: Letter, line: BaseEmailBackend) -> EmailMessage:
    headers = letter.headers | {"Message-ID": letter.message_id}
    return EmailMessage(letter.subject, letter.body, to=[letter.address], headers=headers, connection=line)
