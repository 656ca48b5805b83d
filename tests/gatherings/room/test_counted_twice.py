"""Counted twice, blind, by two that are not the same; nothing is written over unseen."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from gatherings.acta import document as actas
from gatherings.models import (
    BallotItem,
    Counter,
    CounterCode,
    CounterName,
    Gathering,
    Organisation,
    RoomAction,
    Side,
)
from gatherings.refusals import RoomRefused
from gatherings.room import counters, screen
from gatherings.room.counters import CODE_DAYS, NAME_DAYS, give_code

NAME = "Rosa Elena Quintana"


@pytest.fixture
def code(junta, cabinet) -> str:
    """What the office gave the association that came."""
    return give_code(junta, cabinet)


@pytest.fixture
def ids(seven) -> list[str]:
    return [str(issue.pk) for issue in seven]


@pytest.fixture
def first(voting, do, ids) -> Gathering:
    """The first count is typed: 14, 13, 11, 8, 8, 5 and 0 tokens."""
    for issue, (tokens, people) in zip(ids, FIGURES, strict=True):
        do("total", issue=issue, tokens=tokens, people=people)
    return do("witnesses", names=["a", "b"])


FIGURES = [(14, 8), (13, 8), (11, 7), (8, 5), (8, 6), (5, 3), (0, 0)]


@pytest.fixture
def typed_again(first, do, ids, code):
    """Types the second count with the code of the association; `wrong` says which problem differs."""

    def typing(wrong: dict[int, tuple[int, int]] | None = None) -> Gathering:
        do("count", code=code, side=2, witness=NAME)
        for number, issue in enumerate(ids):
            tokens, people = (wrong or {}).get(number, FIGURES[number])
            do("total", code=code, side=2, issue=issue, tokens=tokens, people=people)
        return do("compare")

    return typing


# --- Who counts again ------------------------------------------------------------------------------


def test_a_witness_counts_again_on_the_same_tablet_and_the_evening_closes(typed_again, do):
    room = typed_again()
    assert room.typings["differences"] == 0
    assert room.typings["first"] == room.typings["second"]
    closed = do("close")
    assert counters.named(closed) == [
        counters.second_of(closed).gathering.facilitator.office,
        "Junta de Vecinos N.º 4",
    ]


def test_public_is_the_organisation_and_the_name_stays_with_the_office(client, typed_again, do):
    typed_again()
    closed = do("close")
    actas.go_on(closed, "read")
    page = client.get(reverse("gathering", args=[closed.pk])).content.decode()
    assert "Junta de Vecinos N.º 4" in page
    assert actas.document_of(closed)["vote"]["counters"][1] == "Junta de Vecinos N.º 4"
    everything = page + str(list(RoomAction.objects.values_list("body", flat=True)))
    everything += str(actas.document_of(closed)) + str(screen.conductor_state(closed, Side.SECOND))
    assert NAME not in everything
    assert CounterName.objects.get().name == NAME


def test_the_name_is_kept_for_a_term_and_the_code_is_kept_nowhere(typed_again, code):
    typed_again()
    assert code not in str(list(RoomAction.objects.values_list("body", flat=True)))
    assert code not in CounterCode.objects.get().digest
    until = timezone.now() + dt.timedelta(days=NAME_DAYS)
    assert counters.forget_names(until - dt.timedelta(days=1)) == 0
    assert counters.forget_names(until) == 1
    assert Counter.objects.filter(side=2).exists()


@pytest.mark.parametrize(
    ("what", "sentence"),
    [
        ("unknown", "no existe, venció o ya se usó"),
        ("used", "no existe, venció o ya se usó"),
        ("old", "no existe, venció o ya se usó"),
        ("of who did not come", "no está en la asistencia"),
        ("given by who counts", "lo entregó quien cuenta primero"),
        ("too short", "tiene 10 letras"),
        ("no name", "nombre de quien cuenta"),
    ],
)
def test_a_code_that_opens_nothing_here(
    voting, do, code, junta, facilitator, cabinet, make_gathering, what, sentence
):
    if what == "used":
        other = make_gathering(state="voting")
        Counter.objects.create(gathering=other, side=2, code=CounterCode.objects.get())
    if what == "old":
        CounterCode.objects.update(given_at=timezone.now() - dt.timedelta(days=CODE_DAYS, minutes=1))
    absent = Organisation.objects.create(name="Club Los Halcones", kind="club", territory_code=1)
    held = {
        "unknown": "2345678923",
        "of who did not come": give_code(absent, cabinet),
        "given by who counts": give_code(junta, facilitator),
        "too short": "ABC",
    }
    with pytest.raises(RoomRefused, match=sentence):
        do("count", code=held.get(what, code), side=2, witness="" if what == "no name" else NAME)
    assert not Counter.objects.filter(gathering=voting, side=2).exists()


def test_who_counts_first_does_not_count_again_and_the_other_way_round(voting, do, colleague):
    with pytest.raises(RoomRefused, match="primer conteo no puede hacer el segundo"):
        do("count", side=2)
    do("count", user=colleague, side=2)
    with pytest.raises(RoomRefused, match="no anota en el primero"):
        do("count", user=colleague, side=1)


def test_the_database_holds_it_too(voting, facilitator, junta, colleague):
    with pytest.raises(IntegrityError), transaction.atomic():
        Counter.objects.create(gathering=voting, side=2, user=facilitator)
    give_code(junta, facilitator)
    with pytest.raises(DatabaseError, match="who gave the code"), transaction.atomic():
        Counter.objects.create(gathering=voting, side=2, code=CounterCode.objects.get())
    Counter.objects.create(gathering=voting, side=2, user=colleague)
    with pytest.raises(DatabaseError, match="stays"), transaction.atomic():
        Counter.objects.filter(side=2).update(side=1)


def test_who_gave_the_code_cannot_join_the_first_count_later(voting, do, junta, colleague):
    do("count", code=give_code(junta, colleague), side=2, witness=NAME)
    with pytest.raises(RoomRefused, match="Entregaste el código"):
        do("count", user=colleague, side=1)


def test_a_colleague_who_conducts_elsewhere_counts_again_and_does_nothing_else(voting, do, other_facilitator):
    room = do("count", user=other_facilitator, side=2)
    assert counters.side_of(room, other_facilitator) == Side.SECOND
    for action in ("close", "witnesses", "note", "paper-settle", "start"):
        with pytest.raises(Gathering.DoesNotExist):
            do(action, user=other_facilitator)


@pytest.mark.parametrize("who", ["manager", "cabinet", "administrator"])
def test_others_do_not_count(voting, do, request, who):
    with pytest.raises(Gathering.DoesNotExist):
        do("count", user=request.getfixturevalue(who), side=2)


def test_another_takes_the_place_of_who_left_with_a_reason_and_types_all_again(typed_again, do, colleague):
    typed_again()
    with pytest.raises(RoomRefused, match="Por qué se cambia") as refused:
        do("count", user=colleague, side=2)
    assert refused.value.code == "why"
    room = do("count", user=colleague, side=2, reason="se fue a su casa")
    assert room.typings is None
    assert not room.ballot.filter(tokens_again__isnull=False).exists()


def test_without_the_code_nobody_types_for_the_second_count(first, do, ids, code):
    do("count", code=code, side=2, witness=NAME)
    for held in ("", "2345678923"):
        with pytest.raises(RoomRefused, match="código") as refused:
            do("total", code=held, side=2, issue=ids[0], tokens=1, people=1)
        assert refused.value.code == "code"


def test_an_account_on_no_side_types_nothing(first, do, ids, colleague):
    with pytest.raises(RoomRefused, match="Elige primero"):
        do("total", user=colleague, issue=ids[0], tokens=1, people=1)


# --- Blind -----------------------------------------------------------------------------------------


def figures_of(state: dict) -> set:
    return {(item["tokens"], item["people"]) for item in state["ballot"]}


def test_no_side_sees_the_other_before_both_are_compared(first, do, code, ids):
    room = do("count", code=code, side=2, witness=NAME)
    assert figures_of(screen.conductor_state(room, Side.SECOND)) == {(None, None)}
    assert figures_of(screen.conductor_state(room, None)) == {(None, None)}
    room = do("total", code=code, side=2, issue=ids[0], tokens=2, people=2)
    assert (2, 2) not in figures_of(screen.conductor_state(room, Side.FIRST))
    assert figures_of(screen.conductor_state(room, Side.SECOND)) == {(2, 2), (None, None)}
    assert screen.conductor_state(room, Side.FIRST)["compared"] is None


def test_the_page_gives_each_side_its_own(client, first, do, code, facilitator, colleague):
    do("count", code=code, side=2, witness=NAME)
    address = reverse("gathering-state", args=[first.pk])
    client.force_login(facilitator)
    assert (14, 8) in figures_of(client.get(address).json())
    assert figures_of(client.get(address, headers={"X-Counter-Code": code}).json()) == {(None, None)}
    client.force_login(colleague)
    assert figures_of(client.get(address).json()) == {(None, None)}
    page = client.get(reverse("gathering-room", args=[first.pk])).content.decode()
    assert '"tokens": null' in page
    assert '"tokens": 14' not in page


def test_papers_of_the_first_count_are_not_shown_to_the_second(do, seven, ids, colleague):
    do("open")
    do("attendance", organisation=None, people=2, voters=None)
    do("mode", mode="ballots")
    for issue in ids:
        do("ballot-add", issue=issue)
    do("start")
    do("paper", number=1, choices={ids[0]: 2})
    room = do("count", user=colleague, side=2)
    assert screen.conductor_state(room, Side.SECOND)["papers"] == []
    room = do("paper", user=colleague, number=1, choices={ids[1]: 2})
    assert [paper["choices"] for paper in screen.conductor_state(room, Side.SECOND)["papers"]] == [
        {ids[1]: 2}
    ]
    assert [paper["choices"] for paper in screen.conductor_state(room, Side.FIRST)["papers"]] == [{ids[0]: 2}]


# --- Compared and settled --------------------------------------------------------------------------


def test_a_difference_is_shown_and_closes_only_when_who_erred_has_typed_it_again(typed_again, do, ids, code):
    room = typed_again({3: (7, 5)})
    (told,) = screen.conductor_state(room, Side.FIRST)["compared"]["differences"]
    assert told == {"what": "Problema 4", "first": "8 fichas, 5 personas", "second": "7 fichas, 5 personas"}
    with pytest.raises(RoomRefused, match="todavía no dicen lo mismo"):
        do("close")
    do("total", code=code, side=2, issue=ids[3], tokens=8, people=5, tokens_before=7, people_before=5)
    closed = do("close")
    assert closed.typings["differences"] == 1
    assert closed.typings["first"] != closed.typings["second"]
    assert actas.document_of(closed)["vote"]["differences"] == 1


def test_a_total_that_one_count_lacks_is_said_to_be_missing(typed_again):
    room = typed_again({})
    BallotItem.objects.filter(pk=room.ballot.order_by("pk").last().pk).update(tokens_again=None)
    (told,) = screen.conductor_state(room, Side.FIRST)["compared"]["differences"]
    assert told["first"].endswith(" personas")
    assert told["second"] == "sin anotar"


@pytest.mark.parametrize("missing", ["the second", "one of the second", "one of the first"])
def test_both_are_compared_only_when_each_is_whole(voting, do, ids, colleague, missing):
    for issue in ids[missing == "one of the first" :]:
        do("total", issue=issue, tokens=2, people=1)
    do("count", user=colleague, side=2)
    for issue in () if missing == "the second" else ids[missing == "one of the second" :]:
        do("total", user=colleague, issue=issue, tokens=2, people=1)
    with pytest.raises(RoomRefused, match="le falta"):
        do("compare")
    do("witnesses", names=["a", "b"])
    with pytest.raises(RoomRefused):
        do("close")


@pytest.mark.parametrize(
    ("second", "told"),
    [
        ({1: {1: 2}}, {"what": "Papeleta N.º 1", "first": "Problema 1: 2", "second": "Problema 2: 2"}),
        ({1: {}}, {"what": "Papeleta N.º 1", "first": "Problema 1: 2", "second": "en blanco"}),
    ],
)
def test_papers_are_compared_one_by_one(do, seven, ids, counter, second, told):
    paper_vote(do, ids)
    do("paper", number=1, choices={ids[0]: 2})
    do("count", user=counter, side=2)
    for number, choices in second.items():
        do("paper", user=counter, number=number, choices={ids[k]: v for k, v in choices.items()})
    room = do("compare")
    assert screen.conductor_state(room, Side.FIRST)["compared"]["differences"] == [told]
    do("witnesses", names=["a", "b"])
    with pytest.raises(RoomRefused, match="todavía no dicen lo mismo"):
        do("close", reason="uno se fue")
    before = {ids[k]: v for k, v in second[1].items()}
    do("paper", user=counter, number=1, choices={ids[0]: 2}, before=before)
    assert do("close", reason="uno se fue").state == "closed"


def test_one_count_with_more_papers_than_the_other_is_not_compared(do, ids, counter):
    paper_vote(do, ids)
    for number in (1, 2):
        do("paper", number=number, choices={ids[0]: 2})
    do("count", user=counter, side=2)
    do("paper", user=counter, number=1, choices={ids[0]: 2})
    with pytest.raises(RoomRefused, match="segundo conteo le falta: lleva 1 de 2"):
        do("compare")


def paper_vote(do, ids) -> None:
    do("open")
    do("attendance", organisation=None, people=2, voters=None)
    do("mode", mode="ballots")
    for issue in ids:
        do("ballot-add", issue=issue)
    do("start")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda room: BallotItem.objects.filter(gathering=room, tokens=14).update(tokens_again=13),
        lambda room: BallotItem.objects.filter(gathering=room, tokens=14).update(tokens_again=None),
        lambda room: Counter.objects.filter(gathering=room, side=2).update(is_replaced=True),
        lambda room: Gathering.objects.filter(pk=room.pk).update(typings=None),
    ],
)
def test_the_database_closes_nothing_that_was_not_counted_twice_alike(typed_again, spoil):
    room = typed_again()
    spoil(room)
    with pytest.raises(DatabaseError, match="not counted twice alike"), transaction.atomic():
        Gathering.objects.filter(pk=room.pk).update(state="closed", closed_at=timezone.now())


# --- Annulled by both ------------------------------------------------------------------------------


def test_one_count_alone_annuls_nothing(first, do, code):
    room = do("annul", reason="se cayó la urna")
    assert (room.state, room.annul_reason) == ("voting", "se cayó la urna")
    assert screen.conductor_state(room, Side.FIRST)["annul"]["reason"] == "se cayó la urna"
    assert do("annul", reason="se cayó la urna").state == "voting"
    do("count", code=code, side=2, witness=NAME)
    assert do("annul", code=code, side=2).state == "open"


def test_the_other_count_says_no(first, do, colleague):
    do("count", user=colleague, side=2)
    do("annul", user=colleague, reason="no me gusta")
    room = do("annul-not")
    assert (room.state, room.annul_side, room.annul_reason) == ("voting", None, "")


def test_an_account_on_no_side_asks_for_nothing(first, do, colleague):
    with pytest.raises(RoomRefused, match="Elige primero"):
        do("annul", user=colleague, reason="no me gusta")


# --- No last writer wins ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("action", "body", "stale", "sentence"),
    [
        (
            "attendance",
            {"organisation": None, "people": 9, "voters": None},
            {"people": 8, "before": None},
            "anotó 9",
        ),
        (
            "attendance",
            {"organisation": None, "people": 9, "voters": None},
            {"people": 0, "before": 7},
            "anotó 9",
        ),
        ("organisation", {"name": "Club", "people": 4}, {"people": 5, "before": 3}, "anotó 4"),
        ("mode", {"mode": "hands", "before": "tokens"}, {"mode": "ballots"}, "otro modo"),
    ],
)
def test_a_stale_write_in_the_open_room_is_told_and_changes_nothing(
    do, colleague, action, body, stale, sentence
):
    do("open")
    do(action, **body)
    with pytest.raises(RoomRefused, match=sentence) as refused:
        do(action, user=colleague, **{**body, **stale})
    assert refused.value.code == "conflict"


def test_a_stale_witness_is_told(first, do, colleague):
    with pytest.raises(RoomRefused, match="otros testigos"):
        do("witnesses", user=colleague, names=["c", "d"])
    assert do("witnesses", user=colleague, names=["c", "d"], before=["a", "b"]).witnesses == ["c", "d"]


def test_a_stale_level_is_told(do, seven, ids, colleague):
    do("open")
    levels = {"severity": 1, "reach": 1, "duration": 1, "vulnerability": 1}
    shown = list(seven[0].levels)
    do("levels", issue=ids[0], before=shown, evidence="lo vimos", **levels)
    with pytest.raises(RoomRefused, match="Otra persona cambió este puntaje"):
        do("levels", user=colleague, issue=ids[0], before=shown, evidence="x", **{**levels, "reach": 3})


def test_a_stale_second_count_is_told(first, do, ids, colleague):
    do("count", user=colleague, side=2)
    do("total", user=colleague, issue=ids[0], tokens=10, people=6)
    with pytest.raises(RoomRefused, match="Otra persona anotó 10"):
        do("total", user=colleague, issue=ids[0], tokens=11, people=6)


# --- The page that gives a code --------------------------------------------------------------------


@pytest.mark.parametrize("who", ["facilitator", "cabinet"])
def test_the_office_gives_a_code_that_is_read_once(client, junta, request, who):
    client.force_login(request.getfixturevalue(who))
    page = client.post(reverse("counter-codes"), {"organisation": junta.pk}).content.decode()
    written = page.split('code__text">')[1].split("<")[0].replace("-", "")
    assert CounterCode.objects.get().given_by.role in (Role.FACILITATOR, Role.CABINET)
    assert written not in client.get(reverse("counter-codes")).content.decode()


@pytest.mark.parametrize("organisation", ["", "0", "x", "99999999999999", "-1"])
def test_a_code_for_nobody_is_refused(client, facilitator, organisation):
    client.force_login(facilitator)
    answer = client.post(reverse("counter-codes"), {"organisation": organisation})
    assert answer.status_code == 400
    assert "Elige una organización" in answer.content.decode()


def test_an_organisation_that_the_register_does_not_have_gets_none(client, facilitator, db):
    provisional = Organisation.objects.create(name="Club", kind="club", territory_code=1, is_provisional=True)
    client.force_login(facilitator)
    answer = client.post(reverse("counter-codes"), {"organisation": provisional.pk})
    assert "no está en el registro" in answer.content.decode()


@pytest.mark.parametrize("who", ["manager", "administrator"])
def test_others_give_none(client, junta, request, who):
    client.force_login(request.getfixturevalue(who))
    assert client.post(reverse("counter-codes"), {"organisation": junta.pk}).status_code == 404
