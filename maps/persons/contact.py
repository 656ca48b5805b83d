"""Who told a problem, for the office that must answer it and no one else: seen and used, each time noted."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from handovers.mail import mail
from issues.models import Issue, Reporter
from maps.models import PersonAct

MOST_LETTERS = 4000


class ContactRefused(ValueError):
    """What cannot be shown or sent; the text is one sentence for the person."""


def require(issue: Issue, actor: User) -> None:
    """Raise PermissionDenied for everybody but the office that answers this problem now."""
    if not actor.is_manager or actor.department_id is None or actor.department_id != issue.department_id:
        raise PermissionDenied


@transaction.atomic
def read(issue: Issue, *, actor: User) -> Reporter:
    """Who told it; that it was read is written down first. Raises ContactRefused, PermissionDenied."""
    require(issue, actor)
    reporter = _reporter(issue)
    _write_down("read", issue, actor)
    return reporter


@transaction.atomic
def answer(issue: Issue, text: str, *, actor: User) -> None:
    """Write to who told it, by the queue of letters. Raises ContactRefused, PermissionDenied."""
    require(issue, actor)
    written, reporter = text.strip(), _reporter(issue)
    if not written or len(written) > MOST_LETTERS:
        raise ContactRefused(_("Escribe la respuesta, en un máximo de 4.000 letras."))
    if not reporter.email:
        raise ContactRefused(_("No dejó un correo: respóndele por el teléfono que dejó."))
    words: dict[str, object] = {"issue": issue, "text": written, "office": actor.office}
    subject = _("Respuesta a lo que informaste: %(reference)s") % {"reference": issue.reference}
    mail(reporter.email, subject, "maps/persons/answer.txt", words)
    _write_down("answer", issue, actor)


def acts_on(issue: Issue) -> QuerySet[PersonAct]:
    """Who of the office read or used it, oldest first."""
    return PersonAct.objects.filter(request=None, what=_what(issue)).select_related("actor").order_by("pk")


def _reporter(issue: Issue) -> Reporter:
    """Blocked is as if there were none: shown to nobody and used for nothing."""
    found = Reporter.objects.filter(issue=issue, is_blocked=False).first()
    if found is None:
        raise ContactRefused(_("No hay datos de quien lo informó, o ya se borraron."))
    return found


def _write_down(act: str, issue: Issue, actor: User) -> None:
    PersonAct.objects.create(request=None, act=act, what=_what(issue), actor=actor)


def _what(issue: Issue) -> str:
    return f"issues.Reporter {issue.reference}"
