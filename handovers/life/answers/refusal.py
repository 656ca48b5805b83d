"""What will not be done, and why, in public words."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from handovers.life.answers.checking import lock, require
from handovers.life.answers.writing import move_item, write_answer
from handovers.models import Answer, HandoverItem, RefusalKind
from issues.life.duplicates import hold_both, merge
from issues.life.lifecycle import Change
from issues.models import Issue
from issues.workflow import ClosingKind, Status

CLOSING_OF = {
    RefusalKind.NOT_MUNICIPAL: ClosingKind.OTHER_BODY,
    RefusalKind.PRIVATE: ClosingKind.NOT_FEASIBLE,
    RefusalKind.NEEDS_STUDY: ClosingKind.NOT_FEASIBLE,
    RefusalKind.NO_BUDGET: ClosingKind.NOT_FEASIBLE,
    RefusalKind.UNFEASIBLE: ClosingKind.NOT_FEASIBLE,
    RefusalKind.DUPLICATE: ClosingKind.DUPLICATE,
    RefusalKind.SOLVED: ClosingKind.WITHDRAWN,
}


@dataclass(frozen=True)
class Refusal:
    """Why something will not be done, in public words."""

    kind: RefusalKind
    public_text: str
    duplicate_of: Issue | None = None


@transaction.atomic
def refuse(item: HandoverItem, actor: User, refusal: Refusal, at: dt.datetime | None = None) -> HandoverItem:
    """Say in public that it will not be done, and why; a duplicate gives its supports to the other."""
    now = at or timezone.now()
    if refusal.duplicate_of:
        hold_both(item.issue_id, refusal.duplicate_of.pk)
    locked = lock(item, actor)
    require(refusal.kind in RefusalKind.values, _("Elige un motivo de la lista."))
    text = refusal.public_text.strip()
    require(bool(text), _("Escribe por qué no se hará: el barrio lo va a leer."))
    require(not locked.answer or locked.answer == Answer.ACCEPT, _("Ya fue respondido."))
    if refusal.kind == RefusalKind.DUPLICATE and refusal.duplicate_of:
        merge(locked.issue, refusal.duplicate_of, actor=actor, office=actor.office, at=now, public_text=text)
        locked.issue.refresh_from_db()
    else:
        closing = CLOSING_OF[RefusalKind(refusal.kind)]
        move_item(locked, Change(to=Status.CLOSED, closing_kind=closing, public_text=text), actor, now)
    locked.refusal_kind = refusal.kind
    return write_answer(locked, Answer.REFUSE, text, now)
