"""Paper ballots on several tablets: nothing is overwritten or dropped without both tablets being told."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction

from gatherings.models import CastBallot, Gathering, Side
from gatherings.refusals import RoomRefused
from gatherings.room import screen

MISSING = "tres personas se fueron antes"


@pytest.fixture
def ids(seven) -> list[str]:
    return [str(issue.pk) for issue in seven]


@pytest.fixture
def papers(do, seven, junta, colleague):
    """Four voters vote on paper; ballot 1 gives two tokens to the first problem."""
    do("open")
    do("attendance", organisation=None, people=4, voters=None)
    do("mode", mode="ballots")
    for issue in seven:
        do("ballot-add", issue=str(issue.pk))
    do("start")
    do("count", user=colleague, side=1)
    return do("paper", number=1, choices={str(seven[0].pk): 2})


def versions(room: Gathering) -> dict:
    return {paper.number: (paper.choices, paper.rival) for paper in room.cast.all()}


def test_a_second_tablet_with_other_tokens_overwrites_nothing_and_both_see_it(papers, do, colleague, ids):
    room = do("paper", user=colleague, number=1, choices={ids[1]: 2})
    assert versions(room) == {1: ({ids[0]: 2}, {ids[1]: 2})}
    assert screen.conductor_state(room, Side.FIRST)["papers"] == [
        {"number": 1, "choices": {ids[0]: 2}, "rival": {ids[1]: 2}}
    ]
    assert "papers" not in screen.public_state(room)


def test_the_same_tokens_under_the_same_number_are_asked_about_and_not_dropped(papers, do, colleague, ids):
    with pytest.raises(RoomRefused, match="Si es otro papel, dale otro número") as refused:
        do("paper", user=colleague, number=1, choices={ids[0]: 2})
    assert refused.value.code == "conflict"


def test_who_opened_a_paper_corrects_it(papers, do, ids):
    room = do("paper", number=1, choices={ids[1]: 1}, before={ids[0]: 2, ids[1]: 0})
    assert versions(room) == {1: ({ids[1]: 1}, None)}


def test_of_two_corrections_of_one_paper_the_second_is_a_dispute(papers, do, colleague, ids):
    do("paper", number=1, choices={ids[1]: 1}, before={ids[0]: 2})
    room = do("paper", user=colleague, number=1, choices={ids[2]: 1}, before={ids[0]: 2})
    assert versions(room) == {1: ({ids[1]: 1}, {ids[2]: 1})}


@pytest.mark.parametrize(
    ("keep", "counted"),
    [
        ("first", {1: ({0: 2}, None)}),
        ("second", {1: ({1: 2}, None)}),
        ("both", {1: ({0: 2}, None), 2: ({1: 2}, None)}),
    ],
)
def test_a_dispute_is_settled_as_the_paper_says(papers, do, colleague, ids, keep, counted):
    do("paper", user=colleague, number=1, choices={ids[1]: 2})
    room = do("paper-settle", number=1, rival={ids[1]: 2}, keep=keep)
    named = {n: ({ids[k]: v for k, v in first.items()}, rival) for n, (first, rival) in counted.items()}
    assert versions(room) == named
    with pytest.raises(RoomRefused, match="ya resolvió"):
        do("paper-settle", user=colleague, number=1, rival={ids[1]: 2}, keep="second")


@pytest.mark.parametrize(
    ("action", "body"),
    [
        ("paper", {"choices": {2: 1}, "before": {0: 2}}),
        ("paper", {"choices": {2: 1}, "before": None}),
        ("paper-remove", {"before": {0: 2}}),
        ("close", {"reason": MISSING}),
    ],
)
def test_while_a_paper_has_two_versions_nothing_goes_past_it(papers, do, ids, action, body):
    do("paper", number=1, choices={ids[1]: 2})
    do("witnesses", names=["a", "b"])
    named = {
        field: {ids[k]: v for k, v in value.items()} if isinstance(value, dict) else value
        for field, value in body.items()
    }
    with pytest.raises(RoomRefused, match="dos versiones") as refused:
        do(action, number=1, **named)
    assert refused.value.code == "disputed"


def test_two_papers_under_one_number_do_not_become_more_than_voters(papers, do, ids):
    for number in (2, 3, 4):
        do("paper", number=number, choices={ids[0]: 1})
    do("paper", number=1, choices={ids[1]: 2})
    with pytest.raises(RoomRefused, match="Ya están las 4 papeletas"):
        do("paper-settle", number=1, rival={ids[1]: 2}, keep="both")


@pytest.mark.parametrize("before", [None, {}, {1: 2}])
def test_a_paper_is_taken_out_only_by_who_sees_what_it_says(papers, do, ids, before):
    named = before and {ids[k]: v for k, v in before.items()}
    with pytest.raises(RoomRefused, match="dice otra cosa ahora"):
        do("paper-remove", number=1, before=named)
    assert CastBallot.objects.count() == 1


@pytest.mark.parametrize(("number", "sentence"), [(0, "desde el 1"), (5001, "desde el 1")])
def test_a_number_that_no_paper_has(papers, do, ids, number, sentence):
    with pytest.raises(RoomRefused, match=sentence):
        do("paper", number=number, choices={ids[0]: 1})


def test_fewer_papers_than_voters_close_only_with_the_reason_why(papers, do, again):
    do("witnesses", names=["a", "b"])
    again()
    for reason in ("", "  "):
        with pytest.raises(RoomRefused, match=r"Se contaron 1 papeletas de 4. ¿Por qué") as refused:
            do("close", reason=reason)
        assert refused.value.code == "why"
    assert do("close", reason=MISSING).missing_reason == MISSING


def test_a_reason_nobody_asked_for_is_not_kept(papers, do, ids, again):
    for number in (2, 3, 4):
        do("paper", number=number, choices={ids[0]: 1})
    do("witnesses", names=["a", "b"])
    again()
    assert do("close", reason=MISSING).missing_reason == ""


@pytest.mark.parametrize(
    ("change", "guard"),
    [
        ({"ballots_counted": 3, "witnesses": ["a", "b"]}, "ballots missing"),
        ({"ballots_counted": 4, "witnesses": ["a", " A"]}, "same witness"),
        ({"ballots_counted": 4, "witnesses": ["a", "b"]}, "two ways"),
    ],
)
def test_the_database_refuses_such_a_close_too(papers, do, ids, change, guard):
    do("paper", number=1, choices={ids[1]: 2})
    closed = {"state": "closed", "closed_at": papers.opened_at}
    with pytest.raises(DatabaseError, match=guard), transaction.atomic():
        Gathering.objects.filter(pk=papers.pk).update(**closed, **change)
