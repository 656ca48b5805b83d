"""«¿Quedó reparado?»: asked of those who follow a problem, when it is reported as done and 28 days later.

Their answers are evidence, not the verdict: the gathering verifies or reopens, and reads them before it does.
What is wrong reaches the office, the facilitators and the public history. docs/decisions/repaired.md.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias, TypedDict

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.bearer import new_token, token_digest
from accounts.models import Role, User
from core.postgis import identity
from core.typing import present
from handovers.life.answers import AnswerRefused
from handovers.mail import mail, send_once
from handovers.models import (
    Follow,
    HandoverItem,
    HandoverItemQuerySet,
    Notice,
    NoticeKind,
    RepairQuestion,
    RepairRound,
    RepairSaid,
)
from issues.models import DOUBTED, EntryKind, HistoryEntry, Issue, Privacy, Visibility
from issues.query.verdicts import awaiting_verdict
from issues.workflow import TOLD_DONE, UNVERIFIED_AFTER_DAYS, Status

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

LATER = dt.timedelta(days=UNVERIFIED_AFTER_DAYS)
# Repairs finished longer ago are not asked about, for instance after the clock stood still for long.
FORGOTTEN = dt.timedelta(days=60)
VALID_FOR = dt.timedelta(days=60)
DOUBTS_LOOK_BACK = dt.timedelta(days=14)
NEIGHBOURS = "Vecinas y vecinos"
MAX_TEXT = 500


@dataclass(frozen=True)
class Tally:
    """How many of those who answered say that it is well, and how many that it is not."""

    yes: int = 0
    no: int = 0

    @property
    def total(self) -> int:
        """How many answered."""
        return self.yes + self.no


def ask_followers(at: dt.datetime | None = None) -> int:
    """Ask those who follow a repaired public problem and were not asked yet; returns how many mails went."""
    now = at or timezone.now()
    asked = 0
    for item in _finished().filter(finished_at__gt=now - FORGOTTEN):
        each_round = RepairRound.LATER if item.finished_at <= now - LATER else RepairRound.DONE
        if each_round == RepairRound.LATER or item.issue.status == Status.REPORTED_DONE:
            asked += sum(_ask(follow, item, each_round, now) for follow in _to_ask(item, each_round))
    return asked


def question_of(token: str, at: dt.datetime | None = None) -> RepairQuestion | None:
    """Whose link this is; None for a wrong or expired one."""
    asked_after = (at or timezone.now()) - VALID_FOR
    found = RepairQuestion.objects.filter(token_digest=token_digest(token), asked_at__gt=asked_after)
    whole = found.select_related("item__issue__territory", "item__issue__category", "item__department")
    return whole.defer("item__issue__territory__boundary", "item__issue__territory__outline").first()


@transaction.atomic
def say(question: RepairQuestion, said: str, text: str = "") -> RepairQuestion:
    """Take the answer, once. A no goes into the public history; its words only to the staff.

    Raises AnswerRefused.
    """
    with identity.holding(question.token_digest):
        asked = _said(question, said, text)
    if said == RepairSaid.NO:
        with identity.holding(str(asked.item.issue_id)):
            _write_down(asked)
    return asked


def _said(question: RepairQuestion, said: str, text: str) -> RepairQuestion:
    locked = RepairQuestion.objects.select_for_update(of=("self",)).select_related("item__issue")
    asked = locked.get(pk=question.pk)
    comment = text.strip()
    if asked.said:
        raise AnswerRefused(_("Ya recibimos tu respuesta. ¡Gracias!"))
    if said not in RepairSaid.values or len(comment) > MAX_TEXT:
        raise AnswerRefused(_("Cuéntalo en 500 letras a lo más."))
    if said == RepairSaid.NO and not comment:
        raise AnswerRefused(_("Cuenta en pocas palabras qué falta."))
    asked.said, asked.said_at, asked.text = said, timezone.now(), comment
    asked.save(update_fields=["said", "said_at", "text"])
    return asked


def tally(item: HandoverItem | None) -> Tally:
    """What those who answered say of the repair that stands now; each person's last word counts once."""
    if item is None or item.told_done_at is None:
        return Tally()
    said = RepairQuestion.objects.about(item).answered().order_by("pk")
    last = {answer.follow_id or f"left {answer.pk}": answer.said for answer in said}
    words = list(last.values())
    return Tally(words.count(RepairSaid.YES), words.count(RepairSaid.NO))


def doubts(item: HandoverItem) -> list[str]:
    """What is missing in the words of those who said no, the newest first; for the staff only."""
    said = RepairQuestion.objects.about(item).filter(said=RepairSaid.NO).order_by("-said_at")
    return list(said.values_list("text", flat=True)[:20])


class Answered(TypedDict):
    """How many answered whether it is repaired, and how many said no."""

    answers: int
    noes: int


JudgedItem: TypeAlias = "WithAnnotations[HandoverItem, Answered]"


def to_judge(items: HandoverItemQuerySet, at: dt.datetime | None = None) -> QuerySet[JudgedItem]:
    """Of some items those that wait for the word of a gathering: the agenda of each.

    Each has `.answers` and `.noes`; the most doubted first, then the oldest.
    """
    judged = items.filter(issue__in=awaiting_verdict(Issue.objects.all(), at))
    answers = Count("questions", filter=~Q(questions__said=""))
    noes = Count("questions", filter=Q(questions__said=RepairSaid.NO))
    return judged.annotate(answers=answers, noes=noes).order_by("-noes", "issue__status_since", "pk")


def tell_doubts(at: dt.datetime | None = None) -> int:
    """Mail office and facilitators what is in doubt, once a day for each problem; returns how many went."""
    since = (at or timezone.now()) - DOUBTS_LOOK_BACK
    said = RepairQuestion.objects.filter(said=RepairSaid.NO, said_at__gt=since)
    return sum(
        _tell_doubt(question, address)
        for question in said.select_related("item__issue__territory", "item__department").order_by("pk")
        for address in _who_should_know(question.item)
    )


def _finished() -> QuerySet:
    whole = HandoverItem.objects.current().filter(
        issue__status__in=TOLD_DONE,
        issue__visibility=Visibility.PUBLIC,
        issue__category__privacy=Privacy.PUBLIC,
    )
    return whole.select_related("issue__territory", "issue__category", "department").defer(
        "issue__territory__boundary", "issue__territory__outline"
    )


def _to_ask(item: HandoverItem, each_round: RepairRound) -> Iterable[Follow]:
    """Who follows the problem, or one that was merged into it, and was not asked in this round."""
    asked = RepairQuestion.objects.about(item).filter(follow=OuterRef("pk"), round=each_round)
    who = Q(issue=item.issue_id) | Q(issue__duplicate_of=item.issue_id)
    return Follow.objects.confirmed().filter(who).exclude(Exists(asked)).order_by("pk")


def _ask(follow: Follow, item: HandoverItem, each_round: RepairRound, now: dt.datetime) -> bool:
    token = new_token()
    words = {
        "issue": item.issue,
        "department": item.department,
        "is_later": each_round == RepairRound.LATER,
        "yes": _link(token, "si"),
        "no": _link(token, "no"),
    }
    subject = _("¿Quedó reparado? %(title)s") % {"title": item.issue.title}
    with transaction.atomic():
        RepairQuestion.objects.create(
            follow=follow,
            item=item,
            finished_at=present(item.finished_at),
            round=each_round,
            token_digest=token_digest(token),
            asked_at=now,
        )
        mail(follow.email, subject, "handovers/mail/repaired.txt", words)
    return True


def _write_down(asked: RepairQuestion) -> None:
    HistoryEntry.objects.create(
        issue=asked.item.issue,
        kind=EntryKind.NOTE,
        to_value=DOUBTED,
        office=NEIGHBOURS,
        at=present(asked.said_at),
        public_text=_("Alguien que sigue este problema responde que no quedó bien."),
        reason=asked.text,
    )


def _who_should_know(item: HandoverItem) -> set[str]:
    code = item.issue.territory.code if item.issue.territory else None
    near = User.objects.filter(role=Role.FACILITATOR, is_active=True, territory_codes__contains=[code])
    return {address for address in [item.department.email, *near.values_list("email", flat=True)] if address}


def _tell_doubt(question: RepairQuestion, address: str) -> bool:
    item = question.item
    notice = Notice(
        kind=NoticeKind.DOUBT, address=address, item=item, day=timezone.localdate(question.said_at)
    )
    subject = _("No quedó bien, dicen: %(reference)s") % {"reference": item.issue.reference}
    words = {"item": item, "doubts": doubts(item), "tally": tally(item)}
    return send_once(notice, subject, "handovers/mail/doubt.txt", words)


def _link(token: str, said: str) -> str:
    return f"{settings.SITE_URL}{reverse('repaired', args=[token, said])}"
