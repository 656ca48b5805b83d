"""A count in the room: from the first chair to the sealed result."""

from __future__ import annotations

import itertools
import uuid
from hashlib import sha256

import pytest
from django.db import DatabaseError, connection, transaction

from gatherings.models import Attendance, BallotItem, Gathering, GatheringState, RoomAction
from gatherings.refusals import RoomRefused
from gatherings.room.acts import act
from gatherings.states import may_become
from gatherings.tokens import screen_order
from issues.life.lifecycle import Change, move
from issues.models import Issue
from issues.workflow import ClosingKind, Status

STATES = GatheringState.values
NEW = {"tokens_before": None, "people_before": None}


@pytest.mark.django_db
@pytest.mark.parametrize(("before", "after"), list(itertools.product(STATES, STATES)))
def test_database_and_program_hold_the_same_table_of_moments(before, after):
    with connection.cursor() as cursor:
        cursor.execute("SELECT gathering_may_become(%s, %s)", [before, after])
        assert cursor.fetchone()[0] == may_become(before, after)


@pytest.mark.parametrize(
    ("state", "action"),
    [
        ("planned", "start"),
        ("planned", "close"),
        ("planned", "annul"),
        ("open", "close"),
        ("voting", "open"),
        ("closed", "open"),
        ("closed", "start"),
        ("closed", "annul"),
        ("cancelled", "open"),
    ],
)
def test_a_moment_out_of_turn_is_refused_and_changes_nothing(make_gathering, facilitator, state, action):
    room = make_gathering(state=state, closed_at="2026-11-20T12:00Z" if state == "closed" else None)
    with pytest.raises(RoomRefused, match="no puede pasar"):
        from_room(room, facilitator, action, reason="se cayó la urna")
    room.refresh_from_db()
    assert (room.state, room.revision) == (state, 0)


@pytest.mark.parametrize(
    ("state", "action"), [("open", "open"), ("voting", "start"), ("open", "annul"), ("closed", "close")]
)
def test_what_another_tablet_did_a_moment_ago_is_done_and_changes_nothing(
    make_gathering, facilitator, state, action
):
    room = make_gathering(state=state, closed_at="2026-11-20T12:00Z" if state == "closed" else None)
    assert from_room(room, facilitator, action, reason="se cayó la urna").state == state
    room.refresh_from_db()
    assert (room.state, room.revision, room.actions.count()) == (state, 0, 0)


def from_room(room, user, action, **body):

    return act(room.pk, user, action, {"key": str(uuid.uuid4()), **body})


def test_the_vote_starts_with_the_rule_of_a_large_ballot(voting):
    assert (voting.voters, voting.people_present) == (12, 13)
    assert (voting.tokens_each, voting.tokens_per_issue) == (5, 2)
    assert sorted(item.shown_at for item in voting.ballot.all()) == list(range(1, 8))


def test_six_problems_or_fewer_get_three_tokens_one_on_each(do, seven):
    do("open")
    do("attendance", organisation=None, people=4, voters=None)
    for issue in seven[:6]:
        do("ballot-add", issue=str(issue.pk))
    room = do("start")
    assert (room.tokens_each, room.tokens_per_issue) == (3, 1)


def test_the_close_orders_by_tokens_then_people_and_validates(closed, seven):
    titles = [item.issue.title for item in closed.ballot.order_by("place")]
    # 4 and 5 both have eight tokens; more people chose 5.
    assert titles == [f"Problema {n}" for n in (1, 2, 3, 5, 4, 6, 7)]
    assert set(Issue.objects.values_list("status", flat=True)) == {Status.VALIDATED}
    line = seven[0].history.last()
    assert "lugar 1, con 14 fichas" in line.public_text
    assert closed.digest == sha256(closed.record.document.encode()).hexdigest()


def test_a_problem_that_went_on_meanwhile_keeps_its_status(voting, do, seven, facilitator, again):

    move(seven[0], Change(to=Status.VALIDATED), actor=facilitator, office="Otra reunión")
    for issue in seven:
        do("total", issue=str(issue.pk), tokens=2, people=1, **NEW)
    do("witnesses", names=["a", "b"])
    again()
    do("close")
    assert seven[0].history.filter(to_value=Status.VALIDATED).count() == 1


@pytest.mark.parametrize(
    ("tokens", "people", "code", "sentence"),
    [
        (-1, 0, "negative", "negativo"),
        (1, -1, "negative", "negativo"),
        (25, 12, "cap", "caben 24"),
        (5, 2, "cap", "caben 4"),
        (3, 4, "people_over_tokens", "4 personas y solo 3 fichas"),
        (20, 13, "people_over_voters", "votan solo 12"),
        (1.5, 1, "not_whole", "entero"),
        (True, 1, "not_whole", "entero"),
        ("7", 4, "not_whole", "entero"),
        (None, 1, "not_whole", "entero"),
        (float("nan"), 1, "not_whole", "entero"),
        (2**63, 1, "too_many", "demasiado grande"),
        (0, 1, "people_over_tokens", "1 personas y solo 0"),
        (2, 0, "cap", "caben 0"),
    ],
)
def test_an_impossible_total_is_refused_at_once(voting, do, seven, tokens, people, code, sentence):
    with pytest.raises(RoomRefused, match=sentence) as refused:
        do("total", issue=str(seven[0].pk), tokens=tokens, people=people, **NEW)
    assert refused.value.code == code
    assert not voting.ballot.filter(tokens__isnull=False).exists()


def test_more_tokens_than_were_handed_out_are_refused_at_the_problem_that_breaks_the_sum(voting, do, seven):
    for issue in seven[:2]:
        do("total", issue=str(issue.pk), tokens=24, people=12, **NEW)
    with pytest.raises(RoomRefused, match="61 fichas contadas, pero solo se repartieron 60"):
        do("total", issue=str(seven[2].pk), tokens=13, people=12, **NEW)


def test_a_total_that_another_person_changed_meanwhile_is_not_overwritten(voting, do, seven):
    issue = str(seven[0].pk)
    do("total", issue=issue, tokens=10, people=6, **NEW)
    with pytest.raises(RoomRefused, match="Otra persona anotó 10") as refused:
        do("total", issue=issue, tokens=11, people=6, **NEW)
    assert refused.value.code == "conflict"
    do("total", issue=issue, tokens=10, people=6, **NEW)
    do("total", issue=issue, tokens=11, people=6, tokens_before=10, people_before=6)
    assert voting.ballot.get(issue=seven[0]).tokens == 11


@pytest.mark.parametrize("missing", ["total", "witnesses", "all empty"])
def test_an_unfinished_count_does_not_close(voting, do, seven, missing):
    given = 0 if missing == "all empty" else 2
    for issue in seven[(missing == "total") :]:
        do("total", issue=str(issue.pk), tokens=given, people=given // 2, **NEW)
    if missing != "witnesses":
        do("witnesses", names=["a", "b"])
    expected = {"total": "Falta anotar el total", "witnesses": "dos testigos", "all empty": "Ningún problema"}
    with pytest.raises(RoomRefused, match=expected[missing]):
        do("close")
    voting.refresh_from_db()
    assert voting.state == "voting"


def test_an_annulled_vote_forgets_its_counts(voting, do, seven, annul):
    do("total", issue=str(seven[0].pk), tokens=10, people=6, **NEW)
    with pytest.raises(RoomRefused, match="por qué"):
        do("annul", reason=" ")
    room = annul("se cayó la urna")
    assert room.state == "open"
    assert not room.ballot.filter(tokens__isnull=False).exists()


@pytest.mark.parametrize(
    ("people", "voters", "sentence"),
    [
        (3, 3, "dos personas por organización"),
        (1, 2, "más personas de las que vinieron"),
        (9999, 1, "demasiadas"),
    ],
)
def test_impossible_attendance_is_refused(do, junta, people, voters, sentence):
    do("open")
    with pytest.raises(RoomRefused, match=sentence):
        do("attendance", organisation=junta.pk, people=people, voters=voters)


def test_an_organisation_votes_with_two_however_many_came(do, junta, gathering):
    do("open")
    do("attendance", organisation=junta.pk, people=15, voters=None)
    assert Attendance.objects.get().voters == 2
    do("attendance", organisation=junta.pk, people=0, voters=None, before=15)
    assert not Attendance.objects.exists()


def test_an_unknown_organisation_can_be_added_in_the_room(do):
    do("open")
    do("organisation", name="  Club  Los Halcones ", kind="", people=4, voters=None)
    do("organisation", name="Club Los Halcones", kind="", people=5, voters=None, before=4)
    line = Attendance.objects.get()
    assert (line.organisation.name, line.organisation.territory_code, line.people) == (
        "Club Los Halcones",
        1,
        5,
    )


def test_the_ballot_takes_twelve_and_refuses_the_thirteenth(do, make_issue):
    do("open")
    for n in range(12):
        do("ballot-add", issue=str(make_issue(title=f"P{n}").pk))
    with pytest.raises(RoomRefused, match="ya tiene 12"):
        do("ballot-add", issue=str(make_issue().pk))


@pytest.mark.parametrize("what", ["other territory", "urgent", "hidden", "reserved", "closed", "nothing"])
def test_what_may_not_stand_on_the_ballot(do, make_issue, insecurity, what):

    do("open")
    issue = make_issue(
        3 if what == "other territory" else 1,
        severity=3 if what == "urgent" else 1,
        **({"category": insecurity} if what == "reserved" else {}),
    )
    if what == "hidden":
        Issue.objects.filter(pk=issue.pk).update(visibility="hidden", hidden_reason="insulto")
    if what == "closed":
        change = Change(to=Status.CLOSED, closing_kind=ClosingKind.WITHDRAWN, public_text="Se retiró.")
        move(issue, change, actor=None, office="Prueba")
    with pytest.raises(RoomRefused, match="no puede ir en la papeleta"):
        do("ballot-add", issue=str(uuid.uuid4() if what == "nothing" else issue.pk))


@pytest.mark.parametrize("missing", ["voters", "ballot"])
def test_a_vote_needs_voters_and_a_ballot(do, seven, missing):
    do("open")
    if missing == "voters":
        do("ballot-add", issue=str(seven[0].pk))
    else:
        do("attendance", organisation=None, people=3, voters=None)
    with pytest.raises(RoomRefused, match="quiénes vinieron" if missing == "voters" else "entre 1 y 12"):
        do("start")


@pytest.mark.parametrize(
    ("action", "body"),
    [
        ("attendance", {"organisation": None, "people": 3, "voters": 3}),
        ("ballot-add", {"issue": str(uuid.uuid4())}),
        ("ballot-remove", {"issue": str(uuid.uuid4())}),
        ("mode", {"mode": "hands"}),
        ("organisation", {"name": "Club", "kind": "", "people": 1, "voters": 1}),
    ],
)
def test_what_was_fixed_with_the_start_of_the_vote_stays(voting, do, action, body):
    with pytest.raises(RoomRefused) as refused:
        do(action, **body)
    assert refused.value.code == "not_now"


def test_the_same_wish_sent_twice_is_done_once(do, gathering):
    key = str(uuid.uuid4())
    do("open", key=key)
    assert do("open", key=key).revision == 1
    assert RoomAction.objects.count() == 1


@pytest.mark.parametrize("difference", ["body", "action", "person"])
def test_a_used_key_with_another_wish_is_a_conflict(do, colleague, difference):
    key = str(uuid.uuid4())
    do("open")
    do("attendance", key=key, organisation=None, people=3, voters=3)
    action = "mode" if difference == "action" else "attendance"
    with pytest.raises(RoomRefused) as refused:
        do(action, key=key, user=colleague if difference == "person" else None,
           organisation=None, people=4 if difference == "body" else 3, voters=3)  # fmt: skip
    assert refused.value.code == "conflict"


@pytest.mark.parametrize("key", ["", "x", None, 7, [], "1234"])
def test_a_wish_without_a_key_is_refused(gathering, facilitator, key):

    with pytest.raises(RoomRefused):
        act(gathering.pk, facilitator, "open", {"key": key})


@pytest.mark.parametrize("who", ["other_facilitator", "manager", "cabinet", "administrator"])
def test_others_do_not_conduct(do, gathering, request, who):
    with pytest.raises(Gathering.DoesNotExist):
        do("open", user=request.getfixturevalue(who))


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE gatherings_ballotitem SET tokens = 1, people = 1",
        "DELETE FROM gatherings_ballotitem",
        "INSERT INTO gatherings_attendance (gathering_id, people, voters)"
        " SELECT id, 1, 1 FROM gatherings_gathering",
        "UPDATE gatherings_attendance SET people = people + 1",
        "DELETE FROM gatherings_attendance",
        "UPDATE gatherings_gathering SET voters = 1",
        "UPDATE gatherings_gathering SET digest = ''",
        "UPDATE gatherings_gathering SET state = 'voting', digest = ''",
        "DELETE FROM gatherings_gathering",
        "UPDATE gatherings_roomaction SET body = '{}'",
        "DELETE FROM gatherings_roomaction",
    ],
)
def test_the_database_refuses_to_touch_a_sealed_result(closed, sql):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_the_counter_of_screens_goes_on_after_the_close(closed):
    Gathering.objects.filter(pk=closed.pk).update(revision=99)
    closed.refresh_from_db()
    assert closed.revision == 99


def test_the_database_refuses_a_jump_over_a_moment(gathering):
    with pytest.raises(DatabaseError, match="may not go"), transaction.atomic():
        Gathering.objects.filter(pk=gathering.pk).update(state="closed", closed_at="2026-11-22T12:00Z")


def test_the_screen_order_comes_from_the_shown_seed(voting):

    items = BallotItem.objects.filter(gathering=voting).select_related("issue")
    shown = [item.issue.reference for item in items.order_by("shown_at")]
    assert shown == screen_order(reversed(shown), voting.seed)
