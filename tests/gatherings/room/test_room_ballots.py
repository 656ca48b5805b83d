"""Hands, paper ballots and phones: what each refuses, what it counts, what it forgets."""

from __future__ import annotations

import datetime as dt
import re
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Attempt
from gatherings.models import CastBallot, RoomAction, VoteCode
from gatherings.refusals import RoomRefused
from gatherings.room import ballots
from gatherings.room.phone_views import WRONG_CODES
from issues.life.lifecycle import Change, move
from issues.models import Issue
from issues.workflow import ClosingKind, Status
from tests.town import confirm

NEW = {"tokens_before": None, "people_before": None}


@pytest.fixture
def vote_by(do, seven, junta):
    """Twelve voters vote on seven problems in a mode."""

    def begin(mode: str):
        do("open")
        do("attendance", organisation=junta.pk, people=2, voters=2)
        do("attendance", organisation=None, people=10, voters=None)
        do("mode", mode=mode)
        for issue in seven:
            do("ballot-add", issue=str(issue.pk))
        return do("start")

    return begin


@pytest.fixture
def ids(seven):
    return [str(issue.pk) for issue in seven]


def test_hands_are_three_each_and_one_on_a_problem(vote_by, do, ids):
    room = vote_by("hands")
    assert (room.tokens_each, room.tokens_per_issue) == (3, 1)
    do("total", issue=ids[0], tokens=11, people=None, **NEW)
    assert (room.ballot.get(issue=ids[0]).tokens, room.ballot.get(issue=ids[0]).people) == (11, 11)
    with pytest.raises(RoomRefused, match="votan solo 12"):
        do("total", issue=ids[1], tokens=13, people=None, **NEW)


@pytest.mark.parametrize("mode", ["ballots", "phones"])
def test_totals_are_not_typed_where_whole_ballots_are_counted(vote_by, do, ids, mode):
    vote_by(mode)
    with pytest.raises(RoomRefused, match="con fichas o a mano alzada"):
        do("total", issue=ids[0], tokens=1, people=1, **NEW)


@pytest.mark.parametrize(
    ("choices", "sentence"),
    [
        ({0: 3}, "el tope por persona es 2"),
        ({0: 2, 1: 2, 2: 2}, "tiene 6 fichas y a cada persona le tocan 5"),
        ({0: -1}, "negativo"),
        ({0: 1.5}, "entero"),
        ({0: "2"}, "entero"),
        ({0: 2**70}, "grande"),
        ({"nobody": 1}, "no está en la papeleta"),
        ([], "No entendimos"),
        (None, "No entendimos"),
    ],
)
def test_a_paper_ballot_that_breaks_the_rules_is_refused(vote_by, do, ids, choices, sentence):
    vote_by("ballots")
    if isinstance(choices, dict):
        choices = {ids[key] if isinstance(key, int) else key: given for key, given in choices.items()}
    with pytest.raises(RoomRefused, match=sentence):
        do("paper", number=1, choices=choices)
    assert not CastBallot.objects.exists()


def test_paper_ballots_are_counted_corrected_and_never_more_than_voters(vote_by, do, ids, again):
    room = vote_by("ballots")
    for number in range(1, 13):
        do("paper", number=number, choices={ids[0]: 2, ids[number % 3]: 1})
    with pytest.raises(RoomRefused, match="Ya están las 12 papeletas"):
        do("paper", number=13, choices={ids[0]: 1})
    do("paper", number=12, choices={ids[6]: 2}, before={ids[0]: 1})
    last = room.cast.get(number=11).choices
    do("paper-remove", number=11, before=last)
    do("paper-remove", number=11, before=last)
    do("witnesses", names=["a", "b"])
    again()
    room = do("close", reason="una persona se fue sin votar")
    first = room.ballot.get(place=1)
    assert (str(first.issue_id), first.people) == (ids[0], 10)
    assert (room.ballots_counted, room.ballots_left_out) == (11, 0)


def test_the_minority_alarm_counts_ballots_without_the_first_five_and_moves_nothing(vote_by, do, ids, again):
    vote_by("ballots")
    for number in range(1, 9):
        do("paper", number=number, choices={ids[n]: 1 for n in range(5)})
    do("paper", number=9, choices={ids[5]: 1})
    do("paper", number=10, choices={ids[6]: 2})
    do("witnesses", names=["a", "b"])
    again()
    room = do("close", reason="dos personas no votaron")
    assert (room.ballots_counted, room.ballots_left_out) == (10, 2)
    assert [str(item.issue_id) for item in room.ballot.order_by("place")] == [*ids[:5], ids[6], ids[5]]


def test_a_close_without_any_ballot_is_refused(vote_by, do):
    vote_by("ballots")
    do("witnesses", names=["a", "b"])
    with pytest.raises(RoomRefused, match="ninguna papeleta"):
        do("close")


# --- Phones -------------------------------------------------------------------------------------


@pytest.fixture
def phones(vote_by, gathering):
    """A vote by phones with three printed codes."""
    room = vote_by("phones")
    return room, ballots.make_codes(room, 3)


def send(client, code, choices, word="palabra"):
    form = {f"p-{issue}": str(given) for issue, given in choices.items()} | {"word": word}
    return client.post(reverse("vote", args=[code]), form)


def test_a_code_votes_once_and_the_same_ballot_sent_twice_is_one(client, phones, ids):
    _room, (code, *_others) = phones
    assert client.get(reverse("vote", args=[code])).status_code == 200
    assert "Recibimos tu voto" in send(client, code, {ids[0]: 2}).content.decode()
    assert "Recibimos tu voto" in send(client, code, {ids[0]: 2}).content.decode()
    again = send(client, code, {ids[1]: 2}, word="otra")
    assert again.status_code == 400
    assert again.content.decode().count("ya se usó") == 1
    assert "Enviar mi voto" not in again.content.decode()
    assert CastBallot.objects.count() == 1


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("nunca", "Un código tiene 10 letras y números, y escribiste 5."),
        ("AAAAAAAAAA", "Ese código no existe, o la votación ya terminó."),
        ("x" * 40, "y escribiste 40."),
        ("1111111111", "Los códigos no llevan «1»"),
        ("ABCDE-FGH2O", "Los códigos no llevan «O»"),
        ("ÑÑÑÑÑÑÑÑÑÑ", "Los códigos no llevan «Ñ»"),
        ("<b>ABCDEFG", "Los códigos no llevan «&lt;»"),
        ("2345%006789", ""),
    ],
)
def test_an_unknown_code_is_a_404_that_says_what_to_do(client, phones, written, sentence):
    answer = client.get(f"/votar/{written}/")
    assert answer.status_code == 404
    assert sentence in answer.content.decode()


def test_a_code_is_typed_by_hand_in_any_writing(client, phones):
    _room, (code, *_others) = phones
    page = client.get("/votar/").content.decode()
    assert "Escribe el código de tu papel" in page
    for written in (code, code.lower(), f" {code[:5]}-{code[5:]} ", " ".join(code)):
        answer = client.get("/votar/", {"codigo": written}, follow=True)
        assert answer.redirect_chain == [(f"/votar/{code}/", 302)]
        assert "Enviar mi voto" in answer.content.decode()


def test_what_can_be_no_code_is_asked_again_with_what_was_written(client, phones):
    answer = client.get("/votar/", {"codigo": "abcde"})
    assert answer.status_code == 400
    assert "y escribiste 5." in answer.content.decode()
    assert 'value="ABCDE"' in answer.content.decode()


def test_a_used_code_says_so_at_once_and_offers_no_ballot(client, phones, ids):
    _room, (code, *_others) = phones
    send(client, code, {ids[0]: 2})
    page = client.get(f"/votar/{code}/").content.decode()
    assert "Si acabas de votar, tu voto está contado" in page
    assert "Enviar mi voto" not in page


def test_guessing_codes_is_stopped_by_address_without_keeping_who_or_what(client, phones):
    _room, (code, *_others) = phones
    for n in range(WRONG_CODES):
        assert client.get(f"/votar/AAAAAAA{n:03d}/".replace("0", "B").replace("1", "C")).status_code == 404
    stopped = client.get("/votar/AAAAAAAAAA/")
    assert (stopped.status_code, stopped["Retry-After"]) == (429, "600")
    assert "si está bien, abre igual" in stopped.content.decode()
    assert client.get("/votar/AAAAAAAAAA/", REMOTE_ADDR="192.0.2.7").status_code == 404
    kept = str(list(Attempt.objects.values()))
    assert "127.0.0.1" not in kept
    assert code not in kept


def test_a_bad_neighbour_stops_nobody_who_holds_a_right_code(client, phones, ids):
    _room, (code, *_others) = phones
    for _each in range(WRONG_CODES + 1):
        stopped = client.get("/votar/AAAAAAAAAA/")
    assert stopped.status_code == 429
    assert "Enviar mi voto" in client.get(f"/votar/{code}/").content.decode()
    assert send(client, code, {ids[0]: 1}).status_code == 200


def test_a_room_that_votes_by_right_codes_is_never_stopped(client, phones, ids):
    room, codes = phones
    for code in codes + ballots.make_codes(room, 9):
        for _again in range(12):
            client.get(f"/votar/{code}/")
        assert send(client, code, {ids[0]: 1}).status_code == 200


def test_behind_a_proxy_the_limit_counts_people_and_not_the_proxy(client, phones, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT, settings.BEHIND_PROXY = 1, True
    for _each in range(WRONG_CODES + 1):
        client.get("/votar/AAAAAAAAAA/", headers={"X-Forwarded-For": "203.0.113.9"})
    guesser = client.get("/votar/AAAAAAAAAA/", headers={"X-Forwarded-For": "198.51.100.1, 203.0.113.9"})
    other = client.get("/votar/AAAAAAAAAA/", headers={"X-Forwarded-For": "203.0.113.9, 198.51.100.1"})
    assert (guesser.status_code, other.status_code) == (429, 404)


@pytest.mark.parametrize(
    ("choices", "sentence"),
    [
        ({0: 3}, "tope por persona"),
        ({0: 2, 1: 2, 2: 2}, "6 fichas"),
        ({}, "al menos una"),
        ({0: "x"}, "entero"),
    ],
)
def test_a_phone_ballot_that_breaks_the_rules_is_refused_and_the_code_stays_good(
    client, phones, ids, choices, sentence
):
    _room, (code, *_others) = phones
    refused = send(client, code, {ids[key]: given for key, given in choices.items()})
    assert refused.status_code == 400
    assert sentence in refused.content.decode()
    assert send(client, code, {ids[0]: 1}).status_code == 200


def test_of_the_printed_papers_as_many_are_good_as_there_are_voters(client, gathering, vote_by, ids):
    codes = ballots.make_codes(gathering, 15)
    vote_by("phones")
    for code in codes[12:]:
        assert "hoy valen del 1 al 12" in client.get(f"/votar/{code}/").content.decode()
        assert "hoy valen del 1 al 12" in send(client, code, {ids[0]: 1}).content.decode()
    for code in codes[:12]:
        assert send(client, code, {ids[0]: 1}).status_code == 200
    assert CastBallot.objects.count() == 12


def test_six_papers_and_four_voters_shut_nobody_out(client, do, gathering, seven, ids):
    codes = ballots.make_codes(gathering, 6)
    do("open")
    do("attendance", organisation=None, people=4, voters=None)
    do("mode", mode="phones")
    for issue in ids:
        do("ballot-add", issue=issue)
    do("start")
    # Somebody took the two papers that were left over, and sends first.
    for code in codes[4:]:
        assert send(client, code, {ids[6]: 2}).status_code == 400
    for code in codes[:4]:
        assert send(client, code, {ids[0]: 2}).status_code == 200
    assert [ballot.choices for ballot in CastBallot.objects.all()] == [{ids[0]: 2}] * 4


def test_papers_printed_anew_before_the_vote_take_the_place_of_the_first(client, gathering, vote_by, ids):
    (lost,) = ballots.make_codes(gathering, 1)
    (found,) = ballots.make_codes(gathering, 1)
    vote_by("phones")
    assert send(client, lost, {ids[0]: 1}).status_code == 404
    assert send(client, found, {ids[0]: 1}).status_code == 200


def test_during_the_vote_papers_are_added_up_to_the_voters(phones):
    room, _three = phones
    with pytest.raises(RoomRefused, match="faltan 9 papeles"):
        ballots.make_codes(room, 10)
    assert len(ballots.make_codes(room, 9)) == 9


def test_counts_of_phones_are_hidden_until_the_close(client, phones, ids):
    room, (code, *_others) = phones
    send(client, code, {ids[0]: 2})
    body = client.get(reverse("gathering-state", args=[room.pk]) + "?vista=proyector").json()
    assert body["ballots"] == 1
    assert all("tokens" not in item for item in body["ballot"])


def test_nothing_links_a_code_or_a_person_to_a_ballot(client, phones, do, ids):
    _room, (code, *_others) = phones
    actions = RoomAction.objects.count()
    send(client, code, {ids[0]: 2})
    ballot = CastBallot.objects.get()
    assert {field.name for field in CastBallot._meta.concrete_fields} == {
        "id",
        "gathering",
        "number",
        "choices",
        "rival",
    }
    assert ballot.rival is None
    assert ballot.id.version == 4
    assert RoomAction.objects.count() == actions
    stored = VoteCode.objects.exclude(receipt="").get()
    assert code not in (stored.digest, stored.receipt)
    assert str(ballot.id) not in (stored.digest, stored.receipt)
    do("witnesses", names=["a", "b"])
    do("close", reason="once no votaron")
    assert not VoteCode.objects.exists()


def test_forty_codes_used_twice_are_forty_ballots(client, vote_by, do, ids, annul):
    room = vote_by("phones")
    annul("llegó más gente")
    do("attendance", organisation=None, people=38, voters=None, before=10)
    do("start")
    codes = ballots.make_codes(room, 40)
    for number, code in enumerate(codes):
        assert send(client, code, {ids[number % 7]: 2}, word=f"palabra {number}").status_code == 200
    for number, code in enumerate(codes):
        again = send(client, code, {ids[0]: 2}, word=f"otra {number}")
        assert again.status_code == 400
        assert "ya se usó" in again.content.decode()
    do("witnesses", names=["junta", "vecina"])
    closed = do("close")
    totals = closed.ballot.values_list("tokens", "people")
    assert (closed.voters, sum(t for t, _ in totals), sum(p for _, p in totals)) == (40, 80, 40)
    assert (
        "Ese código no existe, o la votación ya terminó" in client.get(f"/votar/{codes[0]}/").content.decode()
    )


def test_an_annulled_vote_frees_the_codes(client, phones, do, ids, annul):
    _room, (code, *_others) = phones
    send(client, code, {ids[0]: 2})
    annul("se cortó la luz")
    do("start")
    assert not CastBallot.objects.exists()
    assert send(client, code, {ids[1]: 2}, word="otra").status_code == 200


@pytest.mark.parametrize("mode", ["tokens", "hands", "ballots"])
def test_a_phone_cannot_vote_in_another_mode(client, vote_by, ids, mode):
    room = vote_by(mode)
    (code,) = ballots.make_codes(room, 1)
    assert "se vota de otra manera" in send(client, code, {ids[0]: 1}).content.decode()


@pytest.mark.parametrize(("who", "status"), [(None, 302), ("facilitator", 200), ("other_facilitator", 404),
                                             ("manager", 404), ("cabinet", 404)])  # fmt: skip
def test_who_prints_codes(client, request, gathering, who, status):
    if who:
        client.force_login(request.getfixturevalue(who))
    answer = client.post(reverse("gathering-codes", args=[gathering.pk]), {"many": "4"})
    assert answer.status_code == status
    assert VoteCode.objects.count() == (4 if status == 200 else 0)
    if status == 200:
        page = answer.content.decode()
        assert page.count("<svg") == 4
        assert len(set(re.findall(r"[0-9A-Z]{5}-[0-9A-Z]{5}", page))) == 4
        assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("many", ["0", "501", "x", "", "-1", "9" * 30])
def test_an_impossible_number_of_codes_is_refused(client, facilitator, gathering, many):
    client.force_login(facilitator)
    assert client.post(reverse("gathering-codes", args=[gathering.pk]), {"many": many}).status_code == 400
    assert not VoteCode.objects.exists()


# --- Mapping, merging, levels, promises, minutes ---------------------------------------------------


@pytest.fixture
def data():
    return {"title": "Poste inclinado", "category": "PAV-01", "lat": -33.51, "lng": -70.79,
            "severity": None, "reach": None, "duration": None, "vulnerability": None}  # fmt: skip


def test_a_problem_is_put_on_the_map_in_the_room(do, gathering, seven, data):
    do("open")
    do("map", **data)
    issue = gathering.mapped.get().issue
    assert (issue.title, issue.origin, issue.territory.code) == ("Poste inclinado", "gathering", 1)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"lng": -70.77}, "otro barrio"),
        ({"lng": -70.70}, "fuera"),
        ({"lat": None}, "Toca primero el mapa"),
        ({"lat": "nan"}, "Toca primero el mapa"),
        ({"lat": -70.79, "lng": -33.51}, "Toca primero el mapa"),
        ({"title": " "}, "cuál es el problema"),
        ({"title": "x" * 141}, "demasiado largo"),
        ({"category": "NO-99"}, "Elige la categoría"),
        ({"severity": 4}, "de 0 a 3"),
        ({"severity": "2"}, "entero"),
    ],
)
def test_what_cannot_be_put_on_the_map(do, gathering, seven, data, change, sentence):
    do("open")
    with pytest.raises(RoomRefused, match=sentence):
        do("map", **data | change)
    assert not gathering.mapped.exists()


def test_yes_joins_two_problems_and_takes_the_duplicate_off_the_ballot(do, gathering, seven):
    one, other, *_rest = seven
    do("open")
    do("ballot-add", issue=str(one.pk))
    do("same", duplicate=str(one.pk), into=str(other.pk), is_same=True)
    one.refresh_from_db()
    assert (one.status, one.duplicate_of_id) == ("closed", other.pk)
    assert not gathering.ballot.exists()
    assert other.history.filter(kind="merge").exists()


def test_no_keeps_both_and_the_room_is_not_asked_again(client, do, facilitator, seven):
    one, other, *_rest = seven
    room = do("open")
    do("same", duplicate=str(one.pk), into=str(other.pk), is_same=False)
    client.force_login(facilitator)
    body = client.get(reverse("gathering-state", args=[room.pk])).json()["candidates"]
    like = {issue["issue"]: {each["issue"] for each in issue["like"]} for issue in body}
    assert str(other.pk) not in like[str(one.pk)]
    assert str(one.pk) not in like[str(other.pk)]


@pytest.mark.parametrize("what", ["itself", "elsewhere", "unknown"])
def test_what_the_room_cannot_join(do, seven, make_issue, what):
    do("open")
    into = {"itself": seven[0].pk, "elsewhere": make_issue(3).pk, "unknown": uuid.uuid4()}[what]
    with pytest.raises(RoomRefused):
        do("same", duplicate=str(seven[0].pk), into=str(into), is_same=True)


def test_levels_are_said_before_and_after_the_vote_and_never_during(do, voting, seven, annul):
    levels = {"severity": 1, "reach": 1, "duration": 1, "vulnerability": 1, "evidence": "lo vimos"}
    with pytest.raises(RoomRefused, match="no durante"):
        do("levels", issue=str(seven[0].pk), **levels)
    annul("prueba")
    do("levels", issue=str(seven[0].pk), **levels)
    seven[0].refresh_from_db()
    assert seven[0].index == 100


def test_a_late_level_does_not_change_the_sealed_result(do, voting, seven, again):
    confirm(seven[0])
    for issue in seven:
        do("total", issue=str(issue.pk), tokens=2, people=1, **NEW)
    do("witnesses", names=["a", "b"])
    again()
    closed = do("close")
    levels = {"severity": 0, "reach": 0, "duration": 0, "vulnerability": 0, "evidence": "lo vimos de nuevo"}
    do("levels", issue=str(seven[0].pk), **levels)
    first = closed.ballot.get(place=1)
    assert (first.issue_id, first.index_then) == (seven[0].pk, 190)


def test_an_index_that_nobody_confirmed_breaks_no_tie(do, voting, seven, again):
    """The third has a lower index than the first two, and is the only one that two accounts said."""
    confirm(seven[2])
    for issue in seven:
        do("total", issue=str(issue.pk), tokens=2, people=1, **NEW)
    do("witnesses", names=["a", "b"])
    again()
    closed = do("close")
    assert closed.ballot.get(place=1).issue_id == seven[2].pk
    assert closed.ballot.get(place=2).index_then is None


@pytest.mark.parametrize(
    ("minute", "sentence"),
    [
        ({"kind": "agreement", "text": "Limpiar", "office": "", "due": "2026-12-24"}, "quién responde"),
        ({"kind": "agreement", "text": "Limpiar", "office": "DAOGA", "due": None}, "para qué fecha"),
        ({"kind": "agreement", "text": "Limpiar", "office": "DAOGA", "due": "24-12-2026"}, "fecha completa"),
        ({"kind": "declined", "text": "Un semáforo", "reason": ""}, "por qué no se aceptó"),
        ({"kind": "dissent", "text": " "}, "Escribe qué se dijo"),
        ({"kind": "gossip", "text": "x"}, "Elige una"),
    ],
)
def test_a_minute_that_lacks_something_is_refused(do, gathering, minute, sentence):
    do("open")
    with pytest.raises(RoomRefused, match=sentence):
        do("note", **minute)
    assert not gathering.minutes.exists()


def test_minutes_are_written_and_struck_until_the_acta_is_read(do, gathering):
    do("open")
    do("note", kind="agreement", text="Limpiar la plaza", office="DAOGA", due="2026-12-24")
    do("note", kind="dissent", text="El pasaje 3 quería la luminaria primero")
    minute = gathering.minutes.first()
    do("strike", minute=minute.pk)
    assert [each.kind for each in gathering.minutes.all()] == ["dissent"]


@pytest.mark.parametrize(("is_done", "status"), [(True, "verified"), (False, "in_progress")])
def test_the_room_verifies_or_sends_back_what_was_reported_done(do, reported, is_done, status):
    do("open")
    do("judge", issue=str(reported.pk), is_done=is_done, text="Falta la tapa")
    reported.refresh_from_db()
    assert reported.status == status


def test_sending_back_needs_a_word(do, reported):
    do("open")
    with pytest.raises(RoomRefused, match="qué falta"):
        do("judge", issue=str(reported.pk), is_done=False, text="")


@pytest.fixture
def turned_down(make_gathering, make_issue) -> Issue:
    """A problem of Norte that was closed as not feasible after the gathering before."""
    before = timezone.now() - dt.timedelta(days=30)
    make_gathering(number=50, starts_at=before, state="closed", closed_at=before)
    issue = make_issue(title="Semáforo nuevo")
    data = {"closing_kind": ClosingKind.NOT_FEASIBLE, "public_text": "No cabe en la calzada."}
    return move(issue, Change(to=Status.CLOSED, **data), actor=None, office="Tránsito")


def test_the_room_appeals_a_closing_once(client, do, gathering, turned_down, facilitator):
    do("open")
    client.force_login(facilitator)
    body = client.get(reverse("gathering-state", args=[gathering.pk])).json()["commitments"]
    assert [(line["title"], line["appealable"]) for line in body] == [("Semáforo nuevo", True)]
    with pytest.raises(RoomRefused, match="por qué el barrio apela"):
        do("appeal", issue=str(turned_down.pk), text=" ")
    do("appeal", issue=str(turned_down.pk), text="Hubo dos atropellos")
    turned_down.refresh_from_db()
    assert (turned_down.status, turned_down.appealed) == ("validated", True)
    with pytest.raises(RoomRefused, match="no está cerrado"):
        do("appeal", issue=str(turned_down.pk), text="Otra vez")
