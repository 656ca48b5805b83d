"""The table of duties, every act × every post: in the functions that do the acts, and in the database."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.utils import timezone

from accounts.models import Department, Role, User
from core.duties import COUNTING, DUTIES, ORDERING, POSTS, TOLD_POSTS, Act
from core.postgis import identity
from gatherings.calendar import agenda
from gatherings.models import Counter, CounterCode, Gathering, Organisation, RoomAction
from gatherings.refusals import RoomRefused
from gatherings.room.acts import ACTIONS, DUTY_OF
from handovers.life.delivery import DeliveryRefused, hand_over
from handovers.models import Budget, Handover
from issues.life.hiding import HidingRefused, hide
from issues.life.lifecycle import Change, move
from issues.life.registration import IssueRefused
from issues.models import EntryKind, Hiding, HistoryEntry, Issue
from issues.workflow import Status, TransitionRefused
from rankings.models import Override, RankedList
from rankings.publishing import ListRefused, publish
from tests.core.duties import DOING, TEXT, Things
from tests.walks.conftest import Tablet
from walks.models import Decision, Held
from walks.office.decisions import DecisionRefused

PEOPLE = (
    "facilitator", "facilitation_head", "manager", "department_head", "cabinet", "control", "administrator",
)  # fmt: skip
# Whoever facilitates another neighbourhood only: kept from these by the place, not by the post.
BY_PLACE = {Act.CONDUCT, Act.COUNT, Act.SECOND_COUNT, Act.ANNUL, Act.VERIFY, Act.HIDE, Act.CONFIRM_HIDING}
# The head of the facilitation acts everywhere, but in a room only where she conducts or counts again.
IN_ROOMS = {Act.CONDUCT, Act.COUNT, Act.SECOND_COUNT, Act.ANNUL, Act.VERIFY}
REFUSED = (PermissionDenied, Gathering.DoesNotExist)
OTHERWISE = (
    RoomRefused, ListRefused, DeliveryRefused, HidingRefused, IssueRefused, TransitionRefused,
    DecisionRefused,
)  # fmt: skip


@pytest.fixture
def people(request, other_facilitator) -> dict[str, User]:
    return {name: request.getfixturevalue(name) for name in (*PEOPLE, "other_facilitator")}


@pytest.fixture
def things(norte, people, make_issue) -> Things:
    facts = {"territory": norte, "place": "Sede", "starts_at": "2099-12-01T19:00-03:00"}
    planned = agenda.plan(facts | {"ends_at": "2099-12-01T21:00-03:00"}, people["facilitator"])
    gone = make_issue()
    move(gone, Change(to=Status.VALIDATED), actor=None, office="Reunión barrial")
    ranked_list = publish("gestion", actor=people["cabinet"])
    (handover,) = hand_over(ranked_list, people["cabinet"])
    issue = make_issue(severity=1, reach=1, duration=1, vulnerability=1)
    other = User.objects.create_user("otra", role=Role.FACILITATOR, territory_codes=[1])
    Issue.objects.filter(pk=issue.pk).update(levels_by=other)
    hiding = hide(make_issue(), "insult", actor=other)
    return Things(planned, issue, handover.items.get(), hiding, held_by(other), ranked_list)


def held_by(author: User) -> Held:
    tablet = Tablet(author)
    record = tablet.record()
    tablet.say(record)
    tablet.say(record | {"title": "Otra versión"})
    return Held.objects.open().get()


def is_let(duty: Act, person: User, things: Things) -> bool:
    """Whether it is let through, and nothing of it stays; other refusals count as let through."""
    try:
        with transaction.atomic():
            DOING[duty](person, things)
            transaction.set_rollback(True)
    except REFUSED:
        return False
    except OTHERWISE:
        return True
    return True


@pytest.mark.parametrize("duty", DOING)
def test_each_post_does_what_the_table_gives_it(duty, people, things):
    expected = {name: people[name].post in DUTIES[duty] for name in people}
    expected["other_facilitator"] &= duty not in BY_PLACE
    expected["facilitation_head"] &= duty not in IN_ROOMS
    assert {name: is_let(duty, person, things) for name, person in people.items()} == expected


def test_a_head_of_the_facilitation_conducts_the_room_that_names_her(people, things):
    Gathering.objects.filter(pk=things.planned.pk).update(facilitator=people["facilitation_head"])
    for duty in IN_ROOMS:
        assert is_let(duty, people["facilitation_head"], things)


def test_every_act_is_tried():
    assert set(Act) == set(DOING) == set(DUTIES)


def test_every_post_is_one_of_the_table_and_has_a_person():
    posts = {User(role=role, is_head=head).post for role in Role.values for head in (False, True)}
    assert posts == set(POSTS)
    assert len(PEOPLE) == len(POSTS)


def test_the_table_refuses_more_than_it_gives():
    assert sum(map(len, DUTIES.values())) * 2 < len(Act) * len(POSTS)


@pytest.mark.parametrize("post", POSTS)
def test_nobody_both_orders_and_counts(post):
    held = {duty for duty in Act if post in DUTIES[duty]}
    assert not (held & COUNTING and held & ORDERING)


@pytest.mark.parametrize("post", ["manager", "department_head"])
def test_who_answers_neither_hides_nor_verifies(post):
    refused = {Act.HIDE, Act.CONFIRM_HIDING, Act.VERIFY}
    assert not [duty for duty in refused | COUNTING | ORDERING if post in DUTIES[duty]]


def test_administrators_give_accounts_and_do_nothing_else():
    assert [duty for duty in Act if "administrator" in DUTIES[duty]] == [Act.APPOINT]


# --- The database ---------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("post", [*POSTS, "", "nobody"])
def test_the_database_has_the_same_table(post):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT act, duty_given(%s, act) FROM unnest(%s::text[]) act",
            [post, [duty.value for duty in Act]],
        )
        told = dict(cursor.fetchall())
    assert told == {duty.value: post in DUTIES[duty] for duty in Act}


def test_the_database_knows_the_post_of_each_person(people):
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, post_of(id) FROM accounts_user")
        assert dict(cursor.fetchall()) == {person.pk: person.post for person in User.objects.all()}


def line(person: User, things: Things, **more) -> HistoryEntry:
    values = {"issue": things.issue, "actor": person, "office": "X", "at": timezone.now()} | more
    return HistoryEntry.objects.create(**values)


def told(person: User, issue: Issue, before: str, after: str) -> HistoryEntry:
    """A change of status, with the problem that follows it."""
    Issue.objects.filter(pk=issue.pk).update(status=after)
    return HistoryEntry.objects.create(
        issue=issue,
        actor=person,
        office="X",
        at=timezone.now(),
        kind="status",
        from_value=before,
        to_value=after,
    )


def action(name: str):
    return lambda person, things: RoomAction.objects.create(
        id=things.issue.pk, gathering=things.planned, revision=1, action=name, actor=person
    )


def a_list(person: User, things: Things) -> RankedList:
    return RankedList.objects.create(
        number=2, track="gestion", published_at=timezone.now(), published_by=person, office="X",
        document=json.dumps({"number": 2, "track": "gestion", "digest": "d" * 64, "items": [], "world": 2}),
        digest="d" * 64, previous_digest=things.ranked_list.digest,
    )  # fmt: skip


def a_handover(person: User, things: Things, ranked_list: RankedList | None) -> Handover:
    parks = Department.objects.create(code="daoga", name="DAOGA")
    return Handover.objects.create(
        number=9, ranked_list=ranked_list, department=parks, handed_by=person,
        handed_at=timezone.now(), asked_by="nobody" if ranked_list is None else "",
    )  # fmt: skip


def a_move(person: User, things: Things) -> Override:
    return Override.objects.create(
        issue=things.issue, to_place=1, reason=TEXT, author=person, office="X", asked_by="nobody"
    )


def a_code(person: User, things: Things) -> CounterCode:
    organisation = Organisation.objects.create(name="Junta", kind="junta de vecinos")
    return CounterCode.objects.create(organisation=organisation, digest="c" * 64, given_by=person)


def a_budget(person: User, things: Things) -> None:
    with identity.request():
        identity.introduce(person.pk)
        Budget.objects.create(year=2027, department=things.item.department, track="gestion", amount=1)


def an_account(person: User, things: Things) -> None:
    with identity.request():
        identity.introduce(person.pk)
        User.objects.create_user("nueva", role=Role.CABINET)


def hidden(person: User, things: Things) -> Hiding:
    return Hiding.objects.create(issue=things.issue, reason="insult", hidden_by=person)


def confirmed(person: User, things: Things) -> None:
    Hiding.objects.filter(pk=things.hiding.pk).update(decided_by=person, decided_at=timezone.now())


def levels_confirmed(person: User, things: Things) -> None:
    Issue.objects.filter(pk=things.issue.pk).update(levels_confirmed_by=person, levels_evidence=TEXT)


# Each row: what SQL alone writes in somebody's name, and whose duty that is.
WRITTEN = {
    "a list": (a_list, {Act.PUBLISH}),
    "a move": (a_move, {Act.MOVE}),
    "a handover of a list": (lambda who, them: a_handover(who, them, them.ranked_list), {Act.HAND_OVER}),
    "an urgent handover": (lambda who, them: a_handover(who, them, None), {Act.URGENT}),
    "a code": (a_code, {Act.GIVE_CODE}),
    "a budget": (a_budget, {Act.BUDGET}),
    "an account": (an_account, {Act.APPOINT}),
    "a hiding": (hidden, {Act.HIDE}),
    "a second word on a hiding": (confirmed, {Act.CONFIRM_HIDING}),
    "levels confirmed": (levels_confirmed, {Act.CONFIRM_LEVELS}),
    "a line of levels": (
        lambda who, them: line(who, them, kind=EntryKind.LEVELS), {Act.SET_LEVELS, Act.CONFIRM_LEVELS},
    ),
    "a line of an answer": (lambda who, them: line(who, them, kind=EntryKind.ANSWER), {Act.ANSWER}),
    "a line of another office": (
        lambda who, them: line(who, them, kind=EntryKind.DEPARTMENT), {Act.ANSWER, Act.DECIDE_OFFICE},
    ),
    "a receipt": (
        lambda who, them: told(who, them.item.issue, "handed_over", "acknowledged"), {Act.ANSWER},
    ),
    "validated": (
        lambda who, them: told(who, them.issue, "registered", "validated"),
        {Act.COUNT, Act.URGENT},
    ),
    "a decision of the inbox": (
        lambda who, them: Decision.objects.create(held=them.held, kind="reject", reason=TEXT, decided_by=who),
        {Act.INBOX},
    ),
    "a first counter": (
        lambda who, them: Counter.objects.create(gathering=them.planned, side=1, user=who), {Act.COUNT},
    ),
    "a second counter": (
        lambda who, them: Counter.objects.create(gathering=them.planned, side=2, user=who),
        {Act.SECOND_COUNT},
    ),
    "opening a room": (action("open"), {Act.CONDUCT}),
    "a total": (action("total"), {Act.COUNT, Act.SECOND_COUNT}),
    "the end of a count": (action("close"), {Act.COUNT}),
    "annulling": (action("annul"), {Act.ANNUL}),
    "levels of a room": (action("levels"), {Act.SET_LEVELS}),
    "a verdict": (action("judge"), {Act.VERIFY}),
}  # fmt: skip


def is_written(write, person: User, things: Things) -> bool:
    """Whether the database lets it in; raises what it refuses for another reason."""
    try:
        with transaction.atomic():
            write(person, things)
            transaction.set_rollback(True)
    except (IntegrityError, ProgrammingError) as refused:
        if not any(words in str(refused) for words in ("not the duty", "row-level security")):
            raise
        return False
    return True


@pytest.mark.parametrize("what", WRITTEN)
def test_the_database_lets_nothing_be_written_in_the_name_of_whose_duty_it_is_not(what, people, things):
    write, acts = WRITTEN[what]
    expected = {name: any(person.post in DUTIES[act] for act in acts) for name, person in people.items()}
    assert {name: is_written(write, person, things) for name, person in people.items()} == expected


def test_the_database_asks_of_every_act_of_a_room_what_the_room_asks(people, things):
    manager = people["manager"]
    assert set(DUTY_OF) <= set(ACTIONS)
    for name in ACTIONS:
        assert not is_written(action(name), manager, things)


def test_what_is_done_on_the_street_or_by_the_clock_is_not_asked(things):
    line(None, things, kind=EntryKind.LEVELS)
    told(None, things.issue, "registered", "validated")
    assert things.issue.history.filter(actor=None).count() >= 2


# --- Posts are given in public, never to oneself ------------------------------------------------------


@pytest.mark.parametrize("role", Role.values)
def test_only_a_post_that_counts_or_publishes_is_a_public_line(role, administrator, streets):
    told = HistoryEntry.objects.filter(kind=EntryKind.CONFIG, from_value="post ")
    before = told.count()
    with identity.request():
        identity.introduce(administrator.pk)
        person = User.objects.create_user("nueva", role=role, department=streets)
    assert told.count() - before == (role in TOLD_POSTS)
    if told.count() > before:
        newest = told.latest("pk")
        assert (newest.to_value, newest.office) == (f"post {role}", "Administración")
        assert person.username not in newest.public_text


@pytest.mark.parametrize(
    "change",
    [{"role": "cabinet"}, {"is_head": True}, {"territory_codes": [2]}, {"is_active": False}],
    ids=lambda change: next(iter(change)),
)
def test_what_an_account_may_since_is_a_public_line_too(change, facilitator, administrator):
    before = HistoryEntry.objects.filter(kind=EntryKind.CONFIG).count()
    with identity.request():
        identity.introduce(administrator.pk)
        User.objects.filter(pk=facilitator.pk).update(**change)
        User.objects.filter(pk=facilitator.pk).update(last_name="Otra")
    assert HistoryEntry.objects.filter(kind=EntryKind.CONFIG).count() == before + 1


def test_nobody_appoints_themselves_whatever_writes_it(administrator):
    with identity.request():
        identity.introduce(administrator.pk)
        with pytest.raises(IntegrityError, match="nobody appoints themselves"), transaction.atomic():
            User.objects.filter(pk=administrator.pk).update(role=Role.CABINET)


# --- The document -----------------------------------------------------------------------------------


def table() -> str:
    """The table as docs/roles.md has it."""
    rows = [f"| act | {' | '.join(f'`{post}`' for post in POSTS)} |", "| --- " * (len(POSTS) + 1) + "|"]
    for duty, holders in DUTIES.items():
        rows.append(f"| {duty} | {' | '.join('yes' if post in holders else '—' for post in POSTS)} |")
    return "\n".join(rows)


def test_the_document_shows_the_same_table():
    written = (Path(settings.BASE_DIR) / "docs" / "roles.md").read_text(encoding="utf-8")
    assert table() in written
