"""The levels of the public index: one account says them with what they rest on, another confirms them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core.duties import Act, require
from core.text import TextRefused, entered
from issues.index import LIFE_AT_RISK, SCALES, display
from issues.life.registration import MAX_DESCRIPTION, IssueRefused, index_of
from issues.models import EntryKind, HistoryEntry, Issue, IssueQuerySet, LevelsProposal

Shown = Sequence[int | None]


@transaction.atomic
def set_levels(
    issue: Issue, levels: Mapping[str, int | None], *, actor: User, office: str, evidence: str = ""
) -> Issue:
    """Say levels of the public index (0–3 or None) with what they rest on; the index follows.

    Levels that two accounts had confirmed stay as they are until another account confirms the change.
    Raises PermissionDenied for those whose duty it is not, IssueRefused for what is no level or text, and
    for a change of confirmed levels without anything it rests on.
    """
    require(actor.post, Act.SET_LEVELS)
    locked = Issue.objects.locked(issue.pk)
    wanted = [levels.get(name, getattr(locked, name)) for name in SCALES]
    told = _evidence(evidence)
    _check_levels(wanted)
    if locked.levels_confirmed_by_id:
        return _propose(locked, wanted, told, actor, office)
    before = locked.index
    locked.levels_evidence = told or locked.levels_evidence
    locked.levels_by = actor
    _store(locked, wanted)
    _line(locked, before, actor, office, told)
    return locked


@transaction.atomic
def confirm_levels(
    issue: Issue, shown: Shown, *, actor: User, office: str, evidence: str = "", at: dt.datetime | None = None
) -> Issue:
    """Confirm, as another account, the levels that were said or the change that was proposed.

    `shown` is what the person read. Raises PermissionDenied for those whose duty it is not, IssueRefused for
    who said them, for levels that are others by now, incomplete, or without anything they rest on.
    """
    require(actor.post, Act.CONFIRM_LEVELS)
    locked = Issue.objects.locked(issue.pk)
    proposal = LevelsProposal.objects.filter(issue=locked).first()
    wanted, by = (proposal.levels, proposal.by) if proposal else (list(locked.levels), locked.levels_by)
    locked.levels_evidence = (
        _evidence(evidence) or (proposal.evidence if proposal else "") or locked.levels_evidence
    )
    _check_confirmable(locked, wanted, by, actor, shown, is_change=proposal is not None)
    before, said = locked.index, words_of(locked.levels, locked.index)
    locked.levels_by, locked.levels_confirmed_by = by, actor
    _store(locked, wanted)
    if proposal:
        proposal.delete()
    facts = {"before": said, "after": words_of(wanted, locked.index), "evidence": locked.levels_evidence}
    sentence = _("Puntaje confirmado por dos personas del equipo. %(after)s. Se basa en: %(evidence)s")
    if proposal:
        sentence = _(
            "Cambio de puntaje confirmado. Antes: %(before)s. Ahora: %(after)s. Motivo: %(evidence)s"
        )
    _line(locked, before, actor, office, public_text=sentence % facts, at=at)
    return locked


def to_confirm(user: User) -> IssueQuerySet:
    """Pending public problems whose levels wait for another account than this one, the voted ones first."""
    waiting = Issue.objects.public().filter(status__in=("registered", "validated"), index__isnull=False)
    return (
        waiting.exclude(severity=LIFE_AT_RISK)
        .filter(levels_by__isnull=False, levels_confirmed_by__isnull=True)
        .exclude(levels_by=user)
        .order_by("-status", "reported_at", "id")
    )


def words_of(levels: Shown, index: int | None) -> str:
    """Levels as residents read them: the index, then the four of the scales."""
    names = (_("gravedad"), _("alcance"), _("tiempo"), _("vulnerabilidad"))
    told = ", ".join(
        f"{name} {'—' if level is None else level}" for name, level in zip(names, levels, strict=True)
    )
    shown = _("sin puntaje") if index is None else str(display(index)).replace(".", ",")
    return f"{shown} ({told})"


def _propose(issue: Issue, wanted: list[int | None], evidence: str, actor: User, office: str) -> Issue:
    if wanted == list(issue.levels):
        LevelsProposal.objects.filter(issue=issue).delete()
        return issue
    if not evidence:
        raise IssueRefused(
            "evidence", _("Este puntaje ya está confirmado: escribe en qué se basa el cambio.")
        )
    kept = {"levels": wanted, "evidence": evidence, "by": actor, "at": timezone.now()}
    LevelsProposal.objects.update_or_create(issue=issue, defaults=kept)
    facts = {
        "before": words_of(issue.levels, issue.index),
        "after": words_of(wanted, _index(wanted)),
        "evidence": evidence,
    }
    sentence = _(
        "Se propone cambiar el puntaje. Ahora: %(before)s. Propuesto: %(after)s. Motivo: %(evidence)s. "
        "Nada cambia hasta que otra persona del equipo lo confirme."
    )
    _line(issue, issue.index, actor, office, public_text=sentence % facts)
    return issue


def _check_confirmable(
    issue: Issue, wanted: list[int | None], by: User | None, actor: User, shown: Shown, *, is_change: bool
) -> None:
    if issue.levels_confirmed_by_id and not is_change:
        raise IssueRefused("confirmed", _("Este puntaje ya está confirmado."))
    if list(shown) != wanted:
        raise IssueRefused("conflict", _("Otra persona cambió este puntaje. Ábrelo y míralo de nuevo."))
    if by is None or None in wanted:
        raise IssueRefused("levels", _("Faltan niveles: dilos primero, y otra persona los confirma."))
    if by == actor:
        raise IssueRefused("own", _("Lo confirma otra persona: tú dijiste estos niveles."))
    if not issue.levels_evidence:
        raise IssueRefused("evidence", _("Escribe en qué se basa este puntaje."))


def _check_levels(levels: list[int | None]) -> None:
    if any(level is not None and level not in (0, 1, 2, 3) for level in levels):
        raise IssueRefused("levels", _("Cada nivel del puntaje va de 0 a 3."))


def _evidence(written: str) -> str:
    try:
        told = entered(written).strip()
    except TextRefused as refused:
        raise IssueRefused("text", str(refused)) from refused
    if len(told) > MAX_DESCRIPTION:
        raise IssueRefused("text", _("El texto es demasiado largo: a lo más 4.000 letras."))
    return told


def _index(levels: list[int | None]) -> int | None:
    severity, reach, duration, vulnerability = levels
    return index_of((severity, reach, duration, vulnerability))


def _store(issue: Issue, levels: list[int | None]) -> None:
    for name, level in zip(SCALES, levels, strict=True):
        setattr(issue, name, level)
    issue.index = _index(levels)
    issue.save(
        update_fields=[
            *SCALES,
            "levels_evidence",
            "levels_by",
            "levels_confirmed_by",
            "index",
            "updated_at",
        ]
    )


def _line(
    issue: Issue,
    before: int | None,
    actor: User,
    office: str,
    reason: str = "",
    public_text: str = "",
    at: dt.datetime | None = None,
) -> None:
    HistoryEntry.objects.create(
        issue=issue,
        kind=EntryKind.LEVELS,
        from_value="" if before is None else str(before),
        to_value="" if issue.index is None else str(issue.index),
        actor=actor,
        office=office,
        at=at or timezone.now(),
        reason=reason,
        public_text=public_text,
    )
