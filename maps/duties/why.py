"""Why a person may or may not do an act, with a problem or without: the table, the place, the state.

It asks what the acts themselves ask, so that its answer is theirs: `tests/maps/duties` compares the two.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from django.utils.translation import gettext as _

from accounts.models import User
from core.duties import COUNTING, DUTIES, ORDERING, POSTS, Act
from gatherings.models import Gathering, GatheringState
from handovers.acts.catalogue import actions_for
from handovers.models import HandoverItem
from issues.life.hiding import may_hide
from issues.models import Hiding, Issue, LevelsProposal, Visibility
from issues.statuses import STATUS_LABELS
from maps.duties import words


class Reason(NamedTuple):
    """One thing that was looked at: whether it lets the person through, and the sentence."""

    lets: bool
    sentence: str


def reasons(person: User, act: Act, issue: Issue | None = None) -> list[Reason]:
    """All that was looked at, up to the first that lets nobody through."""
    found: list[Reason] = []
    for reason in _looked_at(person, act, issue):
        found.append(reason)
        if not reason.lets:
            break
    return found


def may(found: list[Reason]) -> bool:
    """What the reasons come to."""
    return all(reason.lets for reason in found)


def _looked_at(person: User, act: Act, issue: Issue | None) -> Iterator[Reason]:
    yield _account(person)
    yield _post(person, act)
    if issue is not None and act in _OF_A_PROBLEM:
        yield from _OF_A_PROBLEM[act](person, issue)


def _account(person: User) -> Reason:
    open_, closed = _("Su cuenta está abierta."), _("Su cuenta está cerrada: no puede hacer nada.")
    return Reason(person.is_active, open_ if person.is_active else closed)


def _post(person: User, act: Act) -> Reason:
    facts = {
        "post": words.POSTS.get(person.post, person.post),
        "act": words.ACTS[act],
        "posts": ", ".join(str(words.POSTS[post]) for post in POSTS if post in DUTIES[act]),
    }
    if person.may(act):
        return Reason(True, _("Su cargo es %(post)s, y a ese cargo le toca %(act)s.") % facts)
    sentence = _("Su cargo es %(post)s. Eso le toca a: %(posts)s.") % facts
    return Reason(False, f"{sentence} {_rule(person, act)}".strip())


def _rule(person: User, act: Act) -> str:
    held = {duty for duty in Act if person.may(duty)}
    if (act in COUNTING and held & ORDERING) or (act in ORDERING and held & COUNTING):
        return _("Quien publica, cambia lugares o entrega no cuenta ni verifica, y al revés.")
    return ""


def _in_a_room(person: User, issue: Issue) -> Iterator[Reason]:
    facts = {"where": issue.territory or _("ningún barrio")}
    mine = Gathering.objects.run_by(person)
    mine = mine.filter(territory__code=issue.territory.code) if issue.territory else mine.none()
    yes, no = _("Conduce reuniones de %(where)s."), _("No conduce ninguna reunión de %(where)s.")
    yield Reason(mine.exists(), (yes if mine.exists() else no) % facts)
    running = mine.filter(state__in=(GatheringState.OPEN, GatheringState.VOTING)).exists()
    yes, no = _("Su sala está abierta ahora."), _("Ninguna sala de %(where)s está abierta ahora.")
    yield Reason(running, (yes if running else no) % facts)


def _another_said_them(person: User, issue: Issue) -> Iterator[Reason]:
    proposal = LevelsProposal.objects.filter(issue=issue).first()
    by = proposal.by_id if proposal else issue.levels_by_id
    yield Reason(by is not None, _("Alguien puso el puntaje.") if by else _("Nadie ha puesto el puntaje."))
    own, another = _("Lo puso la misma persona: lo confirma otra."), _("Lo puso otra persona.")
    yield Reason(by != person.pk, own if by == person.pk else another)
    waits = proposal is not None or issue.levels_confirmed_by_id is None
    yield Reason(waits, _("Espera confirmación.") if waits else _("Ya está confirmado."))


def _hides(person: User, issue: Issue) -> Iterator[Reason]:
    here = may_hide(issue, person)
    no = _("El problema es de la dirección de esta persona, o no está en sus barrios.")
    yield Reason(here, _("El problema está a su alcance, y no lo responde su dirección.") if here else no)
    shown = issue.visibility == Visibility.PUBLIC
    yield Reason(shown, _("El problema es público.") if shown else _("El problema no es público."))


def _second_word(person: User, issue: Issue) -> Iterator[Reason]:
    waiting = Hiding.objects.waiting().filter(issue=issue)
    yes, no = (
        _("Algo de este problema espera a una segunda persona."),
        _("Nada espera a una segunda persona."),
    )
    yield Reason(waiting.exists(), yes if waiting.exists() else no)
    theirs = waiting.decidable_by(person).exclude(hidden_by=person).exists()
    no = _("Lo ocultó la misma persona, o no está en sus barrios.")
    yield Reason(theirs, _("Lo ocultó otra persona.") if theirs else no)


def _answers(act: Act) -> Callable[[User, Issue], Iterator[Reason]]:
    def look(person: User, issue: Issue) -> Iterator[Reason]:
        item = (
            HandoverItem.objects.current().filter(issue=issue).select_related("department", "issue").first()
        )
        yield Reason(item is not None, _("Fue entregado.") if item else _("Todavía no se ha entregado."))
        if item is None:
            return
        facts = {"office": item.department, "status": STATUS_LABELS[issue.status]}
        theirs = act == Act.DECIDE_OFFICE or item.department_id == person.department_id
        yield Reason(theirs, _("Responde %(office)s.") % facts)
        open_ = [str(each.label) for each in actions_for(item, person) if each.duty == act]
        yes, no = _("Ahora se puede: %(acts)s."), _("Está «%(status)s»: ahora no hay nada de eso que hacer.")
        yield Reason(bool(open_), (yes if open_ else no) % (facts | {"acts": ", ".join(open_)}))

    return look


_OF_A_PROBLEM: dict[Act, Callable[[User, Issue], Iterator[Reason]]] = {
    **dict.fromkeys((Act.CONDUCT, Act.COUNT, Act.ANNUL, Act.VERIFY), _in_a_room),
    **{act: _answers(act) for act in (Act.ANSWER, Act.REPORT_DONE, Act.DECIDE_OFFICE)},
    Act.CONFIRM_LEVELS: _another_said_them,
    Act.HIDE: _hides,
    Act.CONFIRM_HIDING: _second_word,
}
