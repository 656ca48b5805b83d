"""From the first token to the sealed result."""

from __future__ import annotations

import datetime as dt
import secrets

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from core.typing import present
from gatherings import groups, tokens
from gatherings.directory import same_name
from gatherings.models import BallotItem, Gathering, GatheringState, Panel, Side
from gatherings.refusals import RoomRefused, ask_why, impossible_count, not_now
from gatherings.room import again, annulled, attendance, ballots, commitments, papers, record
from gatherings.room.ballots import WHOLE_BALLOTS
from gatherings.states import may_become
from issues.life.lifecycle import Change, move
from issues.workflow import Status

WITNESSES = 2
FAR = dt.timedelta(days=1)


def become(gathering: Gathering, state: GatheringState, *, only_from: GatheringState | None = None) -> None:
    """Change the state of the gathering (not stored yet); raises RoomRefused outside the table."""
    if not may_become(gathering.state, state) or (only_from or gathering.state) != gathering.state:
        raise become_refused(gathering, state)
    gathering.state = state


def become_refused(gathering: Gathering, state: GatheringState) -> RoomRefused:
    """The refusal of a change of state that is not in the table."""
    return not_now(
        _("La reunión está «%(from)s» y no puede pasar a «%(to)s»: quizás otra persona se adelantó.")
        % {"from": gathering.get_state_display(), "to": state.label}
    )


def open_room(gathering: Gathering, now: dt.datetime | None = None, reason: str = "") -> None:
    """Open the gathering: attendance and ballot can now be entered.

    Raises RoomRefused without a reason when the planned moment is more than a day away.
    """
    become(gathering, GatheringState.OPEN, only_from=GatheringState.PLANNED)
    gathering.opened_at = now or timezone.now()
    is_far = abs(gathering.opened_at - gathering.starts_at) > FAR
    if is_far and not reason:
        day = date_format(timezone.localtime(gathering.starts_at), "j \\d\\e F")
        raise ask_why(
            _("Esta reunión está programada para el %(day)s. ¿Por qué se abre ahora?") % {"day": day}
        )
    gathering.opened_reason = reason if is_far else ""
    # Repairs that the room judges come before who came: it stays where they are.
    gathering.shown = Panel.COMMITMENTS if commitments.of(gathering) else Panel.ATTENDANCE


def start_vote(gathering: Gathering, seed: str = "") -> None:
    """Fix voters, tokens and the order of the ballot, random unless a seed is given.

    Raises RoomRefused when something is missing.
    """
    become(gathering, GatheringState.VOTING)
    gathering.people_present, gathering.voters = attendance.totals(gathering)
    if not gathering.voters:
        raise RoomRefused("voters", _("Anota primero quiénes vinieron y cuántas personas votan."))
    items = list(gathering.ballot.select_related("issue"))
    rules = _rules(gathering, len(items))
    gathering.tokens_each, gathering.tokens_per_issue = rules
    gathering.seed = seed or secrets.token_hex(4)
    _shuffle(items, gathering.seed)
    gathering.shown = Panel.VOTE


def ask_to_annul(gathering: Gathering, side: Side | None, reason: str) -> None:
    """One side asks to annul the vote, or agrees with the other that asked: only both together can.

    Raises RoomRefused without a reason, and where there is no second count to agree.
    """
    if gathering.state != GatheringState.VOTING:
        raise become_refused(gathering, GatheringState.OPEN)
    if gathering.annul_side not in (None, side):
        annul_vote(gathering, gathering.annul_reason)
        return
    if not reason:
        raise RoomRefused("text", _("Escribe por qué se anula la votación."))
    gathering.annul_side, gathering.annul_reason = side, reason


def go_on_counting(gathering: Gathering) -> None:
    """Either side takes back what was asked; nothing is annulled."""
    gathering.annul_side, gathering.annul_reason = None, ""


def annul_vote(gathering: Gathering, reason: str) -> None:
    """Go back to forming the ballot; the count that is thrown away stays on record with its reason."""
    become(gathering, GatheringState.OPEN, only_from=GatheringState.VOTING)
    annulled.keep(gathering, reason)
    gathering.ballot.update(tokens=None, people=None)
    gathering.cast.all().delete()
    again.forget(gathering)
    go_on_counting(gathering)
    # A code of the annulled vote must not be used for a second ballot.
    gathering.codes.update(receipt="")
    gathering.witnesses = []
    gathering.shown = Panel.BALLOT


def type_total(
    item: BallotItem,
    given: int,
    people: int,
    before: tuple[int | None, int | None],
    side: Side = Side.FIRST,
) -> None:
    """Note what one problem got in one of the two counts; raises RoomRefused for what cannot be, at once.

    `before` is what the screen showed: if another person typed something else meanwhile, nothing is
    overwritten.
    """
    gathering = item.gathering
    if gathering.state != GatheringState.VOTING or gathering.mode in WHOLE_BALLOTS:
        raise not_now(_("Los totales se anotan durante una votación con fichas o a mano alzada."))
    known = again.figures(item, side)
    if known not in (before, (given, people)):
        raise _other_was_faster(known[0])
    items = list(gathering.ballot.select_related("issue"))
    for each in items:
        of_this_side = (given, people) if each.pk == item.pk else again.figures(each, side)
        each.tokens, each.people = of_this_side
    check(gathering, [each for each in items if each.tokens is not None])
    tokens_field, people_field = again.FIELDS[side]
    BallotItem.objects.filter(pk=item.pk).update(**{tokens_field: given, people_field: people})


def _other_was_faster(given: int | None) -> RoomRefused:
    if given is None:
        return RoomRefused("conflict", _("Otra persona borró este total. Revisa y guarda de nuevo."))
    sentence = _("Otra persona anotó %(tokens)s fichas para este problema. Revisa y guarda de nuevo.")
    return RoomRefused("conflict", sentence % {"tokens": given})


def name_witnesses(gathering: Gathering, names: list[str], before: list[str]) -> None:
    """Note for which organisation, or as a neighbour, each of the two witnesses counted (never a name).

    `before` is what the screen showed. Raises RoomRefused for the same witness twice, and where others
    were noted meanwhile.
    """
    if gathering.state != GatheringState.VOTING:
        raise not_now(_("Los testigos se anotan durante la votación."))
    if gathering.witnesses not in (before, names):
        raise RoomRefused("conflict", _("Otra persona anotó otros testigos. Míralos y guarda de nuevo."))
    if len({same_name(name) for name in names}) < len(names):
        raise RoomRefused("same_witness", _("Es el mismo testigo dos veces: anota a dos distintos."))
    gathering.witnesses = names


def close(gathering: Gathering, actor: User, now: dt.datetime | None = None, reason: str = "") -> None:
    """Order the ballot by the rule, validate its problems and seal the result (rows are stored).

    Raises RoomRefused when a total is missing or impossible, the two witnesses are not named, a paper is
    in dispute, or there are fewer ballots than voters and no `reason` why.
    """
    become(gathering, GatheringState.CLOSED)
    papers.check_settled(gathering)
    items = list(gathering.ballot.select_related("issue__category"))
    if gathering.mode in WHOLE_BALLOTS:
        ballots.collect(gathering, items)
    _check_complete(gathering, items)
    check(gathering, items)
    again.check_alike(gathering)
    _give_places(items)
    if gathering.mode in WHOLE_BALLOTS:
        ballots.tell_minority(gathering, [str(item.issue_id) for item in items])
        _tell_missing(gathering, reason)
    # What may not be told is kept no longer: nobody can publish it a second time in other words.
    gathering.groups = groups.told(gathering.people_present, gathering.groups)
    gathering.closed_at = now or timezone.now()
    gathering.digest = record.seal(gathering, items)
    gathering.shown = Panel.RESULT
    # A council's list is separate from the neighbourhoods' lists and changes nothing in them.
    if gathering.territory_id:
        _validate(gathering, items, actor)


def check(gathering: Gathering, items: list[BallotItem]) -> None:
    """Raise RoomRefused when these totals cannot have happened in this room."""
    rules = tokens.Rules(gathering.tokens_each, gathering.tokens_per_issue)
    try:
        tokens.check_count([_count(item) for item in items], gathering.voters, rules)
    except tokens.ImpossibleCount as error:
        raise impossible_count(error, _titles(items)) from error


def _rules(gathering: Gathering, size: int) -> tokens.Rules:
    try:
        return tokens.rules_for(gathering.mode, size)
    except tokens.ImpossibleCount as error:
        raise impossible_count(error, {}) from error


def _shuffle(items: list[BallotItem], seed: str) -> None:
    order = tokens.screen_order([item.issue.reference for item in items], seed)
    for item in items:
        item.shown_at = order.index(item.issue.reference) + 1
        item.tokens = item.people = None
    BallotItem.objects.bulk_update(items, ["shown_at", "tokens", "people"])


def _count(item: BallotItem) -> tokens.Count:
    issue = item.issue
    return tokens.Count(
        issue.reference,
        item.tokens or 0,
        item.people or 0,
        issue.confirmed_index or 0,
        timezone.localdate(issue.reported_at),
    )


def _titles(items: list[BallotItem]) -> dict[str, str]:
    return {item.issue.reference: item.issue.title for item in items}


def _check_complete(gathering: Gathering, items: list[BallotItem]) -> None:
    if missing := [item.issue.title for item in items if item.tokens is None]:
        raise RoomRefused("missing", _("Falta anotar el total de «%(problem)s».") % {"problem": missing[0]})
    if len(gathering.witnesses) < WITNESSES:
        raise RoomRefused("witnesses", _("Falta anotar a los dos testigos del conteo."))
    if not any(item.tokens for item in items):
        raise RoomRefused("empty", _("Ningún problema recibió fichas: anula la votación si no se votó."))


def _give_places(items: list[BallotItem]) -> None:
    order = [count.reference for count in tokens.ranked(_count(item) for item in items)]
    for item in items:
        item.place = order.index(item.issue.reference) + 1
        item.index_then = item.issue.confirmed_index
    items.sort(key=lambda item: present(item.place))
    BallotItem.objects.bulk_update(items, ["place", "index_then"])


def _tell_missing(gathering: Gathering, reason: str) -> None:
    if present(gathering.ballots_counted) >= gathering.voters:
        return
    if not reason:
        facts = {"counted": gathering.ballots_counted, "voters": gathering.voters}
        raise ask_why(_("Se contaron %(counted)s papeletas de %(voters)s. ¿Por qué faltan?") % facts)
    gathering.missing_reason = reason


def _validate(gathering: Gathering, items: list[BallotItem], actor: User) -> None:
    # In the order of the ids, so that two gatherings that close at once never wait for each other.
    for item in sorted(items, key=lambda item: item.issue_id):
        if item.issue.status == Status.REGISTERED:
            change = _validation(gathering, item)
            move(item.issue, change, actor=actor, office=_("Reunión barrial"), at=gathering.closed_at)


def _validation(gathering: Gathering, item: BallotItem) -> Change:
    sentence = _("La reunión N.º %(number)s lo dejó en el lugar %(place)s, con %(tokens)s fichas.")
    facts = {"number": gathering.number, "place": item.place, "tokens": item.tokens}
    return Change(to=Status.VALIDATED, public_text=sentence % facts)
