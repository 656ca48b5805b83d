"""What a conductor does in the room: one entry point, each act done once however often it arrives."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.duties import Act, require
from gatherings.directory import meant_in_room
from gatherings.groups import GROUPS
from gatherings.models import (
    BallotItem,
    CountingMode,
    Gathering,
    GatheringState,
    Minute,
    MinuteKind,
    Organisation,
    Panel,
    RoomAction,
    Side,
)
from gatherings.refusals import RoomRefused, not_now
from gatherings.room import (
    again,
    attendance,
    ballot,
    commitments,
    counters,
    counting,
    mapping,
    minutes,
    papers,
    reading,
)
from gatherings.room.reading import Body
from gatherings.tokens import BALLOT_MAX
from issues.index import SCALES
from issues.life.registration import NewIssue
from issues.models import Category, Origin
from territories.geo import BadCoordinates, parse_point

Action = Callable[[Gathering, User, Body], None]


@transaction.atomic
def act(gathering_id: uuid.UUID, user: User, action: str, body: Body) -> Gathering:
    """Do one thing in the room; returns the gathering as it stands then.

    `body["key"]` is a UUID made by the screen: the same key with the same wish is done once.
    Raises Gathering.DoesNotExist for those who do not conduct it, PermissionDenied for what is not their
    duty, RoomRefused for what cannot be done.
    """
    gathering = _locked(gathering_id, user, action)
    require(user.post, DUTY_OF.get(action, Act.CONDUCT))
    key = reading.identifier(body.get("key"))
    wish = {field: value for field, value in body.items() if field not in SECRET}
    code = reading.code(body)
    if action in OF_A_SIDE:
        wish["side"] = counters.side_of(gathering, user, code)
    # Two tablets that close at once both want it closed: the second finds it done.
    if _already_done(key, gathering, user, action, wish) or gathering.state == REACHES.get(action):
        return gathering
    if action in OF_A_SIDE:
        counters.check_side(gathering, wish["side"], body.get("side"))
    _action(action)(gathering, user, {**wish, "code": code, "witness": body.get("witness", "")})
    gathering.revision += 1
    gathering.save()
    if action not in UNRECORDED:
        _record(key, gathering, user, action, wish)
    return gathering


def _record(key: uuid.UUID, gathering: Gathering, user: User, action: str, wish: Body) -> None:
    RoomAction.objects.create(
        id=key, gathering=gathering, revision=gathering.revision, action=action, body=wish, actor=user
    )


def _locked(gathering_id: uuid.UUID, user: User, action: str) -> Gathering:
    rooms = Gathering.objects
    mine = rooms.counted_by(user) if action in OF_THE_SECOND else rooms.run_by(user)
    return mine.with_names().select_for_update(of=("self",)).get(pk=gathering_id)


def _already_done(key: uuid.UUID, gathering: Gathering, user: User, action: str, wish: dict) -> bool:
    done = RoomAction.objects.filter(pk=key).first()
    if done is None:
        return False
    if (done.gathering_id, done.actor_id, done.action, done.body) != (gathering.pk, user.pk, action, wish):
        raise RoomRefused("conflict", _("Esta acción ya se hizo con otros datos. Recarga la página."))
    return True


def _action(name: str) -> Action:
    if name not in ACTIONS:
        raise RoomRefused("unknown_action", _("Esta pantalla quedó antigua: recarga la página."))
    return ACTIONS[name]


def _open(gathering: Gathering, user: User, body: Body) -> None:
    counting.open_room(gathering, reason=reading.text(body, "reason", most=300))


def _attendance(gathering: Gathering, user: User, body: Body) -> None:
    organisation = None
    if body.get("organisation") is not None:
        organisation = _organisation(reading.row(body, "organisation"))
    people, voters = reading.whole(body, "people"), reading.whole_or_none(body, "voters")
    attendance.record(gathering, organisation, people, voters, reading.whole_or_none(body, "before"))


def _groups(gathering: Gathering, user: User, body: Body) -> None:
    attendance.note_groups(gathering, _said(body, "groups"), _said(body, "before"))


def _said(body: Body, field: str) -> dict[str, int]:
    said = body.get(field)
    if not isinstance(said, dict) or not set(said) <= set(GROUPS):
        raise RoomRefused("groups", _("No entendimos los grupos. Recarga la página."))
    return {group: reading.whole(said, group) for group in GROUPS if said.get(group) is not None}


def _organisation(organisation_id: int) -> Organisation:
    organisation = Organisation.objects.filter(pk=organisation_id, is_active=True).first()
    if organisation is None:
        raise RoomRefused("organisation", _("Esa organización no está en la lista."))
    return organisation


def _new_organisation(gathering: Gathering, user: User, body: Body) -> None:
    if gathering.state != GatheringState.OPEN:
        raise not_now(_("La asistencia se anota antes de la votación."))
    name = reading.text(body, "name", most=160, empty=_("Escribe el nombre de la organización."))
    kind = reading.text(body, "kind", most=80) or _("organización comunitaria")
    code = gathering.territory_code
    organisation = meant_in_room(" ".join(name.split()), kind, code)
    people, voters = reading.whole(body, "people"), reading.whole_or_none(body, "voters")
    attendance.record(gathering, organisation, people, voters, reading.whole_or_none(body, "before"))


def _mode(gathering: Gathering, user: User, body: Body) -> None:
    if gathering.state != GatheringState.OPEN:
        raise not_now(_("El modo de votar se elige antes de la votación."))
    wanted = reading.one_of(body, "mode", CountingMode)
    if gathering.mode not in (body.get("before", gathering.mode), wanted):
        raise RoomRefused("conflict", _("Otra persona eligió otro modo de votar. Míralo y elige de nuevo."))
    gathering.mode = wanted


def _ballot_add(gathering: Gathering, user: User, body: Body) -> None:
    ballot.add(gathering, reading.identifier(body.get("issue")))


def _ballot_remove(gathering: Gathering, user: User, body: Body) -> None:
    ballot.remove(gathering, reading.identifier(body.get("issue")))


def _start(gathering: Gathering, user: User, body: Body) -> None:
    counting.start_vote(gathering)
    counters.count_first(gathering, user)


def _count(gathering: Gathering, user: User, body: Body) -> None:
    """Take a side: an account helps with the first count, or it or a witness with a code does the second."""
    code = body["code"]
    if not code and reading.whole(body, "side") == Side.FIRST:
        _check_conducts(gathering, user)
        counters.count_first(gathering, user)
        return
    name = reading.text(
        body, "witness", most=120, empty=_("Escribe el nombre de quien cuenta.") if code else ""
    )
    counters.count_again(gathering, user, code, name, reading.text(body, "reason", most=300))


def _check_conducts(gathering: Gathering, user: User) -> None:
    if not Gathering.objects.run_by(user).filter(pk=gathering.pk).exists():
        raise RoomRefused("side", _("El primer conteo es de quienes conducen esta reunión."))


def _compare(gathering: Gathering, user: User, body: Body) -> None:
    again.compare(gathering)


def _annul(gathering: Gathering, user: User, body: Body) -> None:
    counting.ask_to_annul(gathering, body["side"], reading.text(body, "reason", most=300))


def _go_on(gathering: Gathering, user: User, body: Body) -> None:
    counting.go_on_counting(gathering)


def _total(gathering: Gathering, user: User, body: Body) -> None:
    item = _item(gathering, body)
    before = (reading.whole_or_none(body, "tokens_before"), reading.whole_or_none(body, "people_before"))
    given = reading.whole(body, "tokens")
    # A raised hand is one token of one person.
    people = given if gathering.mode == CountingMode.HANDS else reading.whole(body, "people")
    counting.type_total(item, given, people, before, Side(body["side"] or Side.FIRST))


def _item(gathering: Gathering, body: Body) -> BallotItem:
    item = gathering.ballot.filter(issue_id=reading.identifier(body.get("issue"))).first()
    if item is None:
        raise RoomRefused("unknown", _("Ese problema no está en la papeleta de esta reunión."))
    item.gathering = gathering
    return item


def _witnesses(gathering: Gathering, user: User, body: Body) -> None:
    before = [] if body.get("before") is None else reading.texts(body, "before", most=2, each=120)
    counting.name_witnesses(gathering, reading.texts(body, "names", most=2, each=120), before)


def _paper(gathering: Gathering, user: User, body: Body) -> None:
    note = again.note_paper if body["side"] == Side.SECOND else papers.note
    note(gathering, reading.whole(body, "number"), _choices(body, "choices"), _before(body))


def _choices(body: Body, field: str) -> dict[str, int]:
    choices = body.get(field)
    if not isinstance(choices, dict) or len(choices) > BALLOT_MAX:
        raise RoomRefused("choices", _("No entendimos la papeleta. Recarga la página."))
    return {str(issue): reading.whole(choices, issue) for issue in choices}


def _before(body: Body) -> dict[str, int] | None:
    return None if body.get("before") is None else _choices(body, "before")


def _paper_remove(gathering: Gathering, user: User, body: Body) -> None:
    remove = again.remove_paper if body["side"] == Side.SECOND else papers.remove
    remove(gathering, reading.whole(body, "number"), _before(body))


def _paper_settle(gathering: Gathering, user: User, body: Body) -> None:
    keep = reading.one_of(body, "keep", papers.Keep)
    papers.settle(gathering, reading.whole(body, "number"), _choices(body, "rival"), papers.Keep(keep))


def _map_issue(gathering: Gathering, user: User, body: Body) -> None:
    category = Category.objects.public().filter(code=reading.text(body, "category", most=20)).first()
    if category is None:
        raise RoomRefused("category", _("Elige la categoría del problema."))
    try:
        location = parse_point(lat=body.get("lat"), lng=body.get("lng"))
    except BadCoordinates as refused:
        raise RoomRefused("location", _("Toca primero el mapa donde está el problema.")) from refused
    title = reading.text(body, "title", most=140, empty=_("Escribe en una línea cuál es el problema."))
    new = NewIssue(
        title,
        category,
        location,
        origin=Origin.GATHERING,
        moved_by_hand=True,
        severity=reading.whole_or_none(body, "severity"),
        reach=reading.whole_or_none(body, "reach"),
        duration=reading.whole_or_none(body, "duration"),
        vulnerability=reading.whole_or_none(body, "vulnerability"),
    )
    mapping.put_on_map(gathering, new, user)


def _levels(gathering: Gathering, user: User, body: Body) -> None:
    levels = {name: reading.whole(body, name, most=3) for name in SCALES}
    evidence = reading.text(body, "evidence", most=500)
    before = _levels_before(body)
    mapping.say_how_bad(gathering, reading.identifier(body.get("issue")), levels, evidence, user, before)


def _levels_before(body: Body) -> tuple[int | None, ...] | None:
    shown = body.get("before")
    if shown is None:
        return None
    if not isinstance(shown, list) or len(shown) != len(SCALES):
        raise RoomRefused("levels", _("No entendimos el puntaje. Recarga la página."))
    return tuple(reading.whole_or_none({"level": level}, "level") for level in shown)


def _same(gathering: Gathering, user: User, body: Body) -> None:
    duplicate, into = reading.identifier(body.get("duplicate")), reading.identifier(body.get("into"))
    mapping.answer_same(gathering, duplicate, into, body.get("is_same") is True, user)


def _judge(gathering: Gathering, user: User, body: Body) -> None:
    text = reading.text(body, "text", most=500)
    issue = reading.identifier(body.get("issue"))
    commitments.judge(gathering, issue, body.get("is_done") is True, text, user)


def _appeal(gathering: Gathering, user: User, body: Body) -> None:
    text = reading.text(body, "text", most=500)
    commitments.appeal(gathering, reading.identifier(body.get("issue")), text, user)


def _note(gathering: Gathering, user: User, body: Body) -> None:
    minute = Minute(
        kind=reading.one_of(body, "kind", MinuteKind),
        text=reading.text(body, "text", most=500, empty=_("Escribe qué se dijo.")),
        reason=reading.text(body, "reason", most=300),
        office=reading.text(body, "office", most=120),
        due=minutes.read_day(body.get("due")),
    )
    minutes.note(gathering, minute)


def _strike(gathering: Gathering, user: User, body: Body) -> None:
    minutes.strike(gathering, reading.row(body, "minute"))


def _close(gathering: Gathering, user: User, body: Body) -> None:
    counting.close(gathering, user, reason=reading.text(body, "reason", most=300))


def _show(gathering: Gathering, user: User, body: Body) -> None:
    gathering.shown = reading.one_of(body, "panel", Panel)


# The state that an action leads to.
REACHES = {
    "open": GatheringState.OPEN,
    "start": GatheringState.VOTING,
    "annul": GatheringState.OPEN,
    "close": GatheringState.CLOSED,
}
# What the table of duties names besides conducting.
DUTY_OF = dict.fromkeys(
    ("start", "count", "total", "witnesses", "paper", "paper-remove", "paper-settle", "compare", "close"),
    Act.COUNT,
) | {
    "annul": Act.ANNUL,
    "annul-not": Act.ANNUL,
    "levels": Act.SET_LEVELS,
    "judge": Act.VERIFY,
    "appeal": Act.VERIFY,
}
# What is not kept beside the act: the code of a second count, and the name of who holds it.
SECRET = ("key", "code", "witness")
# What belongs to one of the two counts.
OF_A_SIDE = {"total", "paper", "paper-remove", "paper-settle", "annul"}
# What a colleague who conducts elsewhere may do here.
OF_THE_SECOND = {"count", "total", "paper", "paper-remove", "compare", "annul", "annul-not"}
# Turning the page of the projector changes nothing that was counted; small figures of groups are not kept.
UNRECORDED = {"show", "groups"}
ACTIONS: dict[str, Action] = {
    "show": _show,
    "open": _open,
    "attendance": _attendance,
    "organisation": _new_organisation,
    "groups": _groups,
    "mode": _mode,
    "ballot-add": _ballot_add,
    "ballot-remove": _ballot_remove,
    "start": _start,
    "count": _count,
    "compare": _compare,
    "annul": _annul,
    "annul-not": _go_on,
    "total": _total,
    "witnesses": _witnesses,
    "close": _close,
    "paper": _paper,
    "paper-remove": _paper_remove,
    "paper-settle": _paper_settle,
    "map": _map_issue,
    "levels": _levels,
    "same": _same,
    "judge": _judge,
    "appeal": _appeal,
    "note": _note,
    "strike": _strike,
}
