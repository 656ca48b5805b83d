"""The rights of one person: find, show, export, correct, block, erase; each act is noted, naming nobody.

What is a public record stays, as a problem without who told it. Nothing of a search is kept or logged.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cryptography.fernet import InvalidToken
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import ledger
from accounts.models import User
from core.letters import fold
from core.models import Letter
from core.together import sealing
from handovers.followers.following import leave
from handovers.models import Follow
from issues.life.expiry import erase_reporter
from issues.models import Reporter
from maps.models import PersonAct, PersonRequest, RightKind

log = logging.getLogger(__name__)
ANSWER_DAYS = 30
FEWEST_LETTERS, FEWEST_DIGITS = 4, 6
CORRECTABLE = {"name": 120, "email": 254, "phone": 40}
Kept = Reporter | Follow | Letter


class RightRefused(ValueError):
    """A refused search or act; the text is one sentence for the person."""


@dataclass(frozen=True)
class Found:
    """Something of a person: `key` names it on the page."""

    row: Kept
    what: str
    facts: dict[str, str]

    @property
    def key(self) -> str:
        """«issues.Reporter 5»."""
        return key_of(self.row)


def require(actor: User) -> None:
    """Raise PermissionDenied for everybody but the administration."""
    if not actor.is_administrator:
        raise PermissionDenied


def take(kind: str, person: str, *, actor: User, asked_on: dt.date | None = None) -> PersonRequest:
    """Note what a person asks; the answer is due in 30 days. Raises RightRefused or PermissionDenied."""
    require(actor)
    today = timezone.localdate()
    day = asked_on or today
    if kind not in RightKind or not person.strip() or day > today:
        raise RightRefused(_("Escribe qué pide, quién es y desde qué día, que no puede ser futuro."))
    due = day + dt.timedelta(days=ANSWER_DAYS)
    return PersonRequest.objects.create(
        kind=kind, person=person.strip(), asked_on=day, due_on=due, taken_by=actor
    )


def find(asked: PersonRequest, words: str, *, actor: User) -> list[Found]:
    """All there is of a person by e-mail, telephone, name or reference; each one shown is written down.

    Raises RightRefused for words too short to mean one person, PermissionDenied.
    """
    require(actor)
    if len(fold(words)) < FEWEST_LETTERS:
        raise RightRefused(_("Escribe el correo, el teléfono, el nombre o el folio completo."))
    found = [*_reporters(words), *_follows(words), *_letters(words)]
    for each in found:
        _write_down(asked, "read", each.row, actor)
    return found


def export(asked: PersonRequest, words: str, *, actor: User) -> list[dict[str, str]]:
    """The same as plain data for the person. Raises as find does."""
    return [{"what": each.what} | each.facts for each in find(asked, words, actor=actor)]


@transaction.atomic
def correct(asked: PersonRequest, key: str, changes: Mapping[str, str], *, actor: User) -> None:
    """Correct who reported a problem. Raises RightRefused or PermissionDenied."""
    reporter = _reporter(key, actor)
    texts = {name: changes.get(name, "").strip() for name in CORRECTABLE}
    if any(len(texts[name]) > most for name, most in CORRECTABLE.items()):
        raise RightRefused(_("Es demasiado largo."))
    ledger.keep(reporter.issue_id, sealing.seal(json.dumps(texts), sealing.CONTACT))
    ledger.note("corrected", reporter.issue_id)
    _set(reporter, texts)
    _write_down(asked, "correct", reporter, actor)


def correct_again(key: str) -> int:
    """Correct who reported a problem as a person asked, after a backup came back; returns of how many.

    The words are kept sealed as the column keeps them, and no longer than the person is here.
    """
    reporter = Reporter.objects.filter(issue__pk=key).first()
    if reporter is None:
        ledger.drop(key)
        return 0
    texts = _corrected(key)
    if all(getattr(reporter, name) == text for name, text in texts.items()):
        return 0
    return _set(reporter, texts)


def _corrected(key: str) -> dict[str, str]:
    sealed = ledger.kept(key)
    try:
        return json.loads(sealing.unseal(sealed, sealing.CONTACT)) if sealed else {}
    except InvalidToken:
        log.exception("a correction cannot be read: its key is gone")
        return {}


def _set(reporter: Reporter, texts: Mapping[str, str]) -> int:
    for name, text in texts.items():
        setattr(reporter, name, text)
    reporter.save(update_fields=list(CORRECTABLE))
    return 1


@transaction.atomic
def block(asked: PersonRequest, key: str, *, actor: User, is_blocked: bool = True) -> None:
    """Keep who reported a problem, used for nothing; or end that. Raises RightRefused or PermissionDenied."""
    reporter = _reporter(key, actor)
    Reporter.objects.filter(pk=reporter.pk).update(is_blocked=is_blocked)
    _write_down(asked, "block" if is_blocked else "unblock", reporter, actor)


@transaction.atomic
def erase(asked: PersonRequest, key: str, *, actor: User) -> None:
    """Erase one thing for good, backups included. Raises RightRefused or PermissionDenied."""
    row = _row(key, actor)
    _write_down(asked, "erase", row, actor)
    if isinstance(row, Reporter):
        erase_reporter(row.issue)
    elif isinstance(row, Follow):
        leave(row)
    else:
        ledger.note("letter", row.message_id)
        forget_letter(row.message_id)


def forget_letter(message_id: str) -> int:
    """Erase the letter with this Message-ID; returns how many."""
    return Letter.objects.filter(message_id=message_id).delete()[0]


def answer(asked: PersonRequest, text: str, *, actor: User) -> None:
    """Write down what was answered, once. Raises RightRefused or PermissionDenied."""
    require(actor)
    facts = {"answer": text.strip(), "answered_at": timezone.now(), "answered_by": actor}
    if not facts["answer"] or not PersonRequest.objects.open().filter(pk=asked.pk).update(**facts):
        raise RightRefused(_("Escribe qué se respondió; se anota una sola vez."))


def key_of(row: Kept) -> str:
    """What names a row: its model and number."""
    return f"{row._meta.label} {row.pk}"


def _reporters(words: str) -> Iterator[Found]:
    # They are sealed: each is opened and looked at.
    for row in Reporter.objects.select_related("issue"):
        if _is_of(words, row.name, row.email, row.phone, row.issue.reference):
            facts = {name: getattr(row, name) for name in CORRECTABLE}
            facts |= {"problem": row.issue.reference, "until": row.expires_on.isoformat()}
            yield Found(row, _("Quien informó %(reference)s") % {"reference": row.issue.reference}, facts)


def _follows(words: str) -> Iterator[Found]:
    for row in Follow.objects.filter(email__iexact=words.strip()).select_related("issue", "category"):
        target = str(row.issue or row.category or row.territory_code)
        facts = {"email": row.email, "follows": target, "asked": row.asked_at.isoformat()}
        yield Found(row, _("Sigue por correo"), facts)


def _letters(words: str) -> Iterator[Found]:
    for row in Letter.objects.as_pages_read().filter(address__iexact=words.strip()):
        facts = {"email": row.address, "subject": row.subject, "written": row.written_at.isoformat()}
        yield Found(row, _("Correo enviado"), facts)


def _is_of(words: str, name: str, email: str, phone: str, reference: str) -> bool:
    wanted, digits = fold(words), _digits(words)
    is_phone = len(digits) >= FEWEST_DIGITS and _digits(phone).endswith(digits)
    return wanted in (fold(email), fold(reference)) or (wanted in fold(name)) or is_phone


def _digits(text: str) -> str:
    return "".join(letter for letter in text if letter.isdigit())


def _row(key: str, actor: User) -> Kept:
    require(actor)
    label, _space, number = key.partition(" ")
    kept = (Reporter.objects.all(), Follow.objects.all(), Letter.objects.as_pages_read())
    rows = {each.model._meta.label: each for each in kept}.get(label)
    row = rows.filter(pk=number).first() if rows is not None and number.isdecimal() else None
    if row is None:
        raise RightRefused(_("Eso ya no está."))
    return row


def _reporter(key: str, actor: User) -> Reporter:
    row = _row(key, actor)
    if not isinstance(row, Reporter):
        raise RightRefused(_("Eso solo se puede borrar."))
    return row


def _write_down(asked: PersonRequest, act: str, row: Kept, actor: User) -> None:
    what = f"issues.Reporter {row.issue.reference}" if isinstance(row, Reporter) else key_of(row)
    PersonAct.objects.create(request=asked, act=act, what=what, actor=actor)
